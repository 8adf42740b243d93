"""Which pages ``make look`` takes a picture of: one row a page, in the order of a visit.

``path`` is where to begin; each selector of ``follow`` is a link to go through from there, so that a row needs no number of a
case. ``who`` is a demo account, "" nobody. Public pages are also taken in English.
"""

from dataclasses import dataclass

PASSWORD = "Yizhan-2026"
APPLICANT = "liming"
CLERK = "clerk"
OUTER_OPERATOR = "operator"
INNER_OPERATOR = "operator"


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


PAGES = [
    # --- anybody, outer side
    Row("首页", "outer", "/", english=True, elder=True),
    Row("搜索有结果", "outer", "/search/?q=食品", english=True),
    Row("搜索无结果", "outer", "/search/?q=没有这样的事项"),
    Row("帮助", "outer", "/help/", english=True),
    Row("联系我们", "outer", "/contact/", english=True),
    Row("网站地图", "outer", "/sitemap/", english=True),
    Row("无障碍声明", "outer", "/accessibility/", english=True),
    Row("组件", "outer", "/components/"),
    Row("页面不存在", "outer", "/no-such-page/", english=True),
    Row("登录", "outer", "/accounts/login/", english=True),
    Row("注册", "outer", "/accounts/signup/", english=True),
    Row("接口说明", "outer", "/api/docs/", english=True),
    # --- an applicant
    Row("账号", "outer", "/account/", who=APPLICANT),
    Row("修改密码", "outer", "/accounts/password/change/", who=APPLICANT),
    # --- the operator of the outer side
    Row("外网运维", "outer", "/sync/", who=OUTER_OPERATOR),
    # --- staff, inner side
    Row("内网登录", "inner", "/accounts/login/"),
    # --- the operator of the inner side
    Row("内网运维", "inner", "/sync/", who=INNER_OPERATOR),
]
