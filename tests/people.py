"""The cast. Numbers have right check digits and places that do not exist (5199xx), so they can be nobody's."""

import pytest
from django.test import Client
from stdnum.cn import ric, uscc

from identity.fields import keyed_hash
from identity.models import Agency, AgencyRole, Department, Enterprise, Kind, Office, Person, Post, Role, User

PASSWORD = "Yizhan-2026"


def id_number(birth: str, serial: int) -> str:
    """A citizen number of the invented district 519901 with its check digit; birth as yyyymmdd, odd serials are men."""
    stem = f"519901{birth}{serial:03d}"
    return stem + ric.calc_check_digit(stem + "0")


def credit_code(serial: int) -> str:
    """A unified social credit code registered in the invented district 519901, with its check digit."""
    stem = f"91519901MA{serial:06d}X"
    return stem + uscc.calc_check_digit(stem + "0")


WANG_FANG_ID = id_number("19880312", 102)
LI_MING_ID = id_number("19790825", 11)
ZHAO_MIN_ID = id_number("19950606", 28)
ZHOU_DAHAI_ID = id_number("19520930", 77)
STRANGER_ID = id_number("19900101", 9)
QINGHE_USCC = credit_code(1)
OTHER_USCC = credit_code(2)


def make_applicant(username: str, name: str, number: str, phone: str = "13800001234") -> User:
    """An applicant's account with its person."""
    user = User.objects.create_user(username, password=PASSWORD, kind=Kind.APPLICANT, display_name=name)
    Person.objects.create(user=user, name=name, id_number=number, id_number_hash=keyed_hash(number), phone=phone)
    return user


def make_enterprise(name: str, code: str, manager: User, *agents: User) -> Enterprise:
    """An enterprise whose legal representative is its manager, with its agents."""
    enterprise = Enterprise.objects.create(
        name=name,
        uscc=code,
        uscc_hash=keyed_hash(code),
        legal_representative=manager.display_name,
        address="云川市青溪区滨河路 18 号",
    )
    Agency.objects.create(enterprise=enterprise, user=manager, role=AgencyRole.MANAGER)
    for agent in agents:
        Agency.objects.create(enterprise=enterprise, user=agent, role=AgencyRole.AGENT)
    return enterprise


def make_department(code: str, name: str, short_name: str, office: str = "行政审批科") -> Department:
    """A department with one office."""
    department = Department.objects.create(
        code=code, name=name, short_name=short_name, phone="0839-5550100", address="云川市政务服务中心"
    )
    Office.objects.create(department=department, name=office, phone="0839-5550101")
    return department


def make_staff(username: str, name: str, department: Department, *roles: str) -> User:
    """A staff account with a post for each role."""
    user = User.objects.create_user(username, password=PASSWORD, kind=Kind.STAFF, display_name=name)
    for role in roles:
        Post.objects.create(user=user, department=department, office=department.offices.first(), role=role)
    return user


def login(user: User) -> Client:
    """A browser in which the user is logged in."""
    client = Client()
    client.force_login(user)
    return client


# --- applicants


@pytest.fixture
def wang_fang(db: None) -> User:
    """王芳 applies for herself."""
    return make_applicant("wangfang", "王芳", WANG_FANG_ID, "13900010001")


@pytest.fixture
def li_ming(db: None) -> User:
    """李明 is legal representative and manager of 青禾餐饮."""
    return make_applicant("liming", "李明", LI_MING_ID, "13900010002")


@pytest.fixture
def zhao_min(db: None) -> User:
    """赵敏 is an agent of 青禾餐饮."""
    return make_applicant("zhaomin", "赵敏", ZHAO_MIN_ID, "13900010003")


@pytest.fixture
def zhou_dahai(db: None) -> User:
    """周大海 is a citizen with nothing to do with the others."""
    return make_applicant("zhoudahai", "周大海", ZHOU_DAHAI_ID, "13900010004")


