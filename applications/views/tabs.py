"""The tabs above a list, as ``components/tabs.html`` wants them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def tab_rows(
    titles: Mapping[str, str], counts: Mapping[str, int], current: str, words: str = ""
) -> list[dict[str, Any]]:
    """Each tab with how many it has and its address; ``words`` that were searched for stay in it."""
    query = f"&{urlencode({'q': words})}" if words else ""
    return [
        {"title": title, "url": f"?tab={key}{query}", "count": counts[key], "current": key == current}
        for key, title in titles.items()
    ]
