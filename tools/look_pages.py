"""Which pages ``make look`` takes a picture of: one row a page, in the order of a visit.

``{…}`` in a path is filled by tools/look_inside.py from the demo's data; ``follow`` goes on through the first link that fits each
selector, so that a row needs no number of a case. ``who`` is a demo account (or a ``{…}``), "" nobody. Every row is taken at 1280 and 375 px,
public ones also in English, and some in the elderly view.
"""

from dataclasses import dataclass

APPLICANT = "liming"
NEWCOMER = "zhoudahai"
CLERK = "sunli"
REVIEWER = "chengang"
APPROVER = "gaoyuan"
INSPECTOR = "yanming"
EDITOR = "zhouning"
PUBLISHER = "weili"
CHIEF_PUBLISHER = "xuzhuo"
DEPARTMENT = "scjg"
OUTER_OPERATOR = "wangcheng"
INNER_OPERATOR = "cuili"
LONG_SEARCH = "/search/?q=%E9%A3%9F%E5%93%81"


@dataclass(frozen=True)
class Row:
    """One page to look at."""

    name: str
    side: str
    path: str
    who: str = ""
    follow: tuple[str, ...] = ()
    english: bool = False
    elder: bool = False
    typed: tuple[tuple[str, str], ...] = ()  # field and value: typed and sent, the answer is the page to look at


def public(name: str, path: str, *follow: str, elder: bool = False, typed: tuple[tuple[str, str], ...] = ()) -> Row:
    """A page of the outer side that anybody may open: also in English."""
    return Row(name, "outer", path, follow=follow, english=True, elder=elder, typed=typed)


def mine(name: str, path: str, *follow: str, who: str = APPLICANT) -> Row:
    """An applicant's page."""
    return Row(name, "outer", path, who, follow)


def work(name: str, path: str, *follow: str, who: str = CLERK) -> Row:
    """A page of the office."""
    return Row(name, "inner", path, who, follow)


SCENARIO = "/matters/{matter}/situation/"
SITUATION = "trade=catering&raw=yes&premises=rented&online=yes"

GUIDE = "a[href^='/matters/']:not([href='/matters/']):not([href*='?'])"
DATASET = "main td a[href^='/catalogue/datasets/']"

