"""The page that tells which open data there is, how new, and what the fields mean."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters import open_data
from matters.views.pages import public_page

FILES = (
    ("json", "api-public:catalogue-json", gettext_lazy("完整目录（JSON）"), gettext_lazy("全部已发布事项的办事指南和表单，供程序使用")),
    ("gz", "api-public:catalogue-gz", gettext_lazy("完整目录（压缩的 JSON）"), gettext_lazy("内容同上，下载更快")),
    ("csv", "api-public:catalogue-csv", gettext_lazy("事项清单（CSV）"), gettext_lazy("每个事项一行，可以用 Excel、WPS 打开")),
)  # fmt: skip
FIELDS = (
    ("schema", gettext_lazy("格式版本，现在是 1；删去或改名字段时加一，增加字段时不变")),
    ("publisher, licence, source", gettext_lazy("发布单位、使用条件、出处")),
    ("generated_at, revision, count", gettext_lazy("生成时间、内容版本、事项数")),
    ("matters[].code, name, department, url", gettext_lazy("实施编码、名称、部门、办事指南网址")),
    ("matters[].version", gettext_lazy("指南版本：版本号、摘要、生效日期、发布时间")),
    ("matters[].header, guide", gettext_lazy("编码、面向、主题等要素，和指南的二十个要素")),
    ("matters[].form, scenario", gettext_lazy("申请表和情形导办的定义；没有的事项不含这一项")),
)


@public_page
def open_data_page(request: HttpRequest) -> HttpResponse:
    """Files with size and date, conditions of use, fields."""
    release = open_data.wanted()
    context = {
        "release": release,
        "files": [
            {"title": title, "text": text, "url": reverse(route), "size": release.files[kind]["size"]}
            for kind, route, title, text in FILES
        ]
        if release
        else [],
        "fields": FIELDS,
        "publisher": open_data.publisher(),
        "licence": settings.HALL_OPEN_DATA_LICENCE,
        "crumbs": [{"text": _("开放数据")}],
    }
    return render(request, "matters/open_data.html", context)
