"""What officers' programs send and see of a filing at the window. Fields are named one by one; nothing comes along by accident."""

from typing import Any

from rest_framework import serializers

from applications import drafts
from applications.api.staff_serializers import PresentedSerializer
from applications.models import Application, CounterFiling
from applications.models.application import ApplicantKind
from applications.states import Way
from identity.numbers import mask_id_number
from matters import codes


def _words(help_text: str = "", **options: Any) -> serializers.CharField:
    """Words that the form of the pages judges: whether they are needed, how long they may be, check digits."""
    return serializers.CharField(required=False, allow_blank=True, help_text=help_text, **options)


class VisitorSerializer(serializers.Serializer[Any]):
    """Who applies and who stands at the window; numbers are checked like on the page."""

    kind = serializers.ChoiceField(
        choices=ApplicantKind.choices,
        error_messages={
            "required": "请写明是个人还是企业 kind。",
            "invalid_choice": "kind 应为 person 或 enterprise。",
        },
    )
    name = _words("申请人姓名或单位名称")
    number = _words("申请人身份证号或统一社会信用代码")
    document = _words("申请人出示的证件")
    capacity = _words("来人是：self 本人、head 法定代表人、agent 委托代理人")
    agent_name = _words("来人姓名")
    agent_number = _words("来人身份证号")
    agent_document = _words("来人出示的证件")
    has_authority = serializers.BooleanField(default=False, help_text="已收授权委托书")
    phone = _words("联系电话")
    address = _words("地址")
    window = _words("窗口")


class PresentSerializer(serializers.Serializer[Any]):
    """Paper and trust of one material."""

    key = serializers.CharField(max_length=64, help_text="材料标识")
    originals = serializers.IntegerField(default=0, min_value=0, max_value=99)
    copies = serializers.IntegerField(default=0, min_value=0, max_value=99)
    trust = serializers.ChoiceField(choices=sorted(codes.TRUST_LEVELS), help_text="可信等级，国办函〔2016〕108号")


class FillAtWindowSerializer(serializers.Serializer[Any]):
    """What is filled in and noted, as far as it is known."""

    situation = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="情形导办的回答"
    )
    answers = serializers.DictField(child=serializers.JSONField(), required=False, help_text="申请表：部分 → 内容")
    presented = PresentSerializer(many=True, required=False)


class BeginAtWindowSerializer(FillAtWindowSerializer):
    """Begin a filing; with everything in it, ``submit`` and ``declared`` it is filed at once."""

    matter = serializers.CharField(max_length=50, help_text="事项编码", error_messages={"required": "请给出事项编码。"})
    visitor = VisitorSerializer(error_messages={"required": "请写明来人 visitor。"})
    submit = serializers.BooleanField(default=False, help_text="内容齐全，立即提交并收件")
    declared = serializers.BooleanField(default=False, help_text="申请人已经核对并书面承诺")


class FileAtWindowSerializer(serializers.Serializer[Any]):
    """File what was begun."""

    seen = serializers.CharField(error_messages={"required": "请写明看到的状态 seen。"})
    declared = serializers.BooleanField(error_messages={"required": "请写明申请人已经承诺 declared。"})
    way = serializers.ChoiceField(choices=Way.choices, default=Way.ORDINARY)
    deferral_agreed = serializers.BooleanField(default=False)


class AskAtWindowSerializer(serializers.Serializer[Any]):
    """What the applicant asks in person of a running case."""

    action = serializers.ChoiceField(
        choices=[("supplement", "提交补正"), ("supply_owed", "补交容缺材料"), ("withdraw", "撤回申请")]
    )
    seen = serializers.CharField(error_messages={"required": "请写明看到的状态 seen。"})
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    presented = PresentSerializer(many=True, required=False)


class ScanSerializer(serializers.Serializer[Any]):
    """One scanned file of one material, as multipart/form-data."""

    key = serializers.CharField(max_length=64, help_text="材料标识")
    file = serializers.FileField(help_text="文件")


class CounterFilingSerializer(serializers.ModelSerializer[CounterFiling]):
    """Who came; the number masked."""

    presenter_number = serializers.SerializerMethodField()

    class Meta:
        model = CounterFiling
        fields = (
            *("window", "clerk_name", "document", "capacity", "presenter_name", "presenter_number"),
            *("presenter_document", "has_authority", "checked_at"),
        )

    def get_presenter_number(self, filing: CounterFiling) -> str:
        return mask_id_number(filing.presenter_id)


class AtWindowSerializer(serializers.ModelSerializer[Application]):
    """A filing at the window; ``missing`` says what still stops it."""

    matter_code = serializers.CharField(source="matter.code", read_only=True)
    state_label = serializers.CharField(read_only=True)
    seen = serializers.CharField(read_only=True)
    counter = CounterFilingSerializer(read_only=True)
    presented = PresentedSerializer(many=True, read_only=True)
    missing = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            *("uid", "number", "query_code", "matter_code", "channel", "applicant_kind", "applicant_name"),
            *(
                "state",
                "state_label",
                "seen",
                "submitted_at",
                "situation",
                "answers",
                "counter",
                "presented",
                "missing",
            ),
        )

    def get_missing(self, case: Application) -> dict[str, str]:
        return drafts.missing(case) if case.is_draft else {}
