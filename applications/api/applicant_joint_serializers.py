"""What applicants' programs see of their joint cases. Fields are named one by one; nothing comes along by accident."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.api.applicant_serializers import MyCaseSerializer
from applications.api.joint_limit import JointLimitSerializer, limit_of
from applications.joint import papers, standing
from applications.joint.papers import Paper
from applications.models import JointCase


class MyMemberSerializer(MyCaseSerializer):
    """A member as a case of its own: its page in the interface is ``applications/{uid}/`` once it is submitted."""

    class Meta(MyCaseSerializer.Meta):
        fields = (  # type: ignore[assignment]
            "uid",
            "number",
            "matter",
            "matter_code",
            "department",
            "state",
            "state_label",
            "waits_its_turn",
            "situation",
            "next_step",
            "accepted_on",
            "next_due",
            "correction_due",
            "corrections",
            "documents",
            "requests",
            "licence",
        )


class MyJointListSerializer(serializers.ModelSerializer[JointCase]):
    """One row; a draft has no number yet."""

    package = serializers.CharField(source="version.joint.code", read_only=True)
    name = serializers.CharField(source="version.joint.name", read_only=True)
    enterprise = serializers.UUIDField(source="enterprise.uid", default=None, read_only=True)
    state_label = serializers.SerializerMethodField()

    class Meta:
        model = JointCase
        fields = (
            "uid",
            "number",
            "package",
            "name",
            "enterprise",
            "applicant_name",
            "state_label",
            "saved_at",
            "submitted_at",
        )

    def get_state_label(self, joint: JointCase) -> str:
        return "草稿" if joint.is_draft else standing.words(list(joint.children.all()))


class PaperSerializer(serializers.Serializer[Paper]):
    """A paper that is handed in once; ``files`` are what it has, ``members`` who wants it."""

    key = serializers.CharField()
    name = serializers.CharField(source="row.name")
    necessity = serializers.CharField()
    formats = serializers.ListField(child=serializers.CharField())
    max_mb = serializers.IntegerField()
    max_files = serializers.IntegerField()
    members = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    def get_members(self, paper: Paper) -> list[str]:
        return [taker.case.matter.code for taker in paper.takers]

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_files(self, paper: Paper) -> list[dict[str, Any]]:
        return [{"file_name": row.file_name, "size": row.size, "sha256": row.sha256} for row in paper.files()]


class MyJointSerializer(MyJointListSerializer):
    """The whole joint case: the form, what is missing, the papers of a draft, every member, the joint limit."""

    missing = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    limit = serializers.SerializerMethodField()

    class Meta(MyJointListSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *MyJointListSerializer.Meta.fields,
            "query_code",
            "answers",
            "sections_done",
            "missing",
            "papers",
            "members",
            "limit",
        )

    def get_missing(self, joint: JointCase) -> dict[str, str]:
        found: dict[str, str] = self.context.get("missing", {})
        return found

    @extend_schema_field(PaperSerializer(many=True))
    def get_papers(self, joint: JointCase) -> Any:
        return [PaperSerializer(one).data for one in papers.papers(joint)] if joint.is_draft else []

    @extend_schema_field(MyMemberSerializer(many=True))
    def get_members(self, joint: JointCase) -> Any:
        return MyMemberSerializer(papers.children_of(joint), many=True).data

    @extend_schema_field(JointLimitSerializer)
    def get_limit(self, joint: JointCase) -> Any:
        return limit_of(joint)


class BeginJointSerializer(serializers.Serializer[Any]):
    """Begin a joint draft; without ``again`` the draft that exists already is returned."""

    package = serializers.CharField(
        max_length=50, help_text="一件事的编码", error_messages={"required": "请给出一件事的编码 package。"}
    )
    members = serializers.ListField(
        child=serializers.CharField(max_length=50), default=list, help_text="要一起办的、可以不办的成员事项的编码"
    )
    enterprise = serializers.UUIDField(required=False, allow_null=True, help_text="以单位名义申请时，单位的标识")
    again = serializers.BooleanField(default=False, help_text="已有草稿时另起一份")


class UploadPaperSerializer(serializers.Serializer[Any]):
    """One file of one paper, as multipart/form-data."""

    key = serializers.CharField(max_length=130, help_text="材料标识，见 papers")
    file = serializers.FileField(help_text="文件")


class DeclareJointSerializer(serializers.Serializer[Any]):
    """The declaration without which nothing is submitted."""

    declared = serializers.BooleanField(help_text="承诺内容真实", error_messages={"required": "请阅读并作出承诺。"})
    deferral_agreed = serializers.BooleanField(default=False, help_text="承诺按期补交可以容缺的材料")


class WithdrawSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
