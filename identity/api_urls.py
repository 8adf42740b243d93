"""Tokens for programs."""

from typing import Any

urlpatterns: list[Any] = []
