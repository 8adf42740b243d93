from importlib import import_module

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "matters"
    verbose_name = "事项目录"

    def ready(self) -> None:
        """Register what this app does with arriving facts, and what its nightly check looks for."""
        import_module("matters.sync_handlers")
        import_module("matters.joint.sync_handlers")
        import_module("matters.datasets.sync_handlers")
        import_module("matters.nightly_checks")
        import_module("matters.word_handlers")
        import_module("matters.restorers")
