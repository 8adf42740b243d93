"""The editor's page: what it offers, who may use it, keeping by its buttons, problems at their inputs."""

import pytest

from identity.models import Role
from matters import drafting, queries, services
from matters.models import GuideVersion
from tests.matters.editing import edit_url, page_of
from tests.matters.guides import whole
from tests.people import login, make_staff

pytestmark = pytest.mark.usefixtures("on_inner")


@pytest.fixture
def draft(market_bureau):
    """A whole draft of 食品经营许可."""
    return services.save_draft(whole(), market_bureau)


def test_the_page_has_an_input_for_every_field_with_help(editor, draft):
    answer = login(editor).get(edit_url(draft.matter))
    page = answer.content.decode()
    assert answer.status_code == 200
    for name in ("guide.matter_name", "guide.materials.2.name", "form.sections.1.fields.0.label", "header.faq.0.answer"):
        assert f'name="{name}"' in page
    assert "行政许可法第三十二条" in page
