"""Handing in: the checklist, each refusal at its material, taking back, using again, looking at."""

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from pytest_django import Settings

from applications import drafts, uploads
from applications.models import Application, Material
from identity.models import Department, Enterprise, User
from matters.models import Matter
from sync import blobs
from tests import factories, people
from tests.applications.applicant import files

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def send(client: Client, case: Application, file: SimpleUploadedFile | None = None, key: str = "plan", **headers: str):
    return client.post(f"/my/{case.uid}/materials/{key}/upload/", {"file": file} if file else {}, **headers)


def test_a_file_is_kept_by_its_content(draft: Application, browser: Client) -> None:
    answer = send(browser, draft, files.upload())
    assert answer.headers["Location"] == f"/drafts/{draft.uid}/materials/#material-plan"
    row = draft.materials.get()
    assert (row.file_name, row.content_type, row.round) == ("平面图.pdf", "application/pdf", 0)
    assert blobs.open(row.sha256).read() == files.pdf()
    assert "平面图.pdf" in browser.get(f"/drafts/{draft.uid}/materials/").content.decode()


def test_scripts_get_the_row(draft: Application, browser: Client) -> None:
    answer = send(browser, draft, files.upload(), **JSON)
    assert answer.status_code == 201
    assert "平面图.pdf" in answer.json()["html"]


