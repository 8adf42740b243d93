"""A receipt as a printed line: acknowledges exactly what it proves, and names the group that was mistyped."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from sync import batch_out, courier_state, keys, outbox, peers, status
from sync.models import Batch, Receipt, Stream
from sync.transports import paper, paper_code
from sync.transports.paper_code import ALPHABET, Mistyped
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")
SEED = 20261126
BYTES = st.binary(min_size=30, max_size=30)


@pytest.fixture
def sent(peer: Peer, tmp_path: Path) -> list[Batch]:
    batches = []
    for n in (1, 2, 3):
        outbox.record(TOPIC, "k:1", {"n": n})
        batches += batch_out.seal_all(tmp_path / "disk")
    return batches


@pytest.fixture
def theirs(peer: Peer, settings: Settings) -> Callable[..., str]:
    """The line that the peer would print for a batch of ours."""

    def line(batch: Batch, number: int = 1, chain: str = "", who: Peer = peer, **card: object) -> str:
        fields = paper._FIELDS.pack(
            paper.VERSION,
            batch.stream.epoch.bytes[:4],
            batch.seq.to_bytes(5),
            number.to_bytes(4),
            bytes.fromhex(chain or batch.chain_after)[:6],
        )
        assert who.recipient
        info = paper.CONTEXT + b"outer\0inner\0" + bytes.fromhex(who.keys.card.seal + who.recipient.seal)
        key = who.keys.agree(bytes.fromhex(who.recipient.seal), info)
        import hashlib
        import hmac

        mac = hmac.digest(key, paper.CONTEXT + batch.stream.epoch.bytes + fields, hashlib.sha256)[: paper.MAC]
        return paper_code.to_line(fields + mac)

    return line


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
    data = bytearray(paper_code.from_line(theirs(sent[0]), paper.LENGTH))
    data[9] += 1  # another batch number, with the right check symbols
    for line in (theirs(sent[2], who=stranger), paper_code.to_line(bytes(data))):
        with pytest.raises(paper.NotProven):
            paper.enter(line)
    assert status.outgoing().acknowledged == 0


def test_our_own_line_proves_nothing_here(sent: list[Batch], peer: Peer) -> None:
    peer.start(sent[0].stream.epoch)  # the same stream in both directions: only the direction differs
    open_one(peer.batch())
    with pytest.raises(paper.NotProven):
        paper.enter(paper.write().line)


def test_genuine_line_of_a_history_we_do_not_have_freezes(sent: list[Batch], theirs: Callable[..., str]) -> None:
    found = paper.enter(theirs(sent[2], chain="ab" * 32))
    assert (found.news, found.frozen) == (False, True)
    assert "备份" in Stream.objects.get(direction="out").frozen
    assert status.outgoing().acknowledged == 0


def test_we_print_what_the_peer_can_check(peer: Peer, settings: Settings) -> None:
    with pytest.raises(paper.NothingReceived):
        paper.write()
    open_one(peer.batch())
    open_one(peer.batch())
    written = paper.write()
    assert (written.seq, written.chain, written.stream) == (2, peer.chain.hex(), str(peer.stream))
    data = paper_code.from_line(written.line, paper.LENGTH)
    own = peers.site_keys().card
    info = paper.CONTEXT + b"inner\0outer\0" + bytes.fromhex(own.seal + peer.keys.card.seal)
    key = peer.keys.agree(bytes.fromhex(own.seal), info)
    import hashlib
    import hmac

    mac = hmac.digest(key, paper.CONTEXT + peer.stream.bytes + data[: -paper.MAC], hashlib.sha256)
    assert data[-paper.MAC :] == mac[: paper.MAC]


def test_commands(peer: Peer, sent: list[Batch], theirs: Callable[..., str], tmp_path: Path) -> None:
    assert "没有可以打印" in complaint("receipt_line")
    open_one(peer.batch())
    for name in ("page.svg", "code.png", "code.pdf"):
        code, text = run("receipt_line", "--to", tmp_path / name)
        assert code == 0
    line = text.splitlines()[1]
    assert json.loads(run("receipt_line", "--json")[1])["line"] == line
    page = (tmp_path / "page.svg").read_text()
    assert all(group in page for group in line.split("-"))
    assert "<path" in page
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    assert ".svg" in complaint("receipt_line", "--to", tmp_path / "x.doc")
    good = theirs(sent[0])
    assert "第 12 组" in complaint("enter_receipt", good[:-1] + ("0" if good[-1] != "0" else "1"))
    assert "第 1 批" in run("enter_receipt", *good.split("-"))[1]
    assert "没有改动" in run("enter_receipt", good)[1]
    assert run("enter_receipt", theirs(sent[1], number=2, chain="00" * 32))[0] == 3


@given(BYTES)
def test_line_is_lossless(data: bytes) -> None:
    line = paper_code.to_line(data)
    assert paper_code.from_line(line, 30) == data
    assert [len(group) for group in line.split("-")] == [5] * 12


@given(BYTES, st.integers(0, 11), st.integers(0, 4), st.integers(1, 31))
def test_every_wrong_symbol_is_found_in_its_group(data: bytes, group: int, at: int, shift: int) -> None:
    groups = paper_code.to_line(data).split("-")
    right = groups[group]
    wrong = ALPHABET[(ALPHABET.index(right[at]) + shift) % 32]
    groups[group] = right[:at] + wrong + right[at + 1 :]
    with pytest.raises(Mistyped, match=f"第 {group + 1} 组"):
        paper_code.from_line("-".join(groups), 30)


@given(BYTES, st.integers(0, 11), st.integers(0, 3))
def test_exchanged_neighbours_are_found(data: bytes, group: int, at: int) -> None:
    groups = paper_code.to_line(data).split("-")
    right = groups[group]
    if right[at] == right[at + 1]:
        return
    groups[group] = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    with pytest.raises(Mistyped, match=f"第 {group + 1} 组"):
        paper_code.from_line("-".join(groups), 30)


@given(BYTES, st.integers(0, 11), st.integers(0, 11))
def test_exchanged_groups_are_found(data: bytes, one: int, other: int) -> None:
    groups = paper_code.to_line(data).split("-")
    if one == other:
        return
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(Mistyped):
        paper_code.from_line("-".join(groups), 30)


def test_lost_and_foreign_symbols_are_named() -> None:
    print("seed", SEED)
    line = paper_code.to_line(random.Random(SEED).randbytes(30))
    groups = line.split("-")
    with pytest.raises(Mistyped, match=r"第 3 组.*应有 5 位，现在有 4 位"):
        paper_code.from_line("-".join([*groups[:2], groups[2][:4], *groups[3:]]), 30)
    with pytest.raises(Mistyped, match="共 60 位；现在有 55 位"):
        paper_code.from_line("-".join(groups[1:]), 30)
    with pytest.raises(Mistyped, match="第 2 组里的“U”"):
        paper_code.from_line("-".join([groups[0], "UUUUU", *groups[2:]]), 30)


def test_both_sides_derive_the_same_key(site: keys.SiteKeys, tmp_path: Path) -> None:
    other = Peer(tmp_path / "o", "outer").keys
    mine, theirs = bytes.fromhex(site.card.seal), bytes.fromhex(other.card.seal)
    assert site.agree(theirs, b"x") == other.agree(mine, b"x")
    assert site.agree(theirs, b"x") != site.agree(theirs, b"y")
