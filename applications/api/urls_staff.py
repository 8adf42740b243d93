"""Cases for officers' programs."""

from typing import Any

urlpatterns: list[Any] = []