@pytest.mark.parametrize(
    ("file", "code", "status"),
    [
        (None, "no_file", 422),
        (files.upload(content=b""), "empty", 422),
        (files.upload(content=b"MZ" + b"\0" * 99), "executable", 422),
        (files.upload(content=b"words"), "type_mismatch", 422),
        (files.upload("a.txt", b"words"), "wrong_type", 422),
    ],
)
def test_refusals_are_said_at_the_material(
    draft: Application, browser: Client, file: SimpleUploadedFile | None, code: str, status: int
) -> None:
    answer = send(browser, draft, file, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if file:
        file.seek(0)
    page = send(browser, draft, file)
    assert page.status_code == status
    assert f"经营场所平面图：{answer.json()['message']}" in page.content.decode()
    assert not draft.materials.exists()


def test_an_oversize_file_is_dropped_while_it_arrives(
    draft: Application, browser: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HALL_MAX_UPLOAD_MB = 1
    monkeypatch.setattr(uploads, "add", lambda *args: pytest.fail("must not be reached"))
    answer = send(browser, draft, files.upload(content=files.pdf() + b"\0" * (3 << 20)), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


def test_a_full_disk_is_said_and_nothing_is_half_kept(
    draft: Application, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs, "put", full)
    answer = send(browser, draft, files.upload(), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
    assert "您已经填写和上传的内容都在" in answer.json()["message"]
    assert not draft.materials.exists()


def test_a_disk_that_fills_while_the_file_arrives(
    draft: Application, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, *args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", full)
    assert send(browser, draft, files.upload()).status_code == 507


def test_no_more_files_than_the_guide_says(on_outer: str, market_bureau: Department, wang_fang: User) -> None:
    one = {"key": "plan", "name": "平面图", "kind": "plan", "necessity": "必要", "max_files": 1}
    case = drafts.begin(factories.applicant(wang_fang), factories.matter(market_bureau, materials=[one]))
    files.hand_in(case, "plan")
    answer = send(people.login(wang_fang), case, files.upload(content=files.pdf("another")), **JSON)
    assert answer.json()["code"] == "too_many"


def test_an_application_has_its_share_of_the_disk(draft: Application, browser: Client, settings: Settings) -> None:
    settings.HALL_MAX_CASE_MB = 1
    files.hand_in(draft, "plan")
    Material.objects.update(size=1 << 20)
    assert send(browser, draft, files.upload(content=files.pdf("b")), **JSON).json()["code"] == "quota"


def test_a_retry_of_what_arrived_is_the_same_file(draft: Application, browser: Client) -> None:
    content = files.pdf()
    assert {send(browser, draft, files.upload(content=content), **JSON).status_code for _ in range(2)} == {201}
    assert draft.materials.count() == 1


def test_a_file_is_taken_back(draft: Application, browser: Client) -> None:
    row = files.hand_in(draft, "plan")
    browser.post(f"/my/{draft.uid}/files/{row.pk}/delete/")
    assert not draft.materials.exists()
    assert browser.post(f"/my/{draft.uid}/files/{row.pk}/delete/").status_code == 302  # a second click


def test_what_was_submitted_stays(filed: Application, browser: Client) -> None:
    row = filed.materials.get()
    browser.post(f"/my/{filed.uid}/files/{row.pk}/delete/")
    assert send(browser, filed, files.upload(), **JSON).status_code == 409
    assert filed.materials.get() == row


def test_an_unknown_material_takes_nothing(draft: Application, browser: Client) -> None:
    assert send(browser, draft, files.upload(), key="nothing", **JSON).status_code == 409


def test_the_other_applicant_reaches_no_file(ready: Application, other: Client) -> None:
    row = ready.materials.get()
    assert send(other, ready, files.upload()).status_code == 404
    assert other.get(f"/my/{ready.uid}/files/{row.pk}/").status_code == 404
    assert other.post(f"/my/{ready.uid}/files/{row.pk}/delete/").status_code == 404
    assert other.get(f"/drafts/{ready.uid}/materials/").status_code == 404
    assert ready.materials.count() == 1


def test_a_file_of_another_case_is_not_reached_through_mine(
    ready: Application, matter: Matter, stranger: User, other: Client
) -> None:
    mine = drafts.begin(factories.applicant(stranger), matter)
    row = ready.materials.get()
    assert other.get(f"/my/{mine.uid}/files/{row.pk}/").status_code == 404


def test_uploads_need_the_token_of_the_page(draft: Application, wang_fang: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(wang_fang)
    assert send(strict, draft, files.upload()).status_code == 403
    assert not draft.materials.exists()


def test_files_are_shown_without_power(ready: Application, browser: Client) -> None:
    row = ready.materials.get()
    answer = browser.get(f"/my/{ready.uid}/files/{row.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    loaded = browser.get(f"/my/{ready.uid}/files/{row.pk}/?download=1")
    assert loaded["Content-Disposition"].startswith("attachment;")
    assert b"".join(loaded.streaming_content) == files.pdf()


def test_files_given_before_are_offered_and_used_again(filed: Application, matter: Matter, wang_fang: User) -> None:
    case = drafts.begin(factories.applicant(wang_fang), matter)
    browser, row = people.login(wang_fang), filed.materials.get()
    page = browser.get(f"/drafts/{case.uid}/materials/").content.decode()
    assert "用以前交过的（1）" in page
    assert "小餐饮经营许可" in page
    browser.post(f"/my/{case.uid}/materials/plan/reuse/", {"file": row.pk})
    assert case.materials.get().sha256 == row.sha256


def test_nobody_uses_the_files_of_others(filed: Application, matter: Matter, stranger: User, other: Client) -> None:
    case = drafts.begin(factories.applicant(stranger), matter)
    row = filed.materials.get()
    assert "用以前交过的" not in other.get(f"/drafts/{case.uid}/materials/").content.decode()
    other.post(f"/my/{case.uid}/materials/plan/reuse/", {"file": row.pk})
    other.post(f"/my/{case.uid}/materials/plan/reuse/", {"file": "x"})
    assert not case.materials.exists()


def test_the_enterprise_s_files_are_not_the_agent_s(
    matter: Matter, zhao_min: User, li_ming: User, qinghe: Enterprise
) -> None:
    case = drafts.begin(factories.applicant(zhao_min, qinghe), matter)
    files.hand_in(case, "plan")
    Application.objects.update(state="SUBMITTED")
    own = drafts.begin(factories.applicant(zhao_min), matter)
    shared = drafts.begin(factories.applicant(li_ming, qinghe), matter)
    assert (uploads.reusable(own), list(uploads.reusable(shared))) == ({}, ["plan"])


def test_many_materials_cost_no_more_queries(
    on_outer: str, market_bureau: Department, wang_fang: User, django_assert_max_num_queries
) -> None:
    many = [{"key": f"m{n}", "name": f"材料{n}", "kind": "proof", "necessity": "必要"} for n in range(30)]
    case = drafts.begin(factories.applicant(wang_fang), factories.matter(market_bureau, materials=many))
    for n in range(5):
        files.hand_in(case, f"m{n}")
    browser = people.login(wang_fang)
    with django_assert_max_num_queries(16):
        assert browser.get(f"/drafts/{case.uid}/materials/").status_code == 200


def test_a_matter_without_materials_says_so(on_outer: str, market_bureau: Department, wang_fang: User) -> None:
    case = drafts.begin(factories.applicant(wang_fang), factories.matter(market_bureau, materials=[]))
    page = people.login(wang_fang).get(f"/drafts/{case.uid}/materials/")
    assert "这一事项不需要上传材料" in page.content.decode()
