from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "办件"

    def ready(self) -> None:
        from applications import sync_handlers  # noqa: F401  registers what is done with arriving facts
