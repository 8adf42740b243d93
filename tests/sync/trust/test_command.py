"""apply_trust, as an operator runs it."""

import json
from pathlib import Path

import pytest

from sync import (
    intake,
    trust_files,
)
from sync.models import Quarantine
from tests.sync.conftest import open_one
from tests.sync.stolen import Victim
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")


def test_command(one: Victim, tmp_path: Path) -> None:
    file = tmp_path / "outer.trust"
    assert "不存在" in complaint("apply_trust", file)
    file.write_bytes(one.trust())
    code, text = run("apply_trust", file)
    assert (code, "第 1 版" in text, one.stolen.card.sign_id in text) == (0, True, True)
    assert "没有改动" in run("apply_trust", file)[1]
    file.write_bytes(one.trust(2, revoked=[one.revoked()]))
    assert json.loads(run("apply_trust", file, "--json")[1])["version"] == 2
    file.write_bytes(one.trust(1))
    code, text = run("apply_trust", file)
    assert (code, "旧" in text) == (3, True)
    assert Quarantine.objects.get().code == "old_trust"
    assert not file.exists()
    big = tmp_path / "big"
    big.write_bytes(b"0" * (trust_files.LARGEST + 1000))
    assert json.loads(run("apply_trust", big, "--json")[1])["code"] == "too_large"


def test_command_tells_of_forgeries(one: Victim, tmp_path: Path) -> None:
    intake.open_path(one.peer.batch())
    one.peer.batch()
    open_one(one.peer.batch())
    file = tmp_path / "outer.trust"
    file.write_bytes(one.trust(revoked=[one.revoked(from_seq=1)]))
    text = run("apply_trust", file)[1]
    assert "第 1 批是伪造的" in text
    assert "等待中的 1 个文件" in text
