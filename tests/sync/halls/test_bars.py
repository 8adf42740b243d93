"""Licences that were revoked, and those who may not apply again: known on both sides, whichever was restored."""

import pytest

from tests.sync.halls.drill import Drill


def lives(drill: Drill, refused: str) -> str:
    """One licence was got by fraud; another case, on the desk before, was refused for false materials, and its bar lifted again.

    The number of the first."""
    granted = drill.outer.act("file")
    drill.carry()
    drill.inner.act("grant", number=granted)
    drill.inner.act("end_licence", number=granted)
    drill.inner.act("bar", number=granted, ground="fraud")
    drill.inner.act("move", number=refused, action="refuse_intake", by="chenjing")
    drill.inner.act("bar", number=refused, ground="false_materials", lifted=True)
    drill.inner.act("render")
    drill.carry()
    return str(granted)


@pytest.mark.parametrize("side", ["outer", "inner"])
def test_a_hall_restored(drill: Drill, side: str) -> None:
    [site] = [one for one in drill.pair if one.side == side]
    refused = drill.outer.act("file")
    drill.carry()
    saved = site.save(drill.folder())
    granted = lives(drill, refused)
    before = drill.seen()
    assert all(shown["cases"][number]["bars"] for shown in before for number in (granted, refused))
    drill.put_back(site, saved)
    drill.whole(before)
