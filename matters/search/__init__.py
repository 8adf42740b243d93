"""Finding matters by what people type: names, colloquial names, materials, departments, themes, codes, questions; as written, in
pinyin or initials, with a wrong character, in other words.

``text`` what a text is cut into, ``entry`` what a matter is found by, ``index`` the tables, ``question`` the words against the
sets, ``engine`` the finds, ``shown`` why, ``near`` and ``suggestions`` what was meant. See docs/decisions/0014.
"""

from matters.search.engine import FACETS, Found, Hit, Matters, find
from matters.search.spelling import spellings
from matters.search.suggestions import Answer, answer
from matters.search.text import words

__all__ = ["FACETS", "Answer", "Found", "Hit", "Matters", "answer", "find", "spellings", "words"]
