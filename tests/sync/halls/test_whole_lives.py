"""Everything that happens to cases in one afternoon, on both sides, and one of them or both put back to the morning."""

from tests.sync.halls.drill import Drill, Seen


def lives(drill: Drill, draft: str) -> list[str]:
    """Everything that happens to cases in one afternoon; their numbers."""
    outer, inner = drill.pair
    corrected, granted = outer.act("file", uid=draft), outer.act("file", postal=True)
    withdrawn, fresh = outer.act("file"), outer.act("file")
    drill.carry()
    inner.act("move", number=corrected, action="ask_correction", by="chenjing")
    inner.act("answer", number=corrected, text="请尽快补正。")
    drill.carry()
    outer.act("write", number=corrected, text="已经补正，见附件。")
    outer.act("ask", number=corrected, action="supplement")
    outer.act("ask", number=withdrawn, action="withdraw")
    outer.act("book", number=granted)
    drill.carry()
    for action, by in (
        ("accept", "chenjing"),
        ("pass_on", "chenjing"),
        ("pass_on", "liuyang"),
        ("grant", "sunli"),
    ):
        inner.act("move", number=granted, action=action, by=by)
    parcel = {"method": "邮寄送达", "carrier": "中国邮政 EMS", "tracking": "EX123456789CN"}
    inner.act("move", number=granted, action="deliver", by="chenjing", **parcel)
    inner.act("move", number=granted, action="close", by="chenjing")
    inner.act("render")
    drill.carry()
    outer.act("rate", number=granted, grade=5)
    drill.carry()
    inner.act("answer_rating", number=granted, text="已经改正。")
    drill.carry()
    return [corrected, granted, withdrawn, fresh]


def test_the_outer_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin")
    saved = drill.outer.save(drill.folder())
    numbers = lives(drill, draft)
    before, counted = drill.seen(), drill.outer.act("counters")
    drill.outer.load(saved)
    drill.begin(drill.outer)
    early = drill.outer.act("file")  # before anything has come back
    assert early not in numbers
    drill.give_back(drill.outer)
    drill.whole(_and(drill, before, early))
    assert drill.outer.act("file") not in {*numbers, early}
    assert drill.outer.act("counters")["applications"][0][2] > counted["applications"][0][2]


def test_the_outer_hall_restored_twice_on_one_day(drill: Drill) -> None:
    """The same backup again, before and after the peer has given back what was lost."""
    saved = drill.outer.save(drill.folder())
    numbers = [drill.outer.act("file")]
    for is_carried in (False, True, True):
        if is_carried:
            drill.carry(2)
        drill.outer.load(saved)
        drill.begin(drill.outer)
        numbers.append(drill.outer.act("file"))
    assert len(set(numbers)) == len(numbers)


def test_the_inner_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin")
    saved = drill.inner.save(drill.folder())
    lives(drill, draft)
    before, counted = drill.seen(), drill.inner.act("counters")
    drill.inner.load(saved)
    drill.begin(drill.inner)
    drill.inner.act("tick")  # nothing is decided while the decisions are on their way back
    drill.give_back(drill.inner)
    drill.whole(before)
    assert drill.inner.act("counters") == counted
    fresh = drill.outer.act("file")
    drill.carry(2)
    assert drill.inner.act("seen")["cases"][fresh]["state"][0] == "RECEIVED"


def test_both_halls_restored(drill: Drill) -> None:
    """The outer one further back: it gets its own back from the inner one, and the inner one what is outside."""
    draft = drill.outer.act("begin")
    saved = [drill.outer.save(drill.folder())]
    numbers = lives(drill, draft)
    saved.append(drill.inner.save(drill.folder()))
    before = drill.seen()
    lost = drill.outer.act("file")
    drill.carry(2)
    drill.outer.load(saved[0])
    drill.inner.load(saved[1])
    drill.begin(drill.outer)
    drill.begin(drill.inner)
    drill.carry(2)
    drill.whole(before)
    assert lost not in drill.outer.act("seen")["cases"]  # what both have forgotten is nowhere
    assert drill.outer.act("file") not in numbers


def _and(drill: Drill, before: list[Seen], early: str) -> list[Seen]:
    """What was seen before, and a case that was filed since."""
    drill.carry(2)
    for site, shown in zip(drill.pair, before, strict=True):
        shown["cases"][early] = site.act("seen")["cases"][early]
    return before
