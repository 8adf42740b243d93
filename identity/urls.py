"""Pages about accounts."""

from typing import Any

app_name = "identity"
urlpatterns: list[Any] = []
