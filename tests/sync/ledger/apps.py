"""Registers the handler as the hall's apps do."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The app."""

    name = "tests.sync.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let arriving facts find their handler."""
        from tests.sync.ledger import handlers  # noqa: F401
