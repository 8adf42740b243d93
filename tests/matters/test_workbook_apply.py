"""Who may save an upload, and what happens when somebody was quicker."""

import openpyxl
import pytest

from identity.models import Department, Role, User
from matters import services
from matters.models import GuideChange, GuideImport, GuideVersion, Matter
from matters.workbook import applying
from matters.workbook.applying import CannotApply
from matters.workbook.dry_run import Keeper
from tests.matters.guides import whole
from tests.matters.workbooks import at, download, edited, judged, put, said, save, three_matters
from tests.people import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_inner")]


def test_another_departments_matter_is_refused(food: Matter, housing_bureau: Department) -> None:
    stranger = make_staff("zhujie", "祝捷", housing_bureau, Role.EDITOR)
    batch = judged(download(), stranger)
    assert said(batch, blocks=True)["事项!A2"] == "这个事项由云川市市场监督管理局维护，不由您的部门维护，不能导入。"
    with pytest.raises(CannotApply):
        save(batch, stranger)


@pytest.mark.parametrize(("owner", "sentence"), [("YC-ZJ", "不由您维护"), ("YC-XX", "没有编码为“YC-XX”的部门")])
def test_a_new_matter_needs_a_department_of_ours(
    food: Matter, housing_bureau: Department, editor: User, owner: str, sentence: str
) -> None:
    batch = judged(edited(lambda book: book["事项"].append(["YC-NEW", owner, "新事项"])), editor)
    assert sentence in said(batch, blocks=True)["事项!B3"]


def test_who_coordinates_writes_for_all_and_must_say_for_whom(food: Matter, housing_bureau: Department) -> None:
    centre = Department.objects.create(code="YC-ZW", name="云川市政务服务管理局", coordinates=True)
    planner = make_staff("tangyi", "唐艺", centre, Role.EDITOR)

    def add(book: openpyxl.Workbook) -> None:
        book["事项"].append(["YC-A", "YC-ZJ", "住建的"])
        book["事项"].append(["YC-B", None, "谁的"])

    batch = judged(edited(add), planner)
    assert said(batch, blocks=True) == {"事项!B4": "新事项要写明主管部门编码。"}
    assert batch.items.get(code="YC-A").department == housing_bureau


def test_a_publisher_alone_imports_nothing(food: Matter, publisher: User) -> None:
    assert said(judged(download(), publisher), blocks=True)


def test_only_who_checked_it_saves_it(food: Matter, market_bureau: Department, editor: User) -> None:
    batch = judged(edited(put("事项", "业务名称", "食品销售许可")), editor)
    colleague = make_staff("zhujie", "祝捷", market_bureau, Role.EDITOR)
    with pytest.raises(CannotApply, match="别人"):
        save(batch, colleague)
    with pytest.raises(CannotApply, match="不是您检查的"):
        applying.apply(batch, Keeper.of(editor), digest="0" * 64)
    assert GuideVersion.objects.count() == 1


def test_saved_once_only(food: Matter, editor: User) -> None:
    batch = judged(edited(put("事项", "业务名称", "食品销售许可")), editor)
    save(batch, editor)
    with pytest.raises(CannotApply, match="已经保存过"):
        save(batch, editor)
    assert GuideChange.objects.filter(action="imported").count() == 1


def test_one_draft_moved_and_nothing_is_saved(market_bureau: Department, editor: User) -> None:
    three_matters(market_bureau)

    def rename(book: openpyxl.Workbook) -> None:
        for row in (2, 3, 4):
            at(book, "事项", "办件类型", row).value = "其他"

    batch = judged(edited(rename), editor)
    services.save_draft(whole(header={"code": "YC-2"}, matter_name="别人改了"), market_bureau, by="别人")
    with pytest.raises(CannotApply) as refused:
        save(batch, editor)
    assert refused.value.moved == ["许可之2（YC-2）"]
    assert set(GuideVersion.objects.values_list("revision", flat=True)) == {0, 1}
    assert not GuideChange.objects.filter(action="imported").exists()


@pytest.mark.parametrize("what", ["published", "deleted", "made", "moved away", "post lost"])
def test_other_things_that_happen_meanwhile(
    market_bureau: Department, housing_bureau: Department, editor: User, what: str
) -> None:
    draft = services.save_draft(whole(), market_bureau)

    def change(book: openpyxl.Workbook) -> None:
        at(book, "事项", "业务名称").value = "食品销售许可"
        book["事项"].append(["YC-NEW", None, "新事项"])

    batch = judged(edited(change), editor)
    if what == "published":
        services.publish(draft, by="罗宁")
    elif what == "deleted":
        draft.delete()
    elif what == "made":
        services.save_draft(whole(header={"code": "YC-NEW"}, matter_name="别人建的"), market_bureau)
    elif what == "moved away":
        Matter.objects.update(department=housing_bureau)
    else:
        editor.posts.update(active=False)
    with pytest.raises(CannotApply) as refused:
        save(batch, editor)
    assert refused.value.moved
    assert not GuideChange.objects.filter(action="imported").exists()


def test_a_version_in_review_is_locked(food: Matter, editor: User) -> None:
    file = edited(put("事项", "业务名称", "食品销售许可"))
    GuideVersion.objects.create(matter=food, number=2, state="review", content=whole())
    batch = judged(file, editor)
    assert "正在办理" in said(batch, blocks=True)["事项!A2"]


def test_it_went_to_review_after_the_dry_run(market_bureau: Department, editor: User) -> None:
    services.save_draft(whole(), market_bureau)
    batch = judged(edited(put("事项", "业务名称", "食品销售许可")), editor)
    GuideVersion.objects.update(state="review")
    with pytest.raises(CannotApply, match="有人改过"):
        save(batch, editor)


def test_a_new_upload_replaces_the_one_not_saved(food: Matter, editor: User) -> None:
    judged(download(), editor)
    judged(download(), editor)
    assert GuideImport.objects.count() == 1
