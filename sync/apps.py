from importlib import import_module

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The exchange between the networks."""

    name = "sync"

    def ready(self) -> None:
        """Register the topics that the exchange itself uses, and the check of registered versions."""
        import_module("sync.rejections")
        import_module("sync.returned")
        import_module("sync.checks")
