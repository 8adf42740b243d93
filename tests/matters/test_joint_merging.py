"""Merging members' guides: each thing once, nothing left out."""

from hypothesis import given
from hypothesis import strategies as st

from matters.joint import checks, rules
from matters.joint.figures import Pair, figures
from matters.joint.guide import Grouping, Package, Rules
from matters.joint.materials import MemberGuide
from matters.joint.merging import merge, narrowed
from tests.matters.joint_guides import ENTERPRISE, member, paper, question, section

LICENCE = paper("licence", "营业执照", kind="certificate", copies=1)


def names(package: Package) -> list[str]:
    return [row.name for row in package.materials]


def row(package: Package, name: str):
    return next(one for one in package.materials if one.name == name)


def labels(package: Package) -> list[str]:
    return [field.label for part in package.form.sections for field in part.fields]


def field(package: Package, label: str):
    return next(one for part in package.form.sections for one in part.fields if one.label == label)


# --- materials
def test_a_paper_of_one_name_is_asked_once() -> None:
    again = paper("yyzz", "《营业执照》", kind="certificate", copies=3, necessity="非必要")
    package = merge(
        [
            member("A", materials=(LICENCE,), sections=(ENTERPRISE,)),
            member("B", materials=(again,), sections=(ENTERPRISE,)),
        ]
    )
    assert names(package) == ["联合申请表", "营业执照"]
    merged = row(package, "营业执照")
    assert (merged.codes, merged.copies, merged.necessity) == (["A", "B"], 3, "必要")


def test_equal_keys_alone_do_not_make_one_paper() -> None:
    package = merge(
        [member("A", materials=(paper("plan", "平面图"),)), member("B", materials=(paper("plan", "疏散预案"),))]
    )
    assert {"平面图", "疏散预案"} <= set(names(package))


def test_a_paper_is_fetched_only_when_every_member_fetches_it() -> None:
    shared = LICENCE | {"shared_data": True}
    both = merge([member("A", materials=(shared,)), member("B", materials=(shared,))])
    one = merge([member("A", materials=(shared,)), member("B", materials=(LICENCE,))])
    assert row(both, "营业执照").shared_data
    assert not row(one, "营业执照").shared_data


def test_formats_and_sizes_must_suit_every_member() -> None:
    a = LICENCE | {"formats": ["pdf", "jpg"], "max_mb": 20}
    b = LICENCE | {"formats": ["pdf", "png"], "max_mb": 5}
    merged = row(merge([member("A", materials=(a,)), member("B", materials=(b,))]), "营业执照")
    assert (merged.formats, merged.max_mb) == (["pdf"], 5)


def test_a_form_that_is_no_form_definition_stays_a_paper() -> None:
    package = merge([member("A", sections=(ENTERPRISE,)), member("B"), member("C", sections=(ENTERPRISE,))])
    assert row(package, "联合申请表").codes == ["A", "C"]
    assert "B申请书" in names(package)


# --- what staff say
def test_staff_say_that_two_papers_are_one_and_name_it() -> None:
    a, b = member("A", materials=(paper("plan", "平面图"),)), member("B", materials=(paper("map", "布置图"),))
    said = Rules(materials=rules.joined([], [["A/plan"], ["B/map"]], "场所平面图"))
    package = merge([a, b], said)
    assert row(package, "场所平面图").refs == ["A/plan", "B/map"]


def test_staff_say_that_one_name_means_two_papers() -> None:
    members = [member("A", materials=(LICENCE,)), member("B", materials=(LICENCE,))]
    said = Rules(materials=rules.parted([], ["A/licence", "B/licence"]))
    assert names(merge(members, said)).count("营业执照") == 2
    back = rules.automatic(said.materials, ["A/licence"])
    assert back == [Grouping(of=["B/licence"])]


def test_what_is_said_of_a_part_that_is_gone_is_passed_over() -> None:
    said = Rules(materials=[Grouping(name="旧", of=["A/gone", "X/y"])], fields=[Grouping(of=["A/no.no"])])
    assert "旧" not in names(merge([member("A"), member("B")], said))


# --- questions
def test_the_enterprise_is_asked_once_whatever_it_is_called() -> None:
    called = section("builder", "建设单位", question("name", "名称", prefilled_from="enterprise.name"))
    package = merge([member("A", sections=(ENTERPRISE,)), member("B", sections=(called,))])
    assert labels(package) == ["单位名称", "统一社会信用代码"]
    assert package.mapping["enterprise.name"] == ["A/enterprise.name", "B/builder.name"]


