"""What applicants' programs see of their own cases. Fields are named one by one; nothing comes along by accident."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from applications import presenting
from applications.models import Application, Clock, Correction, Document, Event, Licence, Material, Owed, Request
from applications.states import Way


class MyCaseListSerializer(serializers.ModelSerializer[Application]):
    """One row of 我的办件; a draft has no number yet."""

    matter = serializers.CharField(source="matter.name", read_only=True)
    matter_code = serializers.CharField(source="matter.code", read_only=True)
    department = serializers.CharField(source="department.name", read_only=True)
    enterprise = serializers.UUIDField(source="enterprise.uid", default=None, read_only=True)
    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = Application
        fields = (
            "uid",
            "number",
            "matter",
            "matter_code",
            "department",
            "enterprise",
            "channel",
            "applicant_name",
            "state",
            "state_label",
            "saved_at",
            "submitted_at",
            "accepted_on",
            "intake_due",
            "promise_due",
            "law_due",
            "delivery_due",
            "correction_due",
            "next_due",
            "due_provisional",
        )


class MyClockSerializer(serializers.ModelSerializer[Clock]):
    """One limit of the case."""

    class Meta:
        model = Clock
        fields = ("kind", "started_on", "value", "unit", "extension", "stopped_on", "due", "provisional")


class MyEventSerializer(serializers.ModelSerializer[Event]):
    """One act of the timeline."""

    class Meta:
        model = Event
        fields = ("action", "from_state", "to_state", "at", "actor_name", "note")


class MyMaterialSerializer(serializers.ModelSerializer[Material]):
    """One file handed in; ``round`` 0 with the application, 1 with the correction."""

    class Meta:
        model = Material
        fields = ("id", "key", "file_name", "content_type", "size", "sha256", "round", "replaced", "uploaded_at")


class MyDocumentSerializer(serializers.ModelSerializer[Document]):
    """One paper of the case; ``url`` serves the PDF once ``state`` is ready."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = ("uid", "kind", "title", "number", "state", "created_at", "url")

    def get_url(self, document: Document) -> str:
        return reverse("applications:document", args=[document.uid])


class MyRequestSerializer(serializers.ModelSerializer[Request]):
    """What was asked of the running case, and the answer."""

    class Meta:
        model = Request
        fields = ("uid", "action", "at", "reason", "standing", "answer", "answered_at")


class MyCorrectionSerializer(serializers.ModelSerializer[Correction]):
    """One item of the correction notice."""

    class Meta:
        model = Correction
        fields = ("target", "label", "problem", "remedy", "supplied")


class MyLicenceSerializer(serializers.ModelSerializer[Licence]):
    """The licence that was granted."""

    check_code = serializers.CharField(source="document.check_code", read_only=True)

    class Meta:
        model = Licence
        fields = ("name", "number", "holder", "valid_from", "valid_to", "standing", "check_code")


class MyOwedSerializer(serializers.ModelSerializer[Owed]):
    """A material that may come later (容缺)."""

    class Meta:
        model = Owed
        fields = ("key", "label", "standing", "problem", "supplied_at")


class MyCaseSerializer(MyCaseListSerializer):
    """The whole case; ``missing`` says what still stops a submission or a supplement."""

    next_step = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    clocks = MyClockSerializer(many=True, read_only=True)
    events = MyEventSerializer(source="events.for_applicant", many=True, read_only=True)
    materials = MyMaterialSerializer(many=True, read_only=True)
    documents = MyDocumentSerializer(many=True, read_only=True)
    requests = MyRequestSerializer(many=True, read_only=True)
    corrections = MyCorrectionSerializer(many=True, read_only=True)
    owed = MyOwedSerializer(many=True, read_only=True)
    licence = MyLicenceSerializer(read_only=True, allow_null=True, default=None)

    class Meta(MyCaseListSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *MyCaseListSerializer.Meta.fields,
            "query_code",
            "situation",
            "answers",
            "sections_done",
            "next_step",
            "missing",
            "clocks",
            "events",
            "materials",
            "documents",
            "requests",
            "corrections",
            "way",
            "pledge_check",
            "owed_due",
            "owed",
            "licence",
        )

    def get_next_step(self, case: Application) -> str:
        return "" if case.is_draft else presenting.next_step(case)

    def get_missing(self, case: Application) -> dict[str, str]:
        found: dict[str, str] = self.context.get("missing", {})
        return found


class BeginSerializer(serializers.Serializer[Any]):
    """Begin a draft; without ``again`` the draft that exists already is returned."""

    matter = serializers.CharField(max_length=50, help_text="事项编码", error_messages={"required": "请给出事项编码。"})
    enterprise = serializers.UUIDField(required=False, allow_null=True, help_text="以单位名义申请时，单位的标识")
    situation = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="情形导办的回答：问题标识 → 选项值",
    )
    again = serializers.BooleanField(default=False, help_text="已有草稿时另起一份")


class SectionSerializer(serializers.Serializer[Any]):
    """The answers of one part: an object, or for a repeating part a list of objects."""

    answers = serializers.JSONField(error_messages={"required": "请给出 answers。"})


class SituationAnswersSerializer(serializers.Serializer[Any]):
    """The answers to the scenario's questions, all at once."""

    situation = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="问题标识 → 选项值；不认得的会去掉",
        error_messages={"required": "请给出 situation。", "not_a_dict": "situation 应为对象。"},
    )


class UploadSerializer(serializers.Serializer[Any]):
    """One file of one material, as multipart/form-data."""

    key = serializers.CharField(
        max_length=64, help_text="材料标识", error_messages={"required": "请给出材料标识 key。"}
    )
    file = serializers.FileField(help_text="文件")


class PostalSerializer(serializers.Serializer[Any]):
    """Where the papers are to be sent by post, and that a carrier may know it."""

    recipient = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    agreed = serializers.BooleanField(help_text="同意把收件信息提供给承运单位")


class DeclareSerializer(serializers.Serializer[Any]):
    """The declaration without which nothing is submitted."""

    declared = serializers.BooleanField(help_text="承诺内容真实", error_messages={"required": "请阅读并作出承诺。"})
    way = serializers.ChoiceField(choices=Way.choices, default=Way.ORDINARY, help_text="一般办理，或者告知承诺")
    deferral_agreed = serializers.BooleanField(default=False, help_text="承诺按期补交可以容缺的材料")
    postal = PostalSerializer(required=False, allow_null=True, default=None, help_text="要邮寄的，寄到哪里")


class AskSerializer(serializers.Serializer[Any]):
    """Withdraw the application, or send the supplement that was put together."""

    action = serializers.ChoiceField(
        choices=[
            ("supplement", "提交补正"),
            ("supply_owed", "补交容缺材料"),
            ("withdraw", "撤回申请"),
            ("ask_hearing", "申请听证"),
        ]
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
