"""A receipt as a printed line: acknowledges exactly what it proves, whichever key proves it."""

import hashlib
import hmac
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sync import batch_out, courier_state, keys, outbox, peers, status, suites
from sync.models import Batch, Receipt, Stream
from sync.transports import paper, paper_code, paper_proof
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")
MAC, SIGNATURE = 10, 64
LENGTHS = [30, 80]


@dataclass(frozen=True)
class FourCalls:
    """An encryption key in hardware: it unwraps, and can do nothing else."""

    key: suites.base.SealKey

    def id(self) -> str:
        return self.key.id()

    def public(self) -> bytes:
        return self.key.public()

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        return self.key.unwrap(wrapped, info)


@pytest.fixture(params=[("intl", False), ("intl", True), ("gm", True), ("clear", True)], ids=str)
def kind(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The suite of both sites, and whether the lines of the test are signed."""
    chosen: tuple[str, bool] = request.param
    return chosen


@pytest.fixture
def suite(kind: tuple[str, bool]) -> str:
    return kind[0]


@pytest.fixture
def sent(peer: Peer, tmp_path: Path) -> list[Batch]:
    batches = []
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n})
        batches += batch_out.seal_all(tmp_path / "disk")
    return batches


@pytest.fixture
def theirs(peer: Peer, kind: tuple[str, bool]) -> Callable[..., str]:
    """The line that the peer would print for a batch of ours, made as the format says and by nothing of the product."""

    def line(batch: Batch, number: int = 1, chain: str = "", who: Peer = peer) -> str:
        said = batch.seq.to_bytes(5), number.to_bytes(4), bytes.fromhex(chain or batch.chain_after)[:6]
        stream = batch.stream.epoch.bytes
        if kind[1]:
            fields = b"\x02" + b"".join(said)
            return paper_code.to_line(fields + who.keys.signer.sign(b"ZWFW-sync-paper-v2\0" + stream + fields))
        fields = b"\x01" + stream[:4] + b"".join(said)
        assert who.recipient
        return paper_code.to_line(fields + _mac(who, b"outer\0inner\0", who.keys.card, who.recipient, stream + fields))

    return line


def _mac(holder: Peer, names: bytes, writer: keys.Card, reader: keys.Card, message: bytes) -> bytes:
    other = reader if writer == holder.keys.card else writer
    info = b"ZWFW-sync-paper-v1\0" + names + bytes.fromhex(writer.seal + reader.seal)
    key = holder.keys.agree(bytes.fromhex(other.seal), info)
    return hmac.digest(key, b"ZWFW-sync-paper-v1\0" + message, hashlib.sha256)[:MAC]


def test_line_acknowledges_exactly_what_it_proves(sent: list[Batch], theirs: Callable[..., str]) -> None:
    found = paper.enter(theirs(sent[1]))
    assert (found.seq, found.rseq, found.news) == (2, 2, True)
    states = Batch.objects.order_by("seq").values_list("state", flat=True)
    assert list(states) == ["acknowledged", "acknowledged", "ready"]
    stream = Stream.objects.get(direction="out")
    assert (stream.acknowledged_seq, stream.acknowledged_rseq, stream.durable_seq) == (2, 2, 0)
    assert courier_state.figures().received_at
    assert Receipt.objects.count() == 0  # it says nothing of dead letters or versions: the last full receipt stays


def test_repeated_and_older_lines_change_nothing(sent: list[Batch], theirs: Callable[..., str]) -> None:
    paper.enter(theirs(sent[1], number=5))
    assert not paper.enter(theirs(sent[1], number=5)).news
    assert not paper.enter(theirs(sent[2], number=4)).news
    assert status.outgoing().acknowledged == 2


def test_spaces_case_and_lookalikes_do_not_matter(sent: list[Batch], theirs: Callable[..., str]) -> None:
    line = theirs(sent[2]).lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    assert paper.enter(line).seq == 3
    assert not paper.enter(theirs(sent[2]).replace("-", "")).news


def test_forged_line(sent: list[Batch], theirs: Callable[..., str], peer: Peer, tmp_path: Path) -> None:
    stranger = Peer(tmp_path / "stranger", "outer", peer.recipient)
    data = bytearray(paper_code.from_line(theirs(sent[0]), LENGTHS))
    data[9] += 1  # another number, with the right check symbols
    for line in (theirs(sent[2], who=stranger), paper_code.to_line(bytes(data))):
        with pytest.raises(paper_proof.NotProven):
            paper.enter(line)
    assert status.outgoing().acknowledged == 0


def test_our_own_line_proves_nothing_here(sent: list[Batch], peer: Peer, kind: tuple[str, bool]) -> None:
    peer.start(sent[0].stream.epoch)  # the same stream in both directions: only the direction differs
    open_one(peer.batch())
    with pytest.raises(paper_proof.NotProven):
        paper.enter(paper.write(signed=kind[1]).line)


def test_genuine_line_of_a_history_we_do_not_have_freezes(sent: list[Batch], theirs: Callable[..., str]) -> None:
    found = paper.enter(theirs(sent[2], chain="ab" * 32))
    assert (found.news, found.frozen) == (False, True)
    assert "备份" in Stream.objects.get(direction="out").frozen
    assert status.outgoing().acknowledged == 0


def test_line_of_an_older_stream_of_ours(sent: list[Batch], theirs: Callable[..., str]) -> None:
    Stream.objects.create(direction="out", epoch="00000000-0000-4000-8000-000000000000", current=False)
    assert paper.enter(theirs(sent[0])).seq == 1


def test_line_of_a_later_format_or_of_a_stream_that_is_not_ours(sent: list[Batch], theirs: Callable[..., str]) -> None:
    data = bytearray(paper_code.from_line(theirs(sent[0]), LENGTHS))
    data[0] = 3
    with pytest.raises(paper_proof.NotProven, match="格式版本"):
        paper.enter(paper_code.to_line(bytes(data)))
    line = theirs(sent[0])
    Stream.objects.filter(direction="out").update(epoch="00000000-0000-4000-8000-000000000000")
    with pytest.raises(paper_proof.NotProven, match="没有通过验证"):
        paper.enter(line)


def test_line_of_the_peers_earlier_key(
    sent: list[Batch], theirs: Callable[..., str], peer: Peer, tmp_path: Path
) -> None:
    line = theirs(sent[0])
    fresh = Peer(tmp_path / "fresh", "outer", peer.recipient, peer.keys.card.suite)
    peers.enrol(fresh.keys.card, fresh.keys.card.fingerprint, replace=True)
    with pytest.raises(paper_proof.NotProven):
        paper.enter(line)
    assert paper.enter(theirs(sent[0], who=fresh)).seq == 1


def test_we_print_what_the_peer_can_check(peer: Peer, kind: tuple[str, bool]) -> None:
    with pytest.raises(paper.NothingReceived):
        paper.write()
    open_one(peer.batch())
    open_one(peer.batch())
    written = paper.write(signed=kind[1])
    assert (written.seq, written.chain, written.stream) == (2, peer.chain.hex(), str(peer.stream))
    data = paper_code.from_line(written.line, LENGTHS)
    own, stream = peers.site_keys().card, peer.stream.bytes
    said = (2).to_bytes(5) + struct.pack(">I", written.number) + peer.chain[:6]
    if kind[1]:
        assert data[:-SIGNATURE] == b"\x02" + said
        message = b"ZWFW-sync-paper-v2\0" + stream + data[:-SIGNATURE]
        suites.named(kind[0]).verify(bytes.fromhex(own.sign), data[-SIGNATURE:], message)
    else:
        assert data[:-MAC] == b"\x01" + stream[:4] + said
        assert data[-MAC:] == _mac(peer, b"inner\0outer\0", own, peer.keys.card, stream + data[:-MAC])


def test_the_shortest_line_that_our_keys_can_make(peer: Peer, suite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one(peer.batch())
    assert len(paper.write().line.split("-")) == (12 if suite == "intl" else 32)
    site = peers.site_keys()
    if site.opener:
        monkeypatch.setattr(peers, "site_keys", lambda: replace(site, opener=FourCalls(site.opener)))
    assert len(paper.write().line.split("-")) == 32


@pytest.mark.parametrize("kind", [("intl", False)], ids=str)
def test_whoever_cannot_check_a_short_line_is_told_to_ask_for_a_long_one(
    sent: list[Batch], theirs: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line, site = theirs(sent[0]), peers.site_keys()
    assert site.opener
    monkeypatch.setattr(peers, "site_keys", lambda: replace(site, opener=FourCalls(site.opener)))
    with pytest.raises(keys.NoAgreement, match="--signed"):
        paper.enter(line)


def test_commands(
    peer: Peer, sent: list[Batch], theirs: Callable[..., str], tmp_path: Path, kind: tuple[str, bool]
) -> None:
    assert "没有可以打印" in complaint("receipt_line")
    open_one(peer.batch())
    for name in ("code.png", "code.pdf", "page.svg"):
        code, text = run("receipt_line", "--to", tmp_path / name)
        assert code == 0
    line = text.splitlines()[1]
    assert len(json.loads(run("receipt_line", "--json")[1])["line"]) == len(line)
    assert len(json.loads(run("receipt_line", "--json", "--signed")[1])["line"]) == 32 * 6 - 1
    page = (tmp_path / "page.svg").read_text()
    assert all(f">{group}<" in page for group in line.split("-"))
    assert "<path" in page
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    assert ".svg" in complaint("receipt_line", "--to", tmp_path / "x.doc")
    good = theirs(sent[0])
    assert f"第 {32 if kind[1] else 12} 组" in complaint("enter_receipt", good[:-1] + ("0" if good[-1] != "0" else "1"))
    assert "第 1 批" in run("enter_receipt", *good.split("-"))[1]
    assert "没有改动" in run("enter_receipt", good)[1]
    assert run("enter_receipt", theirs(sent[1], number=2, chain="00" * 32))[0] == 3


@pytest.mark.parametrize("kind", [("intl", False)], ids=str)
def test_both_sides_derive_the_same_key(site: keys.SiteKeys, tmp_path: Path) -> None:
    other = Peer(tmp_path / "o", "outer").keys
    mine, theirs = bytes.fromhex(site.card.seal), bytes.fromhex(other.card.seal)
    assert site.agree(theirs, b"x") == other.agree(mine, b"x")
    assert site.agree(theirs, b"x") != site.agree(theirs, b"y")
