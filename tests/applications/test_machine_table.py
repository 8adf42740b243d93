"""The law of the machine, written out. A change of the law shows here as a changed row."""

from pathlib import Path

from django.conf import settings

from applications import machine, machine_doc

CLERK, STEP, SYSTEM, APPLICANT, APPROVER, INSPECTOR = "clerk", "step", "system", "applicant", "approver", "inspector"
INTAKE = ("RECEIVED", "RESUBMITTED")
UNDER_REVIEW = ("ACCEPTED", "TACIT_ACCEPTED", "IN_REVIEW", "SPECIAL", "PENDING_DECISION")
WITHDRAWABLE = (
    "SUBMITTED",
    "RECEIVED",
    "CORRECTION",
    "RESUBMITTED",
    "ACCEPTED",
    "TACIT_ACCEPTED",
    "IN_REVIEW",
    "SPECIAL",
    "PENDING_DECISION",
)
AT_A_STEP = ("IN_REVIEW", "SPECIAL", "PENDING_DECISION")
SAYING = (
    *("plan_check", "record_check", "name_third_party", "hear_third_party"),
    *("tell_hearing", "ask_hearing", "set_hearing", "hold_hearing", "drop_hearing"),
)
TABLE = {
    ("DRAFT", "submit", "SUBMITTED", APPLICANT),
    ("SUBMITTED", "receive", "RECEIVED", SYSTEM),
    ("SUBMITTED", "receive", "RECEIVED", CLERK),
    ("RECEIVED", "ask_correction", "CORRECTION", CLERK),
    ("RESUBMITTED", "ask_correction", "CORRECTION", CLERK),
    *((state, "fix_on_spot", state, CLERK) for state in INTAKE),
    *((state, "accept_with_deferral", "ACCEPTED", CLERK) for state in INTAKE),
    *((state, "grant_at_once", "GRANTED", CLERK) for state in INTAKE),
    *((state, "supply_owed", state, APPLICANT) for state in UNDER_REVIEW),
    *((state, "check_owed", state, role) for state in UNDER_REVIEW for role in (CLERK, STEP)),
    *((state, "remind_owed", state, SYSTEM) for state in UNDER_REVIEW),
    *((state, "lapse_owed", "TERMINATED", role) for state in UNDER_REVIEW for role in (SYSTEM, CLERK)),
    *((state, "publish_overrun", state, role) for state in UNDER_REVIEW for role in (CLERK, STEP, APPROVER)),
    *(("DELIVERED", "confirm_pledge", "CLOSED", role) for role in ("reviewer", APPROVER)),
    *((state, "find_pledge_false", "REVOKED", APPROVER) for state in ("GRANTED", "DELIVERED")),
    ("CORRECTION", "supplement", "RESUBMITTED", APPLICANT),
    *((state, "accept", "ACCEPTED", CLERK) for state in INTAKE),
    *((state, "deem_accepted", "TACIT_ACCEPTED", role) for state in INTAKE for role in (SYSTEM, CLERK)),
    *((state, "refuse_intake", "REJECTED_INTAKE", CLERK) for state in INTAKE),
    ("RECEIVED", "tell_not_required", "NOT_REQUIRED", CLERK),
    ("CORRECTION", "lapse", "CORRECTION_LAPSED", SYSTEM),
    ("CORRECTION", "lapse", "CORRECTION_LAPSED", CLERK),
    ("ACCEPTED", "pass_on", "IN_REVIEW", CLERK),
    ("ACCEPTED", "pass_on", "PENDING_DECISION", CLERK),
    ("TACIT_ACCEPTED", "pass_on", "IN_REVIEW", CLERK),
    ("TACIT_ACCEPTED", "pass_on", "PENDING_DECISION", CLERK),
    ("IN_REVIEW", "pass_on", "IN_REVIEW", STEP),
    ("IN_REVIEW", "pass_on", "PENDING_DECISION", STEP),
    ("IN_REVIEW", "send_back", "IN_REVIEW", STEP),
    ("PENDING_DECISION", "send_back", "IN_REVIEW", STEP),
    ("IN_REVIEW", "pause", "SPECIAL", STEP),
    ("SPECIAL", "resume", "IN_REVIEW", STEP),
    ("IN_REVIEW", "extend", "IN_REVIEW", APPROVER),
    ("PENDING_DECISION", "extend", "PENDING_DECISION", APPROVER),
    ("IN_REVIEW", "transfer_up", "TRANSFERRED_UP", STEP),
    ("PENDING_DECISION", "grant", "GRANTED", STEP),
    ("PENDING_DECISION", "refuse", "REFUSED", STEP),
    *((state, "deliver", "DELIVERED", role) for state in ("GRANTED", "REFUSED") for role in (CLERK, SYSTEM)),
    *(
        (state, "deem_renewed", "GRANTED", role)
        for state in (*INTAKE, "ACCEPTED", "TACIT_ACCEPTED", "IN_REVIEW", "SPECIAL", "PENDING_DECISION")
        for role in (SYSTEM, CLERK)
    ),
    ("DELIVERED", "close", "CLOSED", CLERK),
    ("DELIVERED", "close", "CLOSED", SYSTEM),
    *((state, "withdraw", "WITHDRAWN", APPLICANT) for state in WITHDRAWABLE),
    *((state, "terminate", "TERMINATED", CLERK) for state in (*INTAKE, "CORRECTION", "ACCEPTED", "TACIT_ACCEPTED")),
    *((state, "terminate", "TERMINATED", STEP) for state in ("IN_REVIEW", "SPECIAL", "PENDING_DECISION")),
    *((state, "void", "VOIDED", INSPECTOR) for state in WITHDRAWABLE if state != "SUBMITTED"),
    # hearing, third parties, checks: the state stays
    *((state, move, state, STEP) for state in AT_A_STEP for move in SAYING),
    *((state, "ask_hearing", state, APPLICANT) for state in AT_A_STEP),
}


def test_the_machine_is_exactly_this_table() -> None:
    assert set(machine.table()) == TABLE
    assert len(machine.table()) == len(TABLE)


def test_every_condition_explains_itself() -> None:
    conditions = [check for moves in machine.moves().values() for one in moves for check in one.conditions or ()]
    assert conditions
    assert all(getattr(check, "sentence", "") for check in conditions)


def test_the_document_is_current() -> None:
    path = Path(settings.BASE_DIR) / "docs" / "machine.md"
    assert path.read_text() == machine_doc.document(), "run: manage.py machine --doc > docs/machine.md"
