"""Everything that changes who there is. Callers validate what people typed; these keep the rules between rows."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity import arrivals, revision
from identity.fields import keyed_hash
from identity.models import Agency, AgencyRole, Department, Enterprise, Kind, Office, OrgNature, Person, Post, User
from sync import outbox

DEPARTMENT_PUBLISHED = "department.published"
# One sentence for every cause, so that nobody can try out whose number has an account here.
CANNOT_REGISTER = _(
    "无法用这些身份信息注册：可能有一项填错了，或者您以前已经注册过。请核对后重试；注册过的请直接登录，仍有疑问请带身份证到窗口办理。"
)


# --- applicants (outer side)


@transaction.atomic
def register_person(user: User, *, name: str, id_number: str, phone: str) -> Person:
    """Bind a citizen to a new account; ValidationError (CANNOT_REGISTER) when the citizen has one already."""
    user.kind = Kind.APPLICANT
    user.display_name = name
    user.save()
    try:
        with transaction.atomic():
            person = Person.objects.create(
                user=user, name=name, id_number=id_number, id_number_hash=keyed_hash(id_number), phone=phone
            )
    except IntegrityError as error:
        raise ValidationError(CANNOT_REGISTER) from error
    arrivals.greet(person)
    return person


@transaction.atomic
def register_enterprise(
    user: User, *, name: str, uscc: str, legal_representative: str, address: str = ""
) -> Enterprise:
    """Register an enterprise and make the user its manager; ValidationError when the code is registered already."""
    try:
        with transaction.atomic():
            enterprise = Enterprise.objects.create(
                name=name,
                uscc=uscc,
                uscc_hash=keyed_hash(uscc),
                legal_representative=legal_representative,
                address=address,
            )
    except IntegrityError as error:
        raise ValidationError(
            _(
                "无法登记这家企业：可能有一项填错了，或者它已由别人登记。请核对营业执照；如果已登记，请让企业的管理员把您添加为经办人。"
            )
        ) from error
    Agency.objects.create(enterprise=enterprise, user=user, role=AgencyRole.MANAGER)
    arrivals.greet(enterprise)
    return enterprise


@transaction.atomic
def add_agent(enterprise: Enterprise, *, username: str, name: str) -> Agency:
    """Let an applicant act for the enterprise; user name and real name must both fit, or ValidationError."""
    user = User.objects.filter(username=username, person__name=name, kind=Kind.APPLICANT, is_active=True).first()
    if user is None:
        raise ValidationError(
            _("没有找到用户名和姓名都相符的申请人账号。请与经办人核对：他须先在本网站注册，用户名区分大小写。")
        )
    agency, created = Agency.objects.get_or_create(
        enterprise=enterprise, user=user, defaults={"role": AgencyRole.AGENT}
    )
    if not created and agency.active:
        raise ValidationError(_("%(name)s已经可以代表这家企业办事，不用重复添加。"), params={"name": name})
    if not created:
        Agency.objects.filter(pk=agency.pk).update(active=True, role=AgencyRole.AGENT)
        agency.refresh_from_db()
    return agency


@transaction.atomic
def end_agency(agency: Agency) -> None:
    """End an agency; ValidationError for the last manager, without whom nobody could appoint another."""
    # Locks the managers in one order, so that two managers cannot remove each other at the same moment.
    managers = Agency.objects.select_for_update().filter(
        enterprise=agency.enterprise, role=AgencyRole.MANAGER, active=True
    )
    if list(managers.order_by("pk").values_list("pk", flat=True)) == [agency.pk]:
        raise ValidationError(_("这是企业唯一的管理员，不能移除。"))
    Agency.objects.filter(pk=agency.pk).update(active=False)


def change_phone(person: Person, phone: str) -> None:
    """Keep another phone number for the person (个人信息保护法 46: the right to have data corrected)."""
    person.phone = phone
    person.save(update_fields=["phone"])


# --- departments and staff (inner side; the outer receives departments)


@transaction.atomic
def save_department(
    code: str,
    name: str,
    *,
    short_name: str = "",
    uscc: str = "",
    org_nature: str = OrgNature.STATUTORY,
    phone: str = "",
    address: str = "",
    offices: Iterable[Mapping[str, str]] = (),
    coordinates: bool | None = None,
) -> Department:
    """Create or update a department by its code, with its offices (``{"name", "phone"}``).

    Offices that are no longer named stay: posts and old matters refer to them. ``coordinates``: whether it keeps every
    department's guides; None leaves that as it is.
    """
    department, _created = Department.objects.update_or_create(
        code=code,
        defaults={
            "name": name,
            "short_name": short_name,
            "uscc": uscc,
            "org_nature": org_nature,
            "phone": phone,
            "address": address,
            **({} if coordinates is None else {"coordinates": coordinates}),
        },
    )
    for office in offices:
        Office.objects.update_or_create(
            department=department, name=office["name"], defaults={"phone": office.get("phone", "")}
        )
    revision.bump()
    return department


def publish_department(department: Department) -> None:
    """Send the department to the outer side; inside the transaction that changed it."""
    outbox.record(
        DEPARTMENT_PUBLISHED,
        f"department:{department.code}",
        {
            "code": department.code,
            "name": department.name,
            "short_name": department.short_name,
            "uscc": department.uscc,
            "org_nature": department.org_nature,
            "phone": department.phone,
            "address": department.address,
            "offices": list(department.offices.values("name", "phone")),
        },
    )


@transaction.atomic
def save_staff(username: str, name: str, password: str, posts: Iterable[tuple[Department, str, str]]) -> User:
    """Create or update a staff account with its posts: (department, role, office name or empty).

    Posts that are no longer named are ended. An empty password keeps the old one. ValidationError for a weak password
    or a user name that belongs to an applicant; ObjectDoesNotExist for an office that the department does not have.
    """
    known = User.objects.filter(username=username).first()
    user = known or User(username=username, kind=Kind.STAFF)
    if user.kind != Kind.STAFF:
        raise ValidationError(_("用户名 %(username)s 属于一位申请人，请换一个。"), params={"username": username})
    user.display_name = name
    if password:
        validate_password(password, user)
        user.set_password(password)
    elif known is None:
        user.set_unusable_password()
    user.save()
    _set_posts(user, posts)
    return user


def _set_posts(user: User, posts: Iterable[tuple[Department, str, str]]) -> None:
    Post.objects.filter(user=user).update(active=False)
    for department, role, office_name in posts:
        office = department.offices.get(name=office_name) if office_name else None
        Post.objects.update_or_create(
            user=user, department=department, role=role, defaults={"office": office, "active": True}
        )
