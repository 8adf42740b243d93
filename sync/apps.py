from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        """Register what is done with the reserved topics."""
        from sync import returned  # noqa: F401
