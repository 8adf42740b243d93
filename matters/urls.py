"""Pages of the catalogue."""

from typing import Any

app_name = "matters"
urlpatterns: list[Any] = []
