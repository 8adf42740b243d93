import gc

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class HallConfig(AppConfig):
    name = "hall"

    def ready(self) -> None:
        """What is loaded by now stays for good: the collector of garbage need not look through it again and again."""
        gc.freeze()


class HallStaticFilesConfig(StaticFilesConfig):
    """Collects only what our pages use: compressing every variant of Bootstrap and htmx takes half a minute a site."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.rtl.*", "bootstrap-*", "bootstrap.css*", "bootstrap.js*", "bootstrap.min.js*", "bootstrap.esm*"),
        "bootstrap.bundle.js*",
        *("htmax-*", "htmx-4*", "htmx-2.js", "ext"),
        "rest_framework",
    ]
