"""What the editor says about one field."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Word:
    """Label, help and example of a field, and how it is asked for where its type does not say.

    ``offer`` names what the site or the draft itself can offer (matters.editing.offers); ``is_closed`` takes nothing else.
    Of lists: ``row`` names one entry, ``title`` is the key that names it, ``none`` the words for saying that there are
    none, ``more`` the words beside free entries. ``fresh`` begins the keys that the site makes up.
    """

    label: str
    help: str = ""
    example: str = ""
    is_long: bool = False
    is_rare: bool = False
    is_asked: bool = False
    is_fixed: bool = False
    offer: str = ""
    is_closed: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    row: str = ""
    title: str = ""
    none: str = ""
    more: str = ""
    fresh: str = ""
