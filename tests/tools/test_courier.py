"""Carrying: whole files only, and each once."""

from pathlib import Path

from tools import courier, sites


def test_files_move_over_and_are_put_away(tmp_path: Path) -> None:
    outer, inner = sites.pair(tmp_path, 1, 2)
    outer.going_out.mkdir(parents=True)
    (outer.going_out / "b.zip").write_text("2")
    (outer.going_out / "a.zip").write_text("1")
    (outer.going_out / ".c.zip.part").write_text("half")
    assert courier.move(outer, inner) == ["a.zip", "b.zip"]
    assert courier.move(outer, inner) == []
    assert sorted(path.name for path in inner.coming_in.iterdir()) == ["a.zip", "b.zip"]
    courier.put_away(inner)
    assert sorted(path.name for path in (inner.coming_in / "done").iterdir()) == ["a.zip", "b.zip"]
