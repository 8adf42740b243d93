"""The preview of a paper: every field that a reader needs is there, in words."""

from applications import document_summary
from applications.documents.catalog import KINDS
from applications.models import Application
from identity.models import User
from tests.helpers import move

# What a reader of the preview does not need: machinery, and what never differs.
SILENT = {
    "number", "issued_on", "check_code", "receiver", "tacit", "ground", "added_days", "requested_at", "material_return",
    "lapsed", "deemed", "sent_at", "arrived_at", "consent", "deputy", "refusal_note", "witness", "holder_code", "again", "too_late", "presenter",
}  # fmt: skip


def words(case: Application, kind: str) -> dict[str, str]:
    paper = case.documents.get(kind=kind)
    return {row["label"]: row["value"] for row in document_summary.rows(kind, paper.content)}


def test_no_field_of_any_paper_is_forgotten() -> None:
    known = set(document_summary.LABELS) | SILENT
    assert {kind: set(one.extra.model_fields) - known for kind, one in KINDS.items()} == {kind: set() for kind in KINDS}


def test_a_correction_lists_its_items(received: Application, clerk: User) -> None:
    shown = words(move(received, "ask_correction", by=clerk), "correction")
    assert shown["致"] == "王芳"
    assert shown["需要补正"] == "1. 经营场所平面图：缺少比例尺（标注比例尺）"
    assert shown["补正期限"] == "2026年4月2日"


def test_a_licence_shows_holder_scope_and_term(awaiting_decision: Application, approver: User) -> None:
    shown = words(move(awaiting_decision, "grant", by=approver, at="2026-03-05 10:00"), "licence")
    assert (shown["持证人"], shown["许可事项"]) == ("王芳", "小餐饮经营许可")
    assert (shown["有效期自"], shown["有效期至"]) == ("2026年3月5日", "2029年3月4日")
