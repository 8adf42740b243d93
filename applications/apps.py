from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "办件"

    def ready(self) -> None:
        """Register what is done with arriving facts, and a check of the catalogue."""
        from applications import evidence_handlers, form_checks, sync_handlers  # noqa: F401
