"""What officers' programs see of a case. Fields are named one by one; nothing comes along by accident."""

from typing import Any

from rest_framework import serializers

from applications.models import Application, Clock, Document, Event, Material, PresentedMaterial, RouteStep


class CaseListSerializer(serializers.ModelSerializer[Application]):
    """One row of the work list."""

    matter = serializers.CharField(source="matter.name", read_only=True)
    matter_code = serializers.CharField(source="matter.code", read_only=True)
    department = serializers.CharField(source="department.name", read_only=True)
    state_label = serializers.CharField(read_only=True)
    seen = serializers.CharField(read_only=True)

    class Meta:
        model = Application
        fields = (
            "number",
            "matter",
            "matter_code",
            "purpose",
            "department",
            "channel",
            "applicant_kind",
            "applicant_name",
            "state",
            "state_label",
            "seen",
            "submitted_at",
            "accepted_on",
            "intake_due",
            "law_due",
            "promise_due",
            "delivery_due",
            "next_due",
            "due_provisional",
        )


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """One limit of the case."""

    class Meta:
        model = Clock
        fields = ("kind", "started_on", "value", "unit", "extension", "stopped_on", "due", "provisional")


class StepSerializer(serializers.ModelSerializer[RouteStep]):
    """One step of the route."""

    department = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = RouteStep
        fields = ("order", "kind", "name", "role", "department", "standing", "opinion", "passed_by", "passed_at", "due")


class EventSerializer(serializers.ModelSerializer[Event]):
    """One act; ``is_move`` false: beside the machine, changing no state."""

    class Meta:
        model = Event
        fields = ("version", "is_move", "action", "from_state", "to_state", "at", "actor_kind", "actor_name", "note")


class MaterialSerializer(serializers.ModelSerializer[Material]):
    """One file handed in."""

    class Meta:
        model = Material
        fields = ("key", "file_name", "content_type", "size", "sha256", "round", "replaced", "uploaded_at")


class PresentedSerializer(serializers.ModelSerializer[PresentedMaterial]):
    """Paper that lay on the counter of one material, and how far it may be trusted."""

    class Meta:
        model = PresentedMaterial
        fields = ("key", "round", "originals", "copies", "trust", "noted_by", "noted_at")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """One paper of the case; its PDF is at ``/documents/{uid}/`` once it is ready."""

    class Meta:
        model = Document
        fields = ("uid", "kind", "title", "number", "state", "created_at")


class CaseSerializer(CaseListSerializer):
    """The whole case. ``answers`` are the form's, by section, as the applicant gave them: programs that handle a case
    need the numbers that the pages mask on the screen."""

    answers = serializers.JSONField(read_only=True)
    situation = serializers.JSONField(read_only=True)
    handler = serializers.CharField(source="handler.display_name", default=None, read_only=True)
    clocks = ClockSerializer(many=True, read_only=True)
    route = StepSerializer(source="route_steps", many=True, read_only=True)
    events = EventSerializer(many=True, read_only=True)
    materials = MaterialSerializer(many=True, read_only=True)
    presented = PresentedSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)

    class Meta(CaseListSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *CaseListSerializer.Meta.fields,
            "handler",
            "situation",
            "answers",
            "clocks",
            "route",
            "events",
            "materials",
            "presented",
            "documents",
        )


class PossibleMoveSerializer(serializers.Serializer[Any]):
    """A move this officer can make now."""

    action = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    needs = serializers.ListField(child=serializers.CharField())
    optional = serializers.ListField(child=serializers.CharField())
    choices = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    final = serializers.BooleanField()
    seen = serializers.CharField()


class CorrectionItemSerializer(serializers.Serializer[Any]):
    """One item of the correction notice; ``target`` is ``material:<key>`` or ``section:<key>``."""

    target = serializers.CharField(error_messages={"required": "请写明是哪一份材料或哪一部分表格 target。"})
    problem = serializers.CharField(
        error_messages={"required": "请写明问题 problem。", "blank": "请写明问题 problem。"}
    )
    remedy = serializers.CharField(required=False, allow_blank=True)


def _words() -> serializers.CharField:
    """Words of a move; whether they are needed, and how long they may be, the move's form says."""
    return serializers.CharField(required=False, allow_blank=True)


class MoveRequestSerializer(serializers.Serializer[Any]):
    """``seen`` is what the list of moves gave; the rest depends on the move's ``needs``."""

    action = serializers.CharField(error_messages={"required": "请写明要做的动作 action。"})
    seen = serializers.CharField(error_messages={"required": "请写明看到的状态 seen，从 GET moves 得到。"})
    reason = _words()
    opinion = _words()
    right_organ = _words()
    legal_basis = _words()
    procedure = _words()
    expected_days = serializers.IntegerField(required=False)
    method = _words()
    recipient = _words()
    carrier = _words()
    tracking = _words()
    place = _words()
    scope = _words()
    upper_organ = _words()
    to_order = serializers.IntegerField(required=False)
    walk = _words()
    check_kind = _words()
    check_on = _words()
    officers = serializers.ListField(child=serializers.CharField(), required=False)
    check = _words()
    findings = _words()
    result = _words()
    party_name = _words()
    party_contact = _words()
    interest = _words()
    told_how = _words()
    party = _words()
    heard_how = _words()
    statement = _words()
    asker = _words()
    set_for = _words()
    presider = _words()
    record = _words()
    confirmed_by = _words()
    approved_by = _words()
    approval_number = _words()
    late_reason = _words()
    overrun_reason = _words()
    field = _words()
    value = _words()
    agreed_by = _words()
    owed = serializers.ListField(child=serializers.CharField(), required=False)
    signed = _words()
    owed_key = _words()
    verdict = _words()
    problem = _words()
    items = CorrectionItemSerializer(many=True, required=False)


class MadeMoveSerializer(serializers.ModelSerializer[Application]):
    """Where the case is after the move."""

    state_label = serializers.CharField(read_only=True)
    seen = serializers.CharField(read_only=True)

    class Meta:
        model = Application
        fields = ("number", "state", "state_label", "seen", "version", "next_due")


class RefusalSerializer(serializers.Serializer[Any]):
    """Why not: ``case_moved`` and ``not_possible`` (409), ``not_allowed`` (403), ``data_missing`` (422), ``not_found`` (404)."""

    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)  # type: ignore[assignment]
