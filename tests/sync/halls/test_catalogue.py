"""Guides, packages, data sets, words, holidays and departments that were changed after the backup."""

from tests.sync.halls.drill import Drill


def changes(drill: Drill, written: str) -> None:
    """Everything is changed once, some of it from a draft that the backup holds; then carried."""
    inner = drill.inner
    inner.act("offer_package", uid=written)
    inner.act("revise_guide", promised_limit={"value": 8, "unit": "G"})
    inner.act("load_dataset", slug="pharmacies", records=2)
    inner.act("publish_dataset", slug="pharmacies")
    inner.act("write_dataset", slug="hotels", title="旅馆")
    inner.act("load_dataset", slug="hotels", records=1)
    inner.act("publish_dataset", slug="hotels")
    inner.act("write_dataset", slug="pharmacies", title="定点零售药店（2026）")
    inner.act("publish_dataset", slug="pharmacies")
    inner.act("withdraw_dataset", slug="hotels")
    inner.act("rename_office", title="市监局")
    inner.act("enter_holidays")
    inner.act("add_word", word="开饭馆", means="小餐饮")
    inner.act("open_counter")
    drill.carry()
    drill.outer.act("look_around")
    drill.carry()


def test_the_inner_hall_restored(drill: Drill) -> None:
    written = drill.inner.act("write_package", title="开办餐饮店（新）")
    drill.inner.act("write_dataset", slug="pharmacies")
    saved = drill.inner.save(drill.folder())
    changes(drill, written)
    before = drill.seen()
    drill.put_back(drill.inner, saved)
    drill.whole(before)
    assert drill.inner.act("lacks_records", slug="pharmacies") is True
    drill.inner.act("load_dataset", slug="pharmacies", records=3)
    drill.carry()
    assert len(drill.outer.act("seen")["data sets"]["pharmacies"]["records"]) == 3


def test_the_inner_hall_restored_to_before_anything_was_written(drill: Drill) -> None:
    """What was withdrawn stays withdrawn."""
    saved = drill.inner.save(drill.folder())
    drill.inner.act("write_dataset", slug="pharmacies")
    changes(drill, drill.inner.act("write_package", title="开办餐饮店（新）"))
    drill.inner.act("end_package")
    drill.inner.act("withdraw_guide", code="YC-FIRE-0001")
    drill.carry()
    before = drill.seen()
    drill.put_back(drill.inner, saved)
    drill.whole(before)


def test_the_outer_hall_restored(drill: Drill) -> None:
    drill.inner.act("write_dataset", slug="pharmacies")
    written = drill.inner.act("write_package", title="开办餐饮店（新）")
    saved = drill.outer.save(drill.folder())
    changes(drill, written)
    before = drill.seen()
    drill.put_back(drill.outer, saved)
    drill.whole(before)