PAGES = [
    # --- anybody
    public("首页", "/", elder=True),
    public("搜索有结果", LONG_SEARCH, elder=True),
    public("搜索材料", "/search/?q=%E6%89%A7%E7%85%A7&department=scjg"),
    public("搜索错字", "/search/?q=%E8%90%A5%E4%B8%9A%E6%89%A7%E7%BD%A9"),
    public("搜索首字母", "/search/?q=yyzz"),
    public("搜索无结果", "/search/?q=%E6%B2%A1%E6%9C%89"),
    public("事项列表", "/matters/"),
    public("企业事项", "/matters/?audience=enterprise"),
    public("人生大事", "/matters/?life=license"),
    public("部门", "/departments/"),
    public("部门事项", f"/departments/{DEPARTMENT}/"),
    public("办事指南", LONG_SEARCH, GUIDE, elder=True),
    public("自查", LONG_SEARCH, GUIDE, "a[href$='/check/']"),
    public("一件事列表", "/packages/"),
    public("一件事", "/packages/restaurant/", elder=True),
    public("一件事按情形", "/packages/restaurant/?narrow=1"),
    public("情形提问", SCENARIO),
    public("情形没有选", f"{SCENARIO}?was-asked=trade"),
    public("情形一次告知单", f"{SCENARIO}?{SITUATION}", elder=True),
    public("情形不在这里办", f"{SCENARIO}?trade=packaged"),
    public("办件查询", "/status/"),
    public("办件查询结果", "/status/", typed=(("number", "{number}"), ("code", "{query_code}"))),
    public("查询服务", "/query/", elder=True),
    public("查询服务全部记录", "/query/food-hygiene-grades/"),
    public("查询服务有结果", "/query/food-hygiene-grades/?name=%E5%BA%B7%E5%AE%81&grade=A"),
    public("查询服务无结果", "/query/food-hygiene-grades/?name=%E6%B2%A1%E6%9C%89"),
    public("查询服务详情", "/query/food-hygiene-grades/", "main table a"),
    public("查询服务凭号码", "/query/skill-subsidies/"),
    public("查询服务一处查多库", "/query/all/?q=%E6%9C%9B%E6%B1%9F", elder=True),
    public("查询服务一处查多库无结果", "/query/all/?q=%E6%B2%A1%E6%9C%89%E7%9A%84"),
    public("查询服务行政许可公示", "/query/xzxk/"),
    public("查询服务行政许可公示详情", "/query/xzxk/", "main table a"),
    public("证照核验入口", "/check/"),
    public("证照核验有效", "/check/{check_valid}/"),
    public("证照核验无此码", "/check/NOSUCHCODE00/"),
    public("帮助", "/help/"),
    public("联系我们", "/contact/"),
    public("网站地图", "/sitemap/"),
    public("无障碍声明", "/accessibility/"),
    public("接口说明", "/api/docs/"),
    public("开放数据", "/open-data/"),
    public("页面不存在", "/no-such-page/"),
    public("登录", "/accounts/login/"),
    public("注册", "/accounts/signup/"),
    Row("组件", "outer", "/components/"),
    # --- an applicant
    mine("我的办件", "/my/"),
    mine("我的办件空", "/my/", who="{idle}"),
    mine("我的证照", "/my/licences/"),
    mine("我的证照空", "/my/licences/", who="{idle}"),
    mine("证照", "/my/licences/", "main td a[href^='/my/licences/'], main th a[href^='/my/licences/']"),
    mine("开始申请", "/apply/{matter}/"),
    mine("任务清单", "/drafts/{case_DRAFT}/"),
    mine("情形我的情况", "/drafts/{case_DRAFT}/situation/"),
    mine("情形重新回答", "/drafts/{case_DRAFT}/situation/?re-ask=trade"),
    mine("填写一节", "/drafts/{case_DRAFT}/sections/{section}/"),
    mine("材料", "/drafts/{case_DRAFT}/materials/"),
    mine("核对答案", "/drafts/{case_DRAFT}/check/"),
    mine("删除草稿", "/drafts/{case_DRAFT}/delete/"),
    mine("办件已收件", "/my/{case_RECEIVED}/"),
    mine("提交成功", "/my/{case_CLOSED}/submitted/"),
    mine("办件待补正", "/my/{any_CORRECTION}/", who="{owner_CORRECTION}"),
    mine("补正", "/my/{any_CORRECTION}/correct/", who="{owner_CORRECTION}"),
    mine("办件审查中", "/my/{case_IN_REVIEW}/"),
    mine("办件已办结", "/my/{case_CLOSED}/"),
    mine("撤回", "/my/{case_IN_REVIEW}/withdraw/"),
    mine("账号", "/account/"),
    mine("修改手机", "/account/phone/"),
    mine("登记企业", "/account/enterprises/new/"),
    mine("企业", "/account/", "a[href^='/account/enterprises/']:not([href$='/new/'])"),
    mine("修改密码", "/accounts/password/change/"),
    mine("两步验证", "/accounts/mfa/"),
    mine("不许进入", "/sync/"),
    # --- the operator of the outer side
    Row("外网运维", "outer", "/sync/", who=OUTER_OPERATOR),
    # --- the office
    Row("内网登录", "inner", "/accounts/login/"),
    work("证照列表", "/licences/?tab=all", who=APPROVER),
    work("内网证照", "/licences/?tab=all", "main td a[href^='/licences/']", who=APPROVER),
    work("证照注销", "/licences/", "main td a[href^='/licences/']", "a[href$='/cancel/']", who=APPROVER),
    work("不得再次申请", "/bars/", who=APPROVER),
    work("搜索词", "/catalogue/words/", who=EDITOR),
    work("搜索词添加", "/catalogue/words/?word=%E7%BB%93%E5%A9%9A%E8%AF%81", who=EDITOR),
    work("同义词修改", "/catalogue/words/", "a[href^='/catalogue/words/']:not([href='/catalogue/words/'])", who=EDITOR),
    work("工作台窗口", "/work/"),
    work("工作台审查", "/work/", who=REVIEWER),
    work("工作台审批", "/work/", who=APPROVER),
    work("工作台监察", "/work/", who=INSPECTOR),
    work("本部门办件", "/work/?tab=department"),
    work("案件已收件", "/work/{work_RECEIVED}/"),
    work("受理", "/work/{work_RECEIVED}/moves/accept/"),
    work("一次性告知补正", "/work/{work_RECEIVED}/moves/ask_correction/"),
    work("不予受理", "/work/{work_RECEIVED}/moves/refuse_intake/"),
    work("案件审查中", "/work/{work_IN_REVIEW}/", who=REVIEWER),
    work("通过", "/work/{work_IN_REVIEW}/moves/pass_on/", who=REVIEWER),
    work("特别程序", "/work/{work_IN_REVIEW}/moves/pause/", who=REVIEWER),
    work("案件待决定", "/work/{work_PENDING_DECISION}/", who=APPROVER),
    work("准予", "/work/{work_PENDING_DECISION}/moves/grant/", who=APPROVER),
    work("不予许可", "/work/{work_PENDING_DECISION}/moves/refuse/", who=APPROVER),
    work("案件特别程序", "/work/{work_SPECIAL}/", who=REVIEWER),
    work("案件已办结", "/work/{work_CLOSED}/"),
    work("撤销证照", "/work/{work_CLOSED}/licence/revoke/", who=APPROVER),
    work("情形一览", "/catalogue/?tab=published&q=食品经营", ".what a", "a[href$='/situations/']", who=PUBLISHER),
    work("内网账号", "/account/"),
    work("窗口收件", "/counter/"),
    work("统计", "/statistics/", who=INSPECTOR),
    work("监察", "/supervision/", who=INSPECTOR),
    work("监察月报", "/supervision/report/", who=INSPECTOR),
    work("监察预警", "/alerts/", who=INSPECTOR),
    work("评价", "/ratings/", who=APPROVER),
    work("短语", "/work/templates/"),
    work("标签", "/work/labels/"),
    # --- the catalogue's editor
    work("新建事项", "/catalogue/new/", who=EDITOR),
    work("导入导出", "/catalogue/exchange/", who=EDITOR),
    work("编辑指南新", "/catalogue/{draft_new}/edit/", who=EDITOR),
    work("编辑指南有问题", "/catalogue/{draft_faulty}/edit/?open=guide.materials", who=EDITOR),
    work("草稿预览", "/catalogue/{draft_faulty}/preview/", who=EDITOR),
    work("试填申请表", "/catalogue/{draft_faulty}/try-form/?example=1", who=EDITOR),
    # --- the catalogue's keepers
    work("一件事管理", "/catalogue/joint/", who=EDITOR),
    work("一件事版本", "/catalogue/joint/", "main th a", who=EDITOR),
    # --- those who keep the query services
    work("查询服务列表", "/catalogue/datasets/", who=EDITOR),
    work("查询服务新建", "/catalogue/datasets/new/", who=EDITOR),
    work("查询服务一项", "/catalogue/datasets/", DATASET, who=EDITOR),
    work("查询服务修改", "/catalogue/datasets/", DATASET, "main a[href$='/edit/']", who=EDITOR),
    work("查询服务字段", "/catalogue/datasets/", DATASET, "main td a[href*='/fields/']", who=EDITOR),
    work("查询服务装入数据", "/catalogue/datasets/", DATASET, "main a[href$='/data/']", who=EDITOR),
    work("查询服务撤回", "/catalogue/datasets/", DATASET, "main a[href$='/withdraw/']", who=CHIEF_PUBLISHER),
    # --- those who keep the catalogue
    work("事项管理", "/catalogue/?tab=all", who=EDITOR),
    work("事项管理待审核", "/catalogue/", who=PUBLISHER),
    work("事项管理空", "/catalogue/?tab=withdrawn", who=PUBLISHER),
    work("事项三版", "/catalogue/?tab=published&q=竣工", ".what a", who=EDITOR),
    work("事项草稿有问题", "/catalogue/?tab=draft", ".what a", who=EDITOR),
    work("事项核对到期", "/catalogue/?tab=findings", ".what a", who=EDITOR),
    work("两版比较", "/catalogue/?tab=published&q=竣工", ".what a", ".row-links a", who=EDITOR),
    work("第一版全部内容", "/catalogue/?tab=published&q=居住证", ".what a", ".row-links a", who=EDITOR),
    work("审核指南", "/catalogue/?tab=review", ".next a", who=PUBLISHER),
    # --- the operator of the inner side
    Row("内网运维", "inner", "/sync/", who=INNER_OPERATOR),
]

# Forms that anybody may download, by the name their picture gets.
FORMS = {
    "form-blank": "/forms/{matter}/blank.pdf",
    "form-sample": "/forms/{matter}/sample.pdf",
    "guide-sheet": "/forms/{matter}/guide.pdf",
    "package-form": "/forms/packages/restaurant/blank.pdf",
    "package-sheet": "/forms/packages/restaurant/guide.pdf",
    "situation-sheet": f"/forms/{{matter}}/situation.pdf?{SITUATION}",
}
