"""A fixed window of tries."""

from unittest.mock import Mock

import pytest

from identity import rate


def test_the_limit_then_the_wait_then_a_new_window() -> None:
    assert [rate.hit("t", "key", limit=3, window=60, now=120.0 + n) for n in range(3)] == [0, 0, 0]
    assert rate.hit("t", "key", limit=3, window=60, now=130.0) == 51
    assert rate.hit("t", "key", limit=3, window=60, now=180.0) == 0


def test_keys_and_scopes_are_apart() -> None:
    assert rate.hit("a", "key", limit=1, now=0.0) == 0
    assert rate.hit("a", "other", limit=1, now=0.0) == 0
    assert rate.hit("b", "key", limit=1, now=0.0) == 0
    assert rate.hit("a", "key", limit=1, now=0.0) > 0


def test_what_was_typed_does_not_reach_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Mock(**{"get.return_value": None})
    monkeypatch.setattr(rate, "cache", cache)
    rate.hit("status-number", "519901202603020000017")
    assert cache.add.called
    assert "519901202603020000017" not in str(cache.mock_calls)
