"""Joint cases: filed outside, handled inside one stage after the other, given more time."""

from tests.sync.halls.drill import Drill


def lives(drill: Drill, draft: str) -> None:
    """One package goes its whole way; another, whose draft nobody has kept, has just been filed."""
    outer, inner = drill.pair
    number, food, fire = outer.act("file_package", uid=draft)
    outer.act("file_package")
    drill.carry()
    inner.act("move", number=food, action="accept", by="chenjing")
    inner.act("extend", number=number)
    for action, by in (("pass_on", "chenjing"), ("pass_on", "liuyang"), ("grant", "sunli")):
        inner.act("move", number=food, action=action, by=by)
    inner.act("tick")  # the turn of the second stage has come
    inner.act("move", number=fire, action="accept", by="fengtao")
    inner.act("render")
    drill.carry()


def test_the_outer_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin_package")
    saved = drill.outer.save(drill.folder())
    lives(drill, draft)
    before = drill.seen()
    assert len(before[0]["joint cases"]) == 2
    drill.put_back(drill.outer, saved)
    drill.whole(before)
    again = drill.outer.act("file_package")
    assert not {*again} & {*before[0]["cases"], *before[0]["joint cases"]}


def test_the_inner_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin_package")
    saved = drill.inner.save(drill.folder())
    lives(drill, draft)
    before = drill.seen()
    drill.put_back(drill.inner, saved)
    drill.whole(before)


def test_the_inner_hall_restored_to_before_more_time_was_given(drill: Drill) -> None:
    """The joint case is in the backup; what was done for it afterwards is not."""
    draft = drill.outer.act("begin_package")
    number, food, _ = drill.outer.act("file_package", uid=draft)
    drill.carry()
    drill.inner.act("move", number=food, action="accept", by="chenjing")
    saved = drill.inner.save(drill.folder())
    drill.inner.act("extend", number=number)
    drill.carry()
    before = drill.seen()
    assert "需要专家论证" in before[0]["joint cases"][number]["dates"]
    drill.put_back(drill.inner, saved)
    drill.whole(before)