@pytest.fixture
def stranger(db: None) -> User:
    """外人: another applicant who must see nothing of the others' cases."""
    return make_applicant("wairen", "外人", STRANGER_ID, "13900010005")


@pytest.fixture
def qinghe(li_ming: User, zhao_min: User) -> Enterprise:
    """云川市青禾餐饮管理有限公司."""
    return make_enterprise("云川市青禾餐饮管理有限公司", QINGHE_USCC, li_ming, zhao_min)


# --- departments and staff


@pytest.fixture
def market_bureau(db: None) -> Department:
    """市场监管局, the department of most tests."""
    return make_department("YC-SCJG", "云川市市场监督管理局", "市市场监管局")


@pytest.fixture
def housing_bureau(db: None) -> Department:
    """住建局."""
    return make_department("YC-ZJ", "云川市住房和城乡建设局", "市住建局")


@pytest.fixture
def hr_bureau(db: None) -> Department:
    """人社局."""
    return make_department("YC-RS", "云川市人力资源和社会保障局", "市人社局")


@pytest.fixture
def clerk(market_bureau: Department) -> User:
    """陈静, window clerk of 市场监管局."""
    return make_staff("chenjing", "陈静", market_bureau, Role.CLERK)


@pytest.fixture
def reviewer(market_bureau: Department) -> User:
    """刘洋, reviewer of 市场监管局."""
    return make_staff("liuyang", "刘洋", market_bureau, Role.REVIEWER)


@pytest.fixture
def approver(market_bureau: Department) -> User:
    """孙立, approver of 市场监管局."""
    return make_staff("sunli", "孙立", market_bureau, Role.APPROVER)


@pytest.fixture
def inspector(market_bureau: Department) -> User:
    """郑刚, inspector of 市场监管局."""
    return make_staff("zhenggang", "郑刚", market_bureau, Role.INSPECTOR)


@pytest.fixture
def editor(market_bureau: Department) -> User:
    """何苗, who writes guides of 市场监管局."""
    return make_staff("hemiao", "何苗", market_bureau, Role.EDITOR)


@pytest.fixture
def publisher(market_bureau: Department) -> User:
    """罗宁, who publishes guides of 市场监管局."""
    return make_staff("luoning", "罗宁", market_bureau, Role.PUBLISHER)


@pytest.fixture
def operator(hr_bureau: Department) -> User:
    """许航 runs the site; an operator has an account on each side."""
    return make_staff("xuhang", "许航", hr_bureau, Role.OPERATOR)


@pytest.fixture
def housing_clerk(housing_bureau: Department) -> User:
    """冯涛, window clerk of 住建局."""
    return make_staff("fengtao", "冯涛", housing_bureau, Role.CLERK)


@pytest.fixture
def housing_reviewer(housing_bureau: Department) -> User:
    """蒋蓉, reviewer of 住建局."""
    return make_staff("jiangrong", "蒋蓉", housing_bureau, Role.REVIEWER)


@pytest.fixture
def housing_approver(housing_bureau: Department) -> User:
    """沈岳, approver of 住建局."""
    return make_staff("shenyue", "沈岳", housing_bureau, Role.APPROVER)


@pytest.fixture
def hr_clerk(hr_bureau: Department) -> User:
    """韩雪, window clerk of 人社局."""
    return make_staff("hanxue", "韩雪", hr_bureau, Role.CLERK)


@pytest.fixture
def hr_reviewer(hr_bureau: Department) -> User:
    """曹阳, reviewer of 人社局."""
    return make_staff("caoyang", "曹阳", hr_bureau, Role.REVIEWER)


@pytest.fixture
def hr_approver(hr_bureau: Department) -> User:
    """邓松, approver of 人社局."""
    return make_staff("dengsong", "邓松", hr_bureau, Role.APPROVER)


@pytest.fixture
def outsider(housing_bureau: Department) -> User:
    """外人 of the staff: holds every working role, but in another department."""
    return make_staff("wairen-jg", "外人", housing_bureau, Role.CLERK, Role.REVIEWER, Role.APPROVER)
