"""What a joint matter says, as types: its members, what staff say about their merge, and the merge itself.

A part of a member is named by a reference: ``code/key`` for a material or a section, ``code/section.field`` for a question.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from matters import codes
from matters.fieldtypes import Lenient, one_of
from matters.formdef import FormDefinition
from matters.guide import Contact, Faq, FeeItem, Limit, ServiceAddress

Promise = Annotated[int, Field(ge=0, le=3650)]


def ref(code: str, key: str) -> str:
    """The reference of a part of the member ``code``."""
    return f"{code}/{key}"


def member_of(reference: str) -> str:
    """The code of the member that a reference belongs to."""
    return reference.partition("/")[0]


class Member(Lenient):
    """A matter of the package; members of one stage run side by side. With ``when`` it is needed only in that situation."""

    code: str = ""
    stage: Annotated[int, Field(ge=1, le=20)] = 1
    when: str = ""


class Grouping(Lenient):
    """What staff say against the automatic merge: these parts are one, under this name; a single part stands alone."""

    name: str = ""
    of: list[str] = []


class Rules(Lenient):
    """The groupings of materials, of form sections and of form fields."""

    materials: list[Grouping] = []
    sections: list[Grouping] = []
    fields: list[Grouping] = []


class Use(Lenient):
    """A member's material behind a merged one, with what that member says of it."""

    ref: str = ""
    necessity: Annotated[str, one_of(codes.NECESSITIES)] = ""
    shared_data: bool = False
    only_when: list[str] = []


class MergedMaterial(Lenient):
    """A paper that is asked once. ``is_form``: it is the joint form."""

    name: str = ""
    kind: Annotated[str, one_of(codes.MATERIAL_KINDS)] = "other"
    is_form: bool = False
    source: Annotated[str, one_of(codes.SOURCES)] = ""
    issuer: str = ""
    originals: int = 0
    copies: int = 0
    electronic: bool = True
    formats: list[str] = []
    max_mb: int = 20
    max_files: int = 5
    how_to: str = ""
    uses: list[Use] = []

    @property
    def refs(self) -> list[str]:
        """The members' materials that it stands for."""
        return [use.ref for use in self.uses]

    @property
    def codes(self) -> list[str]:
        """The members that want it, each once."""
        return distinct(member_of(use.ref) for use in self.uses)

    @property
    def shared_data(self) -> bool:
        """Whether no member needs it from the applicant: all fetch it themselves (国令716 art. 7)."""
        return all(use.shared_data for use in self.uses)

    @property
    def necessity(self) -> str:
        """The strictest among the members that need it from the applicant."""
        asking = [use for use in self.uses if not use.shared_data] or self.uses
        said = {use.necessity for use in asking}
        return next((word for word in ("必要", "可容缺", "非必要") if word in said), "")

    @property
    def is_conditional(self) -> bool:
        """Whether every member wants it only in some of its own situations."""
        return all(use.only_when for use in self.uses)


class MergedCondition(Lenient):
    """A condition and the members that make it."""

    text: str = ""
    codes: list[str] = []


class MemberFacts(Lenient):
    """What a package keeps of a member's guide: which version it was, and what it takes alone."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    department: str = ""
    department_code: str = ""
    stage: int = 1
    when: str = ""
    guide_uid: str = ""
    number: int = 0
    is_licence: bool = False
    service_objects: list[str] = []
    law: Limit = Limit()
    promise: Limit = Limit()
    visits: int = 0
    forms: int = 0
    materials: int = 0
    questions: int = 0
    fees: list[FeeItem] = []
    outcome: str = ""


class Package(Lenient):
    """The merge: what the applicant is asked, once. ``mapping`` leads from ``section.field`` of the joint form to the members'."""

    members: list[MemberFacts] = []
    materials: list[MergedMaterial] = []
    form: FormDefinition = FormDefinition()
    mapping: dict[str, list[str]] = {}
    conditions: list[MergedCondition] = []
    limit: Promise = 0
    visits: int = 0

    def member(self, code: str) -> MemberFacts:
        """The member with this code; KeyError when there is none."""
        for member in self.members:
            if member.code == code:
                return member
        raise KeyError(code)


class JointContent(Lenient):
    """A version of a package. ``package`` is there once it is published; before, it follows the members' guides.

    ``limit`` (working days) and ``visits`` are computed where nothing is said.
    """

    name: str = ""
    name_en: str = ""
    lead: str = ""
    life_event: Annotated[str, one_of(codes.LIFE_EVENTS)] = ""
    audiences: list[Annotated[str, one_of(codes.AUDIENCES)]] = []
    themes: list[str] = []
    aliases: list[str] = []
    description: str = ""
    members: list[Member] = []
    rules: Rules = Rules()
    limit: Promise | None = None
    limit_basis: str = ""
    visits: Annotated[int, Field(ge=0, le=99)] | None = None
    place: ServiceAddress = ServiceAddress()
    contact: Contact = Contact()
    faq: list[Faq] = []
    package: Package | None = None


def distinct(values: Iterable[str]) -> list[str]:
    """Each value once, in the order in which they came; empty ones are left out."""
    return [value for value in dict.fromkeys(values) if value]
