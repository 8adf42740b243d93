"""Building the demo: an interrupted build leaves no half site, one launcher at a time."""

from pathlib import Path

import pytest

from tools import demo_data, demo_lock, demo_reset, sites
from tools.sites import CommandFailed


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HALL_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def quick_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building makes two empty folders."""

    def build(both: demo_data.Sites, steps: list[demo_data.Step] | None = None) -> None:
        for site in both:
            site.folder.mkdir(parents=True)

    monkeypatch.setattr(demo_data, "build", build)


def test_both_sites_are_built_beside_and_moved_into_place(root: Path, quick_build: None) -> None:
    assert demo_data.ensure(root)
    assert sorted(path.name for path in root.iterdir() if path.is_dir()) == ["inner", "outer"]


def test_interrupted_build_is_thrown_away(root: Path, quick_build: None) -> None:
    (root / ".building" / "outer" / "half").mkdir(parents=True)
    assert demo_data.ensure(root)
    assert not (root / "outer" / "half").exists()


def test_interrupted_move_is_finished(root: Path, quick_build: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_data, "_update", lambda both: None)
    (root / "outer").mkdir()
    (root / ".building" / "inner").mkdir(parents=True)
    (root / ".building" / demo_data.WHOLE).touch()
    assert not demo_data.ensure(root)
    assert (root / "inner").is_dir()
    assert not (root / ".building").exists()


def test_one_lost_site_is_not_replaced_silently(root: Path, quick_build: None) -> None:
    (root / "outer").mkdir()
    with pytest.raises(CommandFailed, match="只有一个站点"):
        demo_data.ensure(root)


def test_second_launcher_is_refused(root: Path) -> None:
    with demo_lock.hold(root), pytest.raises(demo_lock.DemoBusy, match="正在运行"), demo_lock.hold(root):
        pass


def test_reset_removes_the_sites_and_nothing_else(root: Path) -> None:
    for name in ("outer", "inner", "mine"):
        (root / name).mkdir()
    assert demo_reset.main() == 0
    assert [path.name for path in root.iterdir() if path.is_dir()] == ["mine"]


def test_reset_is_refused_while_the_demo_runs(root: Path) -> None:
    (root / "outer").mkdir()
    with demo_lock.hold(root):
        assert demo_reset.main() == 1
    assert (root / "outer").exists()


def test_failing_command_tells_what_it_printed(tmp_path: Path) -> None:
    outer, _ = sites.pair(tmp_path, 1, 2)
    with pytest.raises(CommandFailed, match="no_such_command"):
        outer.manage("no_such_command")
