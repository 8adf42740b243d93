"""Elapsed time for the courier: from a clock that only goes forward; the wall clock helps across a restart."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from sync import courier_state


class Timer:
    """Due when ``seconds`` have passed since the last reset; ``elapsed`` of them had passed before it was made."""

    def __init__(self, clock: Callable[[], float], seconds: float, elapsed: float | None) -> None:
        self._clock, self._seconds = clock, seconds
        self._start = clock() - (seconds if elapsed is None else min(elapsed, seconds))

    def due(self) -> bool:
        """Whether the time has passed."""
        return self._clock() - self._start >= self._seconds

    def reset(self) -> None:
        """Begin anew."""
        self._start = self._clock()


def since_last_sealed() -> float | None:
    """Seconds since a batch was sealed; None (which makes a heartbeat due) when that is unknown or in the future."""
    return _since(courier_state.figures().sealed_at)


def since_last_received() -> float:
    """Seconds since something came; 0 when that is unknown or in the future: a wrong clock alone raises no alarm."""
    since = _since(courier_state.figures().received_at)
    return 0.0 if since is None else since


def _since(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    seconds = (timezone.now() - moment).total_seconds()
    return seconds if seconds >= 0 else None
