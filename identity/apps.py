from importlib import import_module

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People and departments."""

    name = "identity"
    verbose_name = "人员与部门"

    def ready(self) -> None:
        """Register the functions that apply arriving facts."""
        import_module("identity.sync_handlers")
