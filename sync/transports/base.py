"""What the courier expects of a way to the peer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sync.models import Batch
from sync.reasons import CannotProceed


class TransportFailed(CannotProceed):
    """The way to the peer does not work now; the text says why."""


class Transport(Protocol):
    """A way to the peer. Every method may raise OSError or CannotProceed: then it is tried again later."""

    @property
    def name(self) -> str:
        """The channel under which deliveries are noted."""

    def prepare(self) -> None:
        """Before anything is sent: see that the way is open, exchange receipts."""

    def send(self, batch: Batch, files: list[Path]) -> None:
        """Send some files of a batch, each wholly."""

    def arrived(self) -> Iterator[list[Path]]:
        """Whole files that came, in small groups."""

    def put_away(self, files: list[Path]) -> None:
        """Called when a group has been opened."""

    def keep_back(self, files: list[Path]) -> None:
        """Called with those of a group that could not be read: they stay, and are offered again when they change."""

    def complaints(self) -> list[str]:
        """Sentences that must be told once."""
