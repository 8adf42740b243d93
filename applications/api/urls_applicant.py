"""Cases for applicants' programs."""

from typing import Any

urlpatterns: list[Any] = []
