"""Pages of applicants."""

from typing import Any

urlpatterns: list[Any] = []
