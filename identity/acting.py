"""In whose name an applicant is working: their own, or an enterprise's. Chosen once, kept in the session."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from identity.models import Agency, Enterprise, Person, User

SESSION_KEY = "acting_enterprise"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who sits at the screen, and for whom: ``enterprise`` is None when the person acts for themselves."""

    user: User
    person: Person
    enterprise: Enterprise | None

    @property
    def name(self) -> str:
        """The applicant's name: the enterprise's, or the person's own."""
        return self.enterprise.name if self.enterprise else self.person.name


def signed_in(request: HttpRequest) -> User:
    """The user who is logged in; PermissionDenied for nobody (the access table has asked before)."""
    if not isinstance(request.user, User):
        raise PermissionDenied(_("请先登录。"))
    return request.user


def agencies_of(user: User) -> QuerySet[Agency]:
    """The active agencies of a user, with their enterprises, in the order in which they began."""
    return Agency.objects.filter(user=user, active=True).select_related("enterprise").order_by("pk")


def acting_for(request: HttpRequest) -> Acting:
    """Whom the logged-in applicant acts for now. PermissionDenied for an account without a person.

    The agency is looked up on every call: one that was ended a minute ago no longer counts.
    """
    user = signed_in(request)
    person = Person.objects.filter(user=user).first()
    if person is None:
        raise PermissionDenied(_("这个账号没有实名信息，不能以申请人身份办事。"))
    uid = request.session.get(SESSION_KEY)
    agency = agencies_of(user).filter(enterprise__uid=uid).first() if uid else None
    return Acting(user, person, agency.enterprise if agency else None)


def choose(request: HttpRequest, enterprise: Enterprise | None) -> None:
    """Work in this name from now on; PermissionDenied for an enterprise that the user is no agent of."""
    user = signed_in(request)
    if enterprise is None:
        request.session.pop(SESSION_KEY, None)
        return
    if not agencies_of(user).filter(enterprise=enterprise).exists():
        raise PermissionDenied(_("您不是这家企业的经办人。"))
    request.session[SESSION_KEY] = str(enterprise.uid)
