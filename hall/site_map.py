"""The site map: what the access table opens to this person, in groups. Pages that this side lacks do not appear."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hall import access

SECTIONS = (
    (
        _("办事"),
        (
            ("hall:home", _("首页")),
            ("matters:browse", _("办事指南")),
            ("matters:departments", _("按部门查找")),
            ("matters:packages", _("一件事一次办")),
            ("hall:search", _("搜索")),
            ("matters:datasets", _("查询服务")),
            ("matters:datasets-across", _("一处查多库")),
            ("applications:status", _("办件查询")),
            ("applications:statistics", _("办件统计")),
            ("applications:check-start", _("文书证照核验")),
            ("applications:mine", _("我的办件")),
            ("applications:licences", _("我的证照")),
        ),
    ),
    (
        _("办公"),
        (
            ("applications:worklist", _("工作台")),
            ("applications:counter", _("窗口收件")),
            ("applications:staff-licences", _("证照")),
            ("applications:staff-bars", _("不得再次申请")),
            ("applications:ratings", _("好差评")),
            ("applications:alerts", _("提醒和督办")),
            ("applications:supervision", _("效能监察")),
            ("applications:report", _("监察月报")),
            ("catalogue:desk", _("事项管理")),
            ("catalogue:joint", _("一件事管理")),
            ("catalogue:datasets", _("查询服务")),
            ("sync:operator", _("网间交换")),
        ),
    ),
    (
        _("账号"),
        (
            ("account_login", _("登录")),
            ("account_signup", _("注册")),
            ("identity:account", _("我的账号")),
            ("account_change_password", _("修改密码")),
            ("mfa_index", _("两步验证")),
        ),
    ),
    (
        _("关于本站"),
        (
            ("hall:help", _("办事帮助")),
            ("hall:contact", _("联系我们与网站找错")),
            ("hall:accessibility", _("无障碍声明")),
            ("matters:open-data", _("开放数据")),
            ("api-docs", _("开放接口")),
        ),
    ),
)


def sections(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """``{title, links: [{url, words}]}`` without empty groups."""
    for title, rows in SECTIONS:
        links = list(_links(request, rows))
        if links:
            yield {"title": title, "links": links}


def _links(request: HttpRequest, rows: Iterable[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    for route, words in rows:
        if access.shows(request, route):
            yield {"url": reverse(route), "words": words}
