"""Push by volume: only what the peer lacks goes, and a broken file goes on where it stopped; its first bytes are not believed."""

import hashlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from sync import batch_file, half_files, keys
from sync.courier import Courier
from sync.models import Quarantine
from sync.transports import push_format
from sync.transports.http import Line
from tests.sync import several
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer
from tests.sync.push.parts import Numbers, Raw, There

pytestmark = pytest.mark.usefixtures("topic")


def hash_of(path: Path, signer: keys.Card) -> str:
    with path.open("rb") as handle:
        return batch_file.BatchFile(handle, [signer]).volume_hash


def break_off(raw: Raw, body: bytes, after: int, **fields: int) -> None:
    """The peer's connection ends after some bytes of the body."""
    parts = urlsplit(raw.here.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        head = f"POST {raw.here.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {raw.header(body, **fields)}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[:after])
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


# --- what comes


def test_answer_names_the_volumes_that_wait(line: Line, peer: Peer) -> None:
    paths = several.of_the_peer(peer)
    for path in (paths[2], paths[0], paths[2]):
        answer = line.post(path)
        assert answer.state == "partial"
    assert sorted(answer.volumes) == sorted(hash_of(paths[at], peer.keys.card) for at in (0, 2))
    assert line.post(paths[3]).state == "partial"
    last = line.post(paths[1])
    assert (last.state, last.volumes, rows()) == ("applied", [], ["k:1#1"])


def test_damaged_volume_is_refused_alone(line: Line, peer: Peer) -> None:
    paths = several.of_the_peer(peer)
    whole = several.damage(paths[1])
    states = [line.post(path).state for path in paths]
    assert states == ["partial", "refused", "partial", "partial"]
    assert len(line.ask().volumes) == 3
    paths[1].write_bytes(whole)
    assert line.post(paths[1]).state == "applied"


def test_half_a_volume_goes_on_at_its_offset(raw: Raw, line: Line, numbers: Numbers, peer: Peer) -> None:
    paths = several.of_the_peer(peer)
    body = paths[0].read_bytes()
    break_off(raw, body, 300_000)
    numbers.last = 1
    [half] = line.ask().halves
    assert (half.sha256, half.size) == (hashlib.sha256(body).hexdigest(), 300_000)
    rest = {"number": 3, "sha256": half.sha256, "size": len(body) - 300_000, "offset": 300_000}
    break_off(raw, body[300_000:], 100_000, **rest)  # and breaks off once more
    numbers.last = 3
    [half] = line.ask().halves
    assert half.size == 400_000
    header = raw.header(body[400_000:], number=5, sha256=half.sha256, offset=400_000)
    code, answer = raw.post(header, body[400_000:])
    assert answer
    assert (code, answer.state, answer.halves) == (200, "partial", [])


def test_line_sends_the_rest_only(raw: Raw, line: Line, numbers: Numbers, peer: Peer) -> None:
    path = peer.batch()
    break_off(raw, path.read_bytes(), 1000)
    numbers.last = 1
    halves = line.ask().halves
    sent = []
    exchange = line._exchange
    line._exchange = lambda *given: sent.append(given[1]) or exchange(*given)  # type: ignore[method-assign,func-returns-value]
    assert line.post(path, halves).state == "applied"
    assert sent == [path.stat().st_size - 1000]


def test_first_bytes_are_not_believed(raw: Raw, line: Line, numbers: Numbers, peer: Peer, data_dir: Path) -> None:
    path = peer.batch()
    break_off(raw, path.read_bytes(), 1000)
    [(name, _)] = half_files.kept()
    several.damage(data_dir / "batches" / "half" / f"{name}.half")
    numbers.last = 1
    answer = line.post(path, line.ask().halves)  # the rest, then everything
    assert (answer.state, answer.halves, rows()) == ("applied", [], ["k:1#1"])
    assert (numbers.last, Quarantine.objects.count()) == (4, 0)


def test_another_offset_than_what_is_here(raw: Raw, peer: Peer) -> None:
    body = peer.batch().read_bytes()
    break_off(raw, body, 1000)
    digest = hashlib.sha256(body).hexdigest()
    for number, offset in ((2, 999), (3, 1001)):
        rest = body[offset:]
        code, answer = raw.post(raw.header(rest, number=number, sha256=digest, offset=offset), rest)
        assert answer
        assert (code, answer.code, answer.halves[0].size) == (409, "wrong_offset", 1000)
    code, answer = raw.post(raw.header(b"x", number=4, sha256="0" * 64, offset=5), b"x")
    assert answer
    assert answer.code == "wrong_offset"
    assert rows() == []


def test_few_halves_are_kept(raw: Raw, peer: Peer) -> None:
    for number in range(1, 7):
        break_off(raw, bytes([number]) * 2000, 1000, number=number)
    kept = [hashlib.sha256(bytes([number]) * 2000).hexdigest() for number in (6, 5, 4, 3)]
    assert half_files.kept() == [(name, 1000) for name in kept]


def test_a_file_of_which_nothing_came_takes_no_half_away(raw: Raw, peer: Peer) -> None:
    """On a line that often breaks off at once, most of a large file would have to come again and again."""
    large = b"large" * 1000
    break_off(raw, large, 4000)
    for number in range(2, 8):
        break_off(raw, bytes([number]) * 2000, 0, number=number)
    assert half_files.kept() == [(hashlib.sha256(large).hexdigest(), 4000)]


def test_offset_counts_for_the_largest_size(raw: Raw, settings: Settings) -> None:
    settings.HALL_SYNC_PUSH_MAX_MB = 1
    code, answer = raw.post(raw.header(b"x", offset=1024 * 1024), b"x")
    assert answer
    assert (code, answer.code) == (413, "too_large")


# --- what goes


@pytest.fixture(autouse=True)
def small(settings: Settings) -> None:
    settings.HALL_BATCH_VOLUME_MB = 2


def test_volumes_that_wait_at_the_peer_do_not_go(carrier: Courier, there: There, site: keys.SiteKeys) -> None:
    paths = [Path(volume.file_path) for volume in several.seal().volumes.order_by("vol")]
    there.answer = push_format.Answer(volumes=[hash_of(paths[at], site.card) for at in (0, 3)])
    assert carrier.round() == ""
    assert there.files == [paths[at].read_bytes() for at in (1, 2)]


def test_a_lost_volume_alone_goes_again(carrier: Courier, there: There, peer: Peer) -> None:
    batch = several.seal()
    carrier.round()
    first, there.files = there.files, []
    body = peer.receipt(str(batch.stream.epoch), number=1, missing_volumes=[[1, 3, 3]])
    open_one(peer.batch([], receipts=[body]))
    assert carrier.round() == ""
    assert there.files[:1] == first[2:3]
    assert len(there.files) == 1


def test_goes_on_behind_the_half_that_the_peer_has(carrier: Courier, there: There) -> None:
    volumes = list(several.seal().volumes.order_by("vol"))
    there.answer = push_format.Answer(halves=[push_format.Half(sha256=volumes[1].sha256, size=700_000)])
    assert carrier.round() == ""
    whole = [Path(volume.file_path).read_bytes() for volume in volumes]
    assert there.files == [whole[0], whole[1][700_000:], whole[2], whole[3]]
