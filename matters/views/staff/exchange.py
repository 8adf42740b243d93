"""Guides out and in: download a workbook or JSON, upload it, see what is wrong, save all of it or nothing."""

import tempfile
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity.models import Role, User
from identity.offering import offer
from matters import editors
from matters.checks.problem import LABELS
from matters.models import GuideImport, GuideImportItem, Matter
from matters.views.staff.access import keeper
from matters.views.staff.desk import tabs
from matters.workbook import applying, document, dry_run, exporting, listing, writing
from matters.workbook.applying import CannotApply
from matters.workbook.dry_run import Keeper
from matters.workbook.package import Refused
from matters.workbook.writing import CannotWrite

SHOWN = 200
SHOWN_ITEMS = 100
RECENT = 5
FORMATS = {
    "xlsx": ("Excel 工作簿（.xlsx）", writing, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON 文档（.json）", document, "application/json"),
}
STANDINGS = {"": "全部", "draft": "有草稿的", "published": "已发布的", "never": "还没有发布过的"}


class Download(forms.Form):
    """Which matters go out, and as what."""

    department = forms.ChoiceField(label="部门", required=False)
    standing = forms.ChoiceField(label="状态", required=False, choices=list(STANDINGS.items()))
    q = forms.CharField(label="名称或实施编码", required=False, max_length=100)
    format = forms.ChoiceField(label="格式", choices=[(name, words[0]) for name, words in FORMATS.items()])

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = editors.departments_for(user)
        choices = [("", "全部"), *((department.code, department.name) for department in departments)]
        offer(self, "department", choices)

    def given(self, name: str) -> str:
        """What was chosen in a field, once the form is valid."""
        return str(self.cleaned_data[name]).strip()


class Upload(forms.Form):
    """The edited file."""

    file = forms.FileField(
        label="改好的文件",
        help_text=f"Excel 工作簿（.xlsx）或 JSON，最大 {settings.HALL_MAX_UPLOAD_MB} MB。上传后先检查，不会马上保存。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json"}),
        error_messages={
            "required": "请先选择文件。",
            "empty": "这个文件是空的（0 字节）。请确认它能打开，再重新选择。",
        },
    )

    def clean_file(self) -> UploadedFile:
        """Within the site's limit for one file."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.HALL_MAX_UPLOAD_MB * 1024 * 1024:
            raise forms.ValidationError(f"文件超过 {settings.HALL_MAX_UPLOAD_MB} MB。请分成几个文件上传。")
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Download, upload, and what this person imported lately. POST judges a file and goes to its result."""
    user = keeper(request)
    upload = Upload(request.POST, request.FILES) if request.method == "POST" else Upload()
    if request.method == "POST" and upload.is_valid():
        file = upload.cleaned_data["file"]
        try:
            batch = dry_run.run(file.file, file.name, Keeper.of(user))
            return HttpResponseRedirect(reverse("catalogue:import", args=[batch.uid]))
        except Refused as error:
            upload.add_error("file", str(error))
    return _page(request, Download(user), upload)


def _page(request: HttpRequest, download: Download, upload: Upload) -> HttpResponse:
    user = keeper(request)
    bad = download.errors or upload.errors
    context = {
        "tabs": tabs(request),
        "download": download,
        "upload": upload,
        "bad": download if download.errors else upload,
        "may_import": editors.departments_for(user, Role.EDITOR).exists(),
        "recent": GuideImport.objects.filter(by=user, ready=True)[:RECENT],
        "crumbs": [{"text": "事项管理", "url": reverse("catalogue:desk")}, {"text": "导入导出"}],
    }
    return render(request, "matters/staff/exchange.html", context, status=422 if bad else 200)


@require_GET
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The chosen matters of this person's departments as a file; ``code`` in the address, several times, picks single ones."""
    user = keeper(request)
    form = Download(user, request.GET)
    if not form.is_valid():
        return _page(request, form, Upload())
    codes = request.GET.getlist("code")
    narrowed = {"department": form.given("department"), "standing": form.given("standing"), "text": form.given("q")}
    matters = exporting.chosen(editors.matters_for(user), **narrowed, codes=codes)
    kind = form.cleaned_data["format"]
    out = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    try:
        count = FORMATS[kind][1].write(exporting.contents(matters), out)
    except CannotWrite as error:
        form.add_error(None, str(error))
        count = 0
    if not count and (form.errors or codes or any(narrowed.values())):
        out.close()
        if not form.errors:
            form.add_error(None, "没有符合条件的事项。换一个部门或状态试试，或者不填名称。")
        return _page(request, form, Upload())
    out.seek(0)
    name = f"事项-{timezone.localdate():%Y%m%d}-{count}项.{kind}"
    return FileResponse(out, as_attachment=True, filename=name, content_type=FORMATS[kind][2])


def get_import(request: HttpRequest, uid: uuid.UUID) -> GuideImport:
    """A dry run of this person; another person's and one that is not there give the same 404."""
    batch = GuideImport.objects.filter(by=keeper(request), ready=True, uid=uid).first()
    if batch is None:
        raise Http404("没有找到这次导入。只有检查它的人看得到，重新上传以后，以前没有保存的就不在了。")
    return batch


@require_GET
def result(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What a dry run found, or what was saved."""
    return _result(request, get_import(request, uid))


def _result(request: HttpRequest, batch: GuideImport, refusal: CannotApply | None = None) -> HttpResponse:
    items = batch.items.defer("content").select_related("department")[:SHOWN_ITEMS]
    uids = dict(Matter.objects.filter(code__in=[item.code for item in items]).values_list("code", "uid"))
    rows = [(item, _labels(item), uids.get(item.code)) for item in items]
    context = {
        "tabs": tabs(request),
        "batch": batch,
        "refusal": refusal,
        "problems": list(batch.problems.all()[:SHOWN]),
        "problem_count": batch.errors + batch.lacks,
        "rows": rows,
        "item_count": batch.created + batch.changed,
        "consequences": _consequences(batch),
        "crumbs": [
            {"text": "事项管理", "url": reverse("catalogue:desk")},
            {"text": "导入导出", "url": reverse("catalogue:exchange")},
            {"text": batch.file_name},
        ],
    }
    return render(request, "matters/staff/import.html", context, status=409 if refusal else 200)


def _labels(item: GuideImportItem) -> str:
    return "、".join(str(LABELS.get(name, name)) for name in item.fields)


def _consequences(batch: GuideImport) -> list[str]:
    lines = [
        f"新增 {batch.created} 个事项的草稿" if batch.created else "",
        f"改动 {batch.changed} 个事项的草稿" if batch.changed else "",
    ]
    kept = "正在公布的指南不变；草稿照常审核、发布以后才会公布"
    lacks = f"还有 {batch.lacks} 处要在发布前补上，不影响保存" if batch.lacks else ""
    return [line for line in (*lines, lacks, kept) if line]


@require_POST
def apply(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Save all of it, or say why nothing was saved."""
    batch = get_import(request, uid)
    try:
        applying.apply(batch, Keeper.of(keeper(request)), digest=request.POST.get("digest", ""))
    except CannotApply as refusal:
        return _result(request, batch, refusal)
    return HttpResponseRedirect(reverse("catalogue:import", args=[batch.uid]))


@require_GET
def problems(request: HttpRequest, uid: uuid.UUID) -> StreamingHttpResponse:
    """All problems as CSV."""
    batch = get_import(request, uid)
    answer = StreamingHttpResponse(listing.lines(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return answer
