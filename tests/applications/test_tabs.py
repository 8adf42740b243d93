"""Searched words stay in the addresses of the tabs, whatever is in them."""

from urllib.parse import parse_qs

import pytest

from applications.views.tabs import tab_rows


@pytest.mark.parametrize("words", ["王芳&tab=b", "a+b #1", "50%", "=？"])
def test_words_come_back_as_they_were_typed(words: str) -> None:
    rows = tab_rows({"a": "全部", "b": "办结"}, {"a": 1, "b": 0}, "a", words)
    asked = [parse_qs(row["url"].removeprefix("?"), strict_parsing=True) for row in rows]
    assert asked == [{"tab": ["a"], "q": [words]}, {"tab": ["b"], "q": [words]}]
    assert all(row["url"].isascii() and "#" not in row["url"] for row in rows)


def test_no_words_no_question() -> None:
    [row] = tab_rows({"a": "全部"}, {"a": 1}, "a")
    assert row["url"] == "?tab=a"
