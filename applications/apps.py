from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "办件"

    def ready(self) -> None:
        """Register what is done with arriving facts, and a check of the catalogue."""
        from applications import evidence_handlers, form_checks, licence_handlers, sync_handlers  # noqa: F401
        from applications.counter import handlers  # noqa: F401
        from applications.joint import sync_handlers as joint_handlers  # noqa: F401
        from applications.ratings import sync_handlers as rating_handlers  # noqa: F401
        from applications.restored import common, inner, outer, waiting  # noqa: F401
        from applications.talking import booking_handlers  # noqa: F401
        from applications.talking import sync_handlers as talking_handlers  # noqa: F401
