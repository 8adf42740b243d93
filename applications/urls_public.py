"""Pages about cases that anyone may open."""

from typing import Any

urlpatterns: list[Any] = []
