"""Licences that were renewed and changed after their grant: every case about them finds its licence again."""

import pytest

from tests.sync.halls.drill import Drill


def lives(drill: Drill, granted: str) -> None:
    """A licence is changed, then renewed; each has a new face."""
    for purpose in ("change", "renewal"):
        number = drill.outer.act("file_about", number=granted, purpose=purpose)
        drill.carry()
        drill.inner.act("grant", number=number)
        drill.carry()


@pytest.mark.parametrize("side", ["outer", "inner"])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_hall_restored(drill: Drill, side: str, is_known: bool) -> None:
    """The backup holds the grant, or nothing of it; the register of licences is whole on the outer side as well."""
    [site] = [one for one in drill.pair if one.side == side]
    before_the_grant = site.save(drill.folder())
    granted = drill.outer.act("file")
    drill.carry()
    drill.inner.act("grant", number=granted)
    drill.carry()
    saved = site.save(drill.folder()) if is_known else before_the_grant
    lives(drill, granted)
    before = drill.seen()
    assert [shown["cases"][granted]["licence"]["is"][2:4] for shown in before] == [["王芳芳", "3"]] * 2
    drill.put_back(site, saved)
    drill.inner.act("tick")
    drill.whole(before)
