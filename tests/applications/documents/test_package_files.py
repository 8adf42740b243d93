"""The joint form and the sheet of a package of matters."""

import pytest
from django.test import Client

from applications.documents import application_form, guide_sheet, package_files
from identity.models import Department, User
from matters.joint.sheet import as_guide
from matters.models import JointMatter
from tests.matters import joints

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]


@pytest.fixture
def joint(editor: User, publisher: User, market_bureau: Department, housing_bureau: Department) -> JointMatter:
    joints.two_matters(market_bureau, housing_bureau)
    return joints.published(editor, publisher, market_bureau)


def test_the_blank_form_asks_everything_once(joint: JointMatter) -> None:
    content = as_guide(joint.current.parsed, joint.lead.name).model_dump(mode="json")
    html = application_form.blank_page(content).html
    assert "开办餐饮店一件事联合申请表" in html
    assert "云川市市场监督管理局" in html
    for words in ("店名", "经营场所平面图", "灭火和应急疏散预案"):
        assert html.count(words) == 1, words


def test_the_sheet_says_the_joint_limits_and_the_order(joint: JointMatter) -> None:
    content = as_guide(joint.current.parsed, joint.lead.name).model_dump(mode="json")
    html = guide_sheet.guide_page(content, package_files.package_url(joint.code)).html
    for words in (
        "承诺 17个工作日",
        "45个工作日",
        "第四十二条第二款",
        "仅在：营业面积在 300 平方米以上",
        "住房和城乡建设局",
    ):
        assert words in html, words
    assert package_files.package_url("restaurant").endswith("/packages/restaurant/")


def test_the_files_are_downloaded(joint: JointMatter, client: Client) -> None:
    response = client.get("/forms/packages/restaurant/blank.pdf")
    assert response.status_code == 200
    assert b"".join(response).startswith(b"%PDF")


@pytest.mark.parametrize("path", ["none/blank.pdf", "restaurant/else.pdf", "restaurant/guide"])
def test_what_is_not_there_is_not_found(joint: JointMatter, client: Client, path: str) -> None:
    assert client.get(f"/forms/packages/{path}").status_code == 404
