"""Pages of officers."""

from typing import Any

urlpatterns: list[Any] = []
