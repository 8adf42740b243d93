"""The access table is whole: every route has a row, every row a route, on the two sides together."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.urls import URLPattern, URLResolver

from hall import access


def routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry.url_patterns, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def all_routes(side: str) -> set[str]:
    return set(routes(import_module(f"hall.urls_{side}").urlpatterns))


@pytest.mark.parametrize("side", ["outer", "inner"])
def test_every_route_has_a_row(side):
    assert all_routes(side) - set(access.ROUTES) == set()


def test_every_row_has_a_route():
    assert set(access.ROUTES) - all_routes("outer") - all_routes("inner") == set()


def test_every_audience_is_known():
    known = {access.PUBLIC, access.VISITOR, access.APPLICANT, access.STAFF, access.OPERATOR, access.MEMBER}
    assert set(access.ROUTES.values()) <= known


def test_nobody_can_sign_up_inside():
    assert "account_signup" in all_routes("outer")
    assert "account_signup" not in all_routes("inner")
