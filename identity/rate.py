"""How often something may be tried: a fixed window over the cache that all web processes share.

``cache.incr`` of Django's database cache is a read and a write and renews the time-out, so each try takes a slot of its own
by ``cache.add``, which is atomic on every backend.
"""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 10
WINDOW = 600  # seconds


def hit(scope: str, key: str, *, limit: int = LIMIT, window: int = WINDOW, now: float | None = None) -> int:
    """Count one try of ``key``. 0 when it is within ``limit`` tries a ``window``, otherwise the seconds to wait."""
    now = time.time() if now is None else now
    period = int(now // window)
    name = hashlib.sha256(f"{scope}:{key}".encode()).hexdigest()  # a number typed by a person stays out of the cache
    slots = [f"rate:{name}:{period}:{number}" for number in range(limit)]
    if cache.get(slots[-1]) is None and any(cache.add(slot, 1, timeout=window) for slot in slots):
        return 0
    return int((period + 1) * window - now) + 1


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, seen past the trusted proxies (HALL_TRUSTED_PROXIES)."""
    return str(get_adapter().get_client_ip(request))
