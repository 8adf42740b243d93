"""Cases for any program."""

from typing import Any

urlpatterns: list[Any] = []
