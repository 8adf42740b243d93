"""The demo's accounts, shown on the log-in page of a demo site and of no other.

The demo loader writes ``HALL_DATA_DIR/demo_accounts.json``: a list of ``{"username", "password", "who"}``.
"""

import json

from django.conf import settings


def demo_accounts() -> list[dict[str, str]]:
    """The accounts to show; none unless HALL_DEMO is on and the demo has been loaded."""
    path = settings.HALL_DATA_DIR / "demo_accounts.json"
    if not settings.HALL_DEMO or not path.is_file():
        return []
    accounts: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return accounts
