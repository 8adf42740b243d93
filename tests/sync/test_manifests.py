"""Manifests signed by the right sender, but wrong in themselves."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sync import batch_file, canonical, container, envelope, manifest
from sync.reasons import Refused
from sync.suites.intl import Intl
from tests.sync.peer import Peer, line, name_of, read


@pytest.fixture
def ends(tmp_path: Path) -> tuple[Peer, Peer]:
    receiver = Peer(tmp_path / "inner", "inner")
    return Peer(tmp_path / "outer", "outer", receiver.keys.card), receiver


def reason(path: Path, ends: tuple[Peer, Peer]) -> str:
    with pytest.raises(Refused) as caught:
        read(path, ends[0].keys.card, ends[1].keys)
    return caught.value.code


def signed_again(path: Path, sender: Peer, which: str, change: Any) -> Path:
    """The same file with one manifest changed (a function on its fields, or bytes) and signed by its sender."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in container.MEMBERS}
    old = members[f"{which}.json"]
    members[f"{which}.json"] = change if isinstance(change, bytes) else canonical.encode(change(json.loads(old)))
    context = envelope.VOLUME_CONTEXT if which == "volume" else envelope.BATCH_CONTEXT
    members[f"{which}.sig"] = sender.keys.sign(context, members[f"{which}.json"])
    target = path.with_name("signed-again.zip")
    with target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [members[name]])
        writer.close()
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"format": "zwfw-sync/2"},
        {"seq": 0},
        {"seq": "1"},
        {"seq": True},
        {"stream": "x"},
        {"vol": 2},
        {"last": False},
        {"size": -1},
        {"sha256": "A" * 64},
        {"sender_key": "0" * 15},
    ],
)
def test_volume_out_of_shape(change: dict[str, Any], ends: tuple[Peer, Peer]) -> None:
    path = signed_again(ends[0].batch(), ends[0], "volume", lambda fields: fields | change)
    assert reason(path, ends) in ("bad_manifest", "mixed")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"x" * 100, b'{"a":1,"a":1}', b"[" * 100_000])
@pytest.mark.parametrize("which", ["volume", "batch"])
def test_no_manifest_at_all(which: str, data: bytes, ends: tuple[Peer, Peer]) -> None:
    assert reason(signed_again(ends[0].batch(), ends[0], which, data), ends) == "bad_manifest"


@pytest.mark.parametrize("name", sorted(manifest.Batch.model_fields))
def test_batch_without_a_field(name: str, ends: tuple[Peer, Peer]) -> None:
    def drop(fields: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in fields.items() if key != name}

    path = signed_again(ends[0].batch(), ends[0], "batch", drop)
    assert reason(path, ends) == "bad_manifest"


def test_content_root_that_is_not_the_contents(ends: tuple[Peer, Peer]) -> None:
    assert reason(ends[0].batch(content_root="0" * 64), ends) == "bad_manifest"


@pytest.mark.parametrize(
    "change",
    [
        {"prev": "0" * 64},
        {"kinds": []},
        {"kinds": [{"topic": "ledger.noted", "version": 1, "count": 2}]},
        {"rseq_last": 0},
        {"rseq_first": 5},
    ],
)
def test_batch_that_contradicts_itself(change: dict[str, Any], ends: tuple[Peer, Peer]) -> None:
    assert reason(ends[0].batch(**change), ends) == "bad_manifest"


def test_second_batch_names_the_first(ends: tuple[Peer, Peer]) -> None:
    ends[0].batch()
    assert reason(ends[0].batch(prev=""), ends) == "bad_manifest"


def test_two_files_of_one_batch_cannot_be_mixed(ends: tuple[Peer, Peer]) -> None:
    """Same place, same content, another ciphertext: ``batch.json`` belongs to one ``volume.json`` only."""
    first = ends[0].batch(name="first.zip", keep_heads=True)
    second = ends[0].batch(name="second.zip")
    target = first.with_name("mixed.zip")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [(b if name.startswith("batch") else a).read(name)])
        writer.close()
    assert reason(target, ends) == "mixed"


@pytest.mark.parametrize(
    "other", [{"stream": "00000000-0000-4000-8000-000000000001"}, {"seq": 7}, {"sender": "inner"}, {"recipient": "x"}]
)
def test_batch_of_another_place_than_its_volume(other: dict[str, Any], ends: tuple[Peer, Peer]) -> None:
    """Its list of volumes is right, and both are signed."""
    changed = signed_again(ends[0].batch(), ends[0], "batch", lambda fields: fields | other)
    assert reason(changed, ends) == "mixed"


def test_batch_that_lists_more_volumes_than_its_last_one_counts(ends: tuple[Peer, Peer]) -> None:
    longer = signed_again(
        ends[0].batch(), ends[0], "batch", lambda fields: fields | {"volumes": ["0" * 64, *fields["volumes"]]}
    )
    assert reason(longer, ends) == "mixed"


@pytest.mark.parametrize("other", [{"sender": "third"}, {"sender_key": "0" * 16}])
def test_volume_in_the_name_of_another_key(other: dict[str, Any], ends: tuple[Peer, Peer]) -> None:
    """Signed by the sender himself: what is kept of a batch must name the key that vouches for it."""
    path = signed_again(ends[0].batch(), ends[0], "volume", lambda fields: fields | other)
    with zipfile.ZipFile(path) as archive:
        new = archive.read("volume.json")
    matching = signed_again(path, ends[0], "batch", lambda fields: fields | {"volumes": [name_of(new)]})
    assert reason(matching, ends) == "wrong_sender"


def test_signed_length_differs(ends: tuple[Peer, Peer]) -> None:
    sender, path = ends[0], ends[0].batch()
    with zipfile.ZipFile(path) as archive:
        volume = json.loads(archive.read("volume.json"))
    changed = signed_again(path, sender, "volume", lambda fields: fields | {"size": volume["size"] + 1})
    with zipfile.ZipFile(changed) as archive:
        new = archive.read("volume.json")
    matching = signed_again(changed, sender, "batch", lambda fields: fields | {"volumes": [name_of(new)]})
    assert reason(matching, ends) == "data_hash"


def test_attachments_that_are_not_those_described(ends: tuple[Peer, Peer], tmp_path: Path) -> None:
    from sync import verify

    claimed = {"count": 1, "bytes": 1, "root": "0" * 64}
    path = ends[0].batch([line(1)], claimed_blobs=claimed)
    known = verify.Known([ends[0].keys.card], ends[1].keys)
    assert verify.examine(path, known).code == "content_mismatch"


def test_inner_header_of_another_batch(ends: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can sign another's ciphertext as his own: the plaintext repeats where it belongs."""
    with monkeypatch.context() as other:
        other.setattr(batch_file, "_header", lambda *_: b"{}")
        path = ends[0].batch()
    assert reason(path, ends) == "mixed"


def test_key_wrapped_for_another_place(ends: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(batch_file, "_info", lambda *_: b"elsewhere")
        path = ends[0].batch()
    assert reason(path, ends) == "cannot_decrypt"


def test_data_names_another_recipient(ends: tuple[Peer, Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    path = ends[0].batch()
    real = Intl.read_wrapped
    monkeypatch.setattr(Intl, "read_wrapped", lambda suite, header: (b"12345678", real(suite, header)[1]))
    assert reason(path, ends) == "wrong_recipient"
