"""The record of acts after a restoration: nobody is accused, and what is new says why."""

from pathlib import Path

from tests.sync.halls.drill import Drill
from tests.sync.sites import LedgerSite


def lives(drill: Drill) -> str:
    """Cases of every kind, with seals of both sides that have seen each other; the number of one that goes on."""
    outer, inner = drill.pair
    number = outer.act("file")
    outer.act("file_package")
    inner.act("file_at_window")
    drill.carry()
    inner.act("move", number=number, action="accept", by="chenjing")
    inner.act("answer", number=number, text="已经受理。")
    _seal(drill)
    inner.act("move", number=number, action="pass_on", by="chenjing")
    outer.act("write", number=number, text="谢谢。")
    _seal(drill)
    return str(number)


def _seal(drill: Drill) -> None:
    for _ in range(2):  # the second time with the seal of the other side at hand
        for site in drill.pair:
            assert site.act("tick") == []
        drill.carry()


def _put_back_unnoticed(drill: Drill, site: LedgerSite, saved: Path) -> None:
    """The services run on for a while before anybody knows."""
    site.load(saved)
    site.act("tick")
    drill.begin(site)
    site.act("tick")
    drill.give_back(site)
    drill.carry(2)
    drill.settled()


def verified(drill: Drill, site: LedgerSite) -> str:
    """What the site says of its own record, compared with what the other side keeps of it."""
    kept = drill.folder().with_suffix(".json")
    drill.other(site).run("verify_evidence", "--kept-to", kept)
    return site.run("verify_evidence", "--against", kept)


def test_nothing_to_explain_without_a_restoration(drill: Drill) -> None:
    lives(drill)
    assert [verified(drill, site) for site in drill.pair] == ["办件记录完整。\n"] * 2


def test_the_inner_hall_restored(drill: Drill) -> None:
    saved = drill.inner.save(drill.folder())
    number = lives(drill)
    _put_back_unnoticed(drill, drill.inner, saved)
    drill.inner.act("move", number=number, action="pass_on", by="liuyang")
    drill.inner.act("answer", number=number, text="正在审查。")
    _seal(drill)
    said = verified(drill, drill.inner)
    assert "由对方退还" in said
    assert number in said
    assert "办件记录完整" in said
    assert "办件记录完整" in verified(drill, drill.outer)


def test_the_outer_hall_restored(drill: Drill) -> None:
    saved = drill.outer.save(drill.folder())
    number = lives(drill)
    _put_back_unnoticed(drill, drill.outer, saved)
    drill.outer.act("write", number=number, text="还要多久？")
    drill.outer.act("ask", number=number, action="withdraw")
    _seal(drill)
    said = verified(drill, drill.outer)
    assert number in said
    assert "办件记录完整" in said
    assert "办件记录完整" in verified(drill, drill.inner)


def test_both_halls_restored(drill: Drill) -> None:
    """What both have forgotten is missed by nobody."""
    saved = [drill.outer.save(drill.folder())]
    number = lives(drill)
    saved.append(drill.inner.save(drill.folder()))
    drill.outer.act("write", number=number, text="还要多久？")
    drill.inner.act("move", number=number, action="pass_on", by="liuyang")
    _seal(drill)
    for site, backup in zip(drill.pair, saved, strict=True):
        site.load(backup)
    for site in drill.pair:
        drill.begin(site)
    drill.carry(3)
    drill.settled()
    drill.outer.act("write", number=number, text="又要多久？")
    drill.inner.act("move", number=number, action="pass_on", by="liuyang")
    _seal(drill)
    assert all("办件记录完整" in verified(drill, site) for site in drill.pair)
