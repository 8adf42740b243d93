"""The ways that the settings name."""

from pathlib import Path

from django.conf import settings

from sync import courier_state, peers
from sync.reasons import CannotProceed
from sync.transports import http
from sync.transports.base import Transport
from sync.transports.folder import FolderPair


class NoTransport(CannotProceed):
    """Nothing is configured."""


def transports(source: Path | None, target: Path | None) -> list[Transport]:
    """The folder pair given or configured, the address to push to; NoTransport when there is neither.

    Empty for a site that is only pushed to: its courier has nothing to carry, but notices when the peer falls silent.
    """
    found: list[Transport] = []
    source, target = source or settings.HALL_SYNC_IN_DIR, target or settings.HALL_SYNC_OUT_DIR
    if (source is None) != (target is None):
        raise NoTransport(
            "接收文件夹和送出文件夹要同时给出（--from 和 --to，或 HALL_SYNC_IN_DIR 和 HALL_SYNC_OUT_DIR）。"
        )
    if source and target:
        pair = FolderPair(Path(source).resolve(), Path(target).resolve())
        pair.make()
        found.append(pair)
    if settings.HALL_SYNC_PUSH_URL:
        found.append(http.Push(push_line()))
    if not found and not settings.HALL_SYNC_PUSH_ACCEPT:
        raise NoTransport(
            "没有可用的通道。请用 --from 和 --to 指出摆渡文件夹，或设置 HALL_SYNC_IN_DIR、HALL_SYNC_OUT_DIR、HALL_SYNC_PUSH_URL。"
        )
    return found


def push_line() -> http.Line:
    """The line to the address of the settings. The endpoint is /sync/push/ below it."""
    secure = settings.HALL_SYNC_PUSH_URL.startswith("https:")
    tls = http.tls_context(_file("CA"), _file("CERT"), _file("KEY")) if secure else None
    endpoint = http.Endpoint(f"{settings.HALL_SYNC_PUSH_URL}/sync/push/", settings.HALL_SYNC_PUSH_SECONDS, tls)
    return http.Line(
        endpoint,
        peers.site_keys(),
        peers.peer_card(),
        number=courier_state.next_push_number,
        skip_to=courier_state.raise_push_number,
    )


def _file(which: str) -> Path | None:
    value = getattr(settings, f"HALL_SYNC_PUSH_{which}")
    return Path(value) if value else None