def test_a_person_is_asked_once_only_under_one_label() -> None:
    contact = section("contact", "联系人", question("name", "联系人姓名", prefilled_from="person.name"))
    owner = section("owner", "申请人", question("name", "申请人姓名", prefilled_from="person.name"))
    package = merge([member("A", sections=(contact, owner)), member("B", sections=(contact,))])
    assert labels(package) == ["联系人姓名", "申请人姓名"]


def test_like_labels_in_different_sections_stay_apart() -> None:
    shop = section("shop", "店铺", question("area", "面积", type="decimal"))
    site = section("site", "工地", question("area", "面积", type="decimal"))
    package = merge([member("A", sections=(shop,)), member("B", sections=(site,))])
    assert labels(package) == ["面积", "面积"]
    joined = Rules(fields=rules.joined([], [["A/shop.area"], ["B/site.area"]], "场所面积"))
    assert labels(merge([member("A", sections=(shop,)), member("B", sections=(site,))], joined)) == ["场所面积"]


def test_the_merged_question_is_as_strict_as_the_strictest() -> None:
    a = section("s", "情况", question("n", "人数", type="integer", min="1", max="50", required=False))
    b = section("s", "情况", question("n", "人数", type="integer", min="5", max="90"))
    merged = field(merge([member("A", sections=(a,)), member("B", sections=(b,))]), "人数")
    assert (merged.min, merged.max, merged.required) == ("5", "50", True)


def test_a_condition_moves_with_its_question_and_goes_when_members_differ() -> None:
    rule = {"section": "s", "field": "has", "equals": "yes"}
    a = section("s", "情况", question("has", "有没有", type="yesno"), question("what", "有什么", shown_when=rule))
    other = section("s", "别的", question("has", "有没有", type="yesno"))
    package = merge([member("A", sections=(other,)), member("B", sections=(a,))])
    shown = field(package, "有什么").shown_when
    assert (shown.section, shown.field) == ("s_2", "has")
    always = section("s", "情况", question("what", "有什么"))
    for first, second in ((always, a), (a, always)):
        both = merge([member("A", sections=(first,)), member("B", sections=(second,))])
        assert field(both, "有什么").shown_when is None


def test_rows_of_repeating_sections_merge_only_with_their_section() -> None:
    a = section("staff", "人员", question("name", "姓名"), repeating=True, min_rows=1, max_rows=5)
    b = section("crew", "从业人员", question("name", "姓名"), repeating=True, min_rows=2, max_rows=9)
    members = [member("A", sections=(a,)), member("B", sections=(b,))]
    forced = Rules(fields=rules.joined([], [["A/staff.name"], ["B/crew.name"]], "姓名"))
    assert len(merge(members, forced).form.sections) == 2
    together = Rules(sections=rules.joined([], [["A/staff"], ["B/crew"]], "从业人员"))
    (merged,) = merge(members, together).form.sections
    assert (merged.title, merged.min_rows, merged.max_rows, len(merged.fields)) == ("从业人员", 2, 5, 1)


# --- figures
def test_figures_are_counted() -> None:
    a = member("A", materials=(LICENCE,), sections=(ENTERPRISE,), promised_limit=10, service_capability={"visits": 1})
    b = member("B", materials=(LICENCE,), sections=(ENTERPRISE,), promised_limit=6, service_capability={"visits": 2})
    c = member("C", stage=2, sections=(ENTERPRISE,), promised_limit=4)
    package = merge([a, b, c])
    found = figures(package)
    assert (found.forms.before, found.forms.after) == (3, 1)
    assert (found.materials.before, found.materials.after) == (5, 2)
    assert (found.questions.before, found.questions.after) == (6, 2)
    assert found.days == Pair(20, 14)
    assert (found.visits.before, found.visits.after) == (3, 2)


def test_natural_days_are_not_added_to_working_days() -> None:
    package = merge([member("A"), member("B", promised_limit={"value": 7, "unit": "Z"})])
    assert figures(package).days is None


def test_two_licences_take_at_most_forty_five_days() -> None:
    slow = [member(code, stage=stage, promised_limit=40) for stage, code in enumerate("ABC", 1)]
    assert merge(slow).limit == 45
    public = [
        member(code, stage=stage, promised_limit=40, header={"type_code": "20"}) for stage, code in enumerate("AB", 1)
    ]
    assert merge(public).limit == 80


