"""Cases that were filed at a window, corrected and taken back there, and the appointments for it."""

from tests.sync.halls.drill import Drill


def lives(drill: Drill, draft: str) -> None:
    """One case is corrected at the window and granted, another is taken back in person, online ones are helped there."""
    outer, inner = drill.pair
    granted, withdrawn = inner.act("file_at_window", uid=draft), inner.act("file_at_window")
    online = outer.act("file")
    drill.carry()
    for number in (granted, online):
        inner.act("move", number=number, action="ask_correction", by="chenjing")
        inner.act("ask_at_window", number=number, action="supplement")
    inner.act("ask_at_window", number=withdrawn, action="withdraw")
    inner.act("grant", number=granted)
    outer.act("book", number=online)
    inner.act("open_counter")
    drill.carry(2)
    inner.act("attend", number=online)
    inner.act("render")
    drill.carry()


def test_the_inner_hall_restored(drill: Drill) -> None:
    draft = drill.inner.act("begin_at_window")
    saved = drill.inner.save(drill.folder())
    lives(drill, draft)
    before, counted = drill.seen(), drill.inner.act("counters")
    drill.put_back(drill.inner, saved)
    drill.whole(before)
    assert drill.inner.act("counters") == counted
    assert drill.inner.act("file_at_window") not in before[1]["cases"]


def test_the_outer_hall_restored(drill: Drill) -> None:
    draft = drill.inner.act("begin_at_window")
    saved = drill.outer.save(drill.folder())
    lives(drill, draft)
    before = drill.seen()
    drill.put_back(drill.outer, saved)
    drill.whole(before)
