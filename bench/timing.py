"""How the measurements are taken: in turns, so that a slow moment of the machine strikes both sides of a ratio alike."""

import socket
import statistics
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

Action = Callable[[], object]


def seconds(action: Action) -> float:
    """How long one run takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turns(actions: Mapping[str, Action], rounds: int = 7) -> dict[str, float]:
    """The median seconds of each action; every round runs each once. The first round warms up and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name, action in actions.items():
            spent = seconds(action)
            if number:
                taken[name].append(spent)
    return {name: statistics.median(values) for name, values in taken.items()}


def fetch_many(url: str, times: int, cookie: str = "") -> None:
    """GET a page ``times`` times over one kept-open connection, with a ``Cookie`` header if given; AssertionError when an
    answer is not 200.

    Raw sockets, because a client library would cost more than the page.
    """
    parts = urlsplit(url)
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = f"Host: {parts.netloc}\r\nAccept-Language: zh-CN\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
    request = f"GET {address} HTTP/1.1\r\n{headers}\r\n".encode()
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as connection:
        stream = connection.makefile("rb")
        for _ in range(times):
            connection.sendall(request)
            _read_answer(stream.readline, stream.read)


def _read_answer(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> None:
    status = readline()
    assert b" 200 " in status, status
    length, chunked = 0, False
    while (line := readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        chunked = chunked or (name.lower() == b"transfer-encoding" and b"chunked" in value)
    if not chunked:
        read(length)
        return
    while size := int(readline(), 16):
        read(size + 2)
    readline()