def test_a_situation_leaves_out_what_nobody_asks_any_more() -> None:
    a = member("A", materials=(LICENCE | {"shared_data": True},), sections=(ENTERPRISE,), promised_limit=3)
    b = member("B", materials=(LICENCE, paper("plan", "平面图")), promised_limit=9)
    package = narrowed(merge([a, b]), {"A"})
    assert names(package) == ["A申请书", "营业执照"]
    assert row(package, "营业执照").shared_data
    assert (package.limit, len(package.members)) == (3, 1)


# --- whatever the members are
KEYS = st.sampled_from(["a", "b", "c", "d"])
NAMES = st.sampled_from(["营业执照", "平面图", "承诺书", "《平面图》", "场所 证明"])


@st.composite
def guides(draw: st.DrawFn) -> list[MemberGuide]:
    return [
        member(
            code,
            stage=draw(st.integers(1, 3)),
            materials=tuple(
                paper(
                    key,
                    draw(NAMES),
                    necessity=draw(st.sampled_from(["必要", "非必要", "可容缺"])),
                    shared_data=draw(st.booleans()),
                )
                for key in draw(st.lists(KEYS, unique=True))
            ),
            sections=tuple(_sections(draw)),
        )
        for code in draw(st.lists(st.sampled_from("ABCDE"), unique=True, min_size=2, max_size=5))
    ]


def _sections(draw: st.DrawFn) -> list[dict]:
    return [
        section(
            key,
            draw(st.sampled_from(["单位", "场所", "人员"])),
            *(
                question(
                    field_key,
                    draw(st.sampled_from(["名称", "地址", "面积"])),
                    type=draw(st.sampled_from(["text", "integer", "date"])),
                    required=draw(st.booleans()),
                    prefilled_from=draw(st.sampled_from(["", "", "enterprise.name", "person.name"])),
                )
                for field_key in draw(st.lists(KEYS, unique=True, min_size=1))
            ),
            repeating=draw(st.booleans()),
        )
        for key in draw(st.lists(KEYS, unique=True, max_size=3))
    ]


@given(guides())
def test_nothing_is_asked_twice_and_nothing_is_left_out(members: list[MemberGuide]) -> None:
    package = merge(members)
    refs = [ref for one in package.materials for ref in one.refs]
    asked = [ref for found in package.mapping.values() for ref in found]
    assert len(refs) == len(set(refs))
    assert len(asked) == len(set(asked))
    assert checks.uncovered_materials(package, members) == []
    assert checks.uncovered_questions(package, members) == []
    places = [f"{part.key}.{one.key}" for part in package.form.sections for one in part.fields]
    assert sorted(places) == sorted(package.mapping)


@given(guides())
def test_what_a_member_requires_is_required(members: list[MemberGuide]) -> None:
    package = merge(members)
    required = {f"{part.key}.{one.key}" for part in package.form.sections for one in part.fields if one.required}
    necessary = {
        ref for one in package.materials if one.necessity == "必要" and not one.shared_data for ref in one.refs
    }
    place_of = {ref: place for place, refs in package.mapping.items() for ref in refs}
    for one in members:
        for part in one.content.form.sections:
            wanted = [f"{one.code}/{part.key}.{asked.key}" for asked in part.fields if asked.required]
            assert {place_of[ref] for ref in wanted} <= required
        assert {f"{one.code}/{m.key}" for m in one.content.guide.materials if m.is_required} <= necessary


@given(guides(), st.randoms())
def test_the_order_of_the_members_does_not_matter(members: list[MemberGuide], random) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(members)


@given(guides())
def test_saying_the_merge_again_changes_nothing(members: list[MemberGuide]) -> None:
    package = merge(members)
    assert merge(members, rules.said_by(package)) == package


@given(guides(), st.sets(st.sampled_from("ABCDE"), min_size=1))
def test_a_part_asks_what_a_merge_of_the_part_asks(members: list[MemberGuide], chosen: set[str]) -> None:
    part = [one for one in members if one.code in chosen]
    few, alone = narrowed(merge(members), chosen), merge(part)
    assert {ref for one in few.materials for ref in one.refs} == {ref for one in alone.materials for ref in one.refs}
    assert {ref for refs in few.mapping.values() for ref in refs} == {
        ref for refs in alone.mapping.values() for ref in refs
    }
