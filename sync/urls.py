"""Pages of the operator."""

from typing import Any

app_name = "sync"
urlpatterns: list[Any] = []
