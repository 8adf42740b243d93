"""What is done to a version of a package: submit, send back, publish, withdraw, revise, discard. All by POST."""

import uuid

from django import forms
from django.contrib import messages
from django.core.validators import MinLengthValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from identity.models import Role
from matters.joint import publishing, queries
from matters.joint.publishing import JointMoved, NotYours
from matters.models import JointMatter, JointVersion
from matters.publishing import NotPublishable
from matters.views.staff.access import keeper
from matters.views.staff.joint import show
from matters.views.staff.joint_access import get_draft, get_joint, seen_by

MOVED = "这一版在您打开之后被别人修改或处理过，您的这一步没有做。请看下面现在的样子。"


class ReasonForm(forms.Form):
    """Why it is sent back or withdrawn; the reason stands in the record."""

    reason = forms.CharField(
        label="原因",
        max_length=1000,
        validators=[MinLengthValidator(4, "请写清楚原因，至少四个字。")],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因，会记入变更记录。"},
    )


class PublishForm(forms.Form):
    """From which day it holds."""

    effective_on = forms.DateField(
        label="生效日期",
        required=False,
        help_text="留空为今天。",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "请填写日期，例如 2027-01-05。"},
    )

    def clean_effective_on(self) -> object:
        """Not in the past: nobody can have kept to it."""
        day = self.cleaned_data["effective_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("生效日期不能早于今天。")
        return day


@require_POST
def revise(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Begin a new version from the one in force."""
    joint = get_joint(request, uid, Role.EDITOR)
    publishing.revise(joint, by=keeper(request))
    return redirect("catalogue:joint-edit", joint.uid)


@require_POST
def submit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand the draft to a publisher."""
    joint, version = get_draft(request, uid)
    try:
        publishing.submit(version, by=keeper(request), seen=seen_by(request))
    except NotPublishable:
        messages.error(request, "还有问题没有解决，不能提交审核。问题列在下面。")
        return show(request, joint, status=422)
    except JointMoved:
        return _moved(request, joint)
    messages.success(request, "已提交审核，由另一位发布人员核对后发布。")
    return redirect("catalogue:joint-package", joint.uid)


@require_POST
def send_back(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Back to the editor with the reason."""
    joint, version = _in_review(request, uid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, joint, status=422, back_form=form)
    try:
        reason = form.cleaned_data["reason"]
        publishing.send_back(version, by=keeper(request), seen=seen_by(request), reason=reason)
    except JointMoved:
        return _moved(request, joint)
    messages.success(request, "已退回编辑修改。")
    return redirect("catalogue:joint-package", joint.uid)


@require_POST
def publish(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Make the version public from a day on; not by whoever wrote it."""
    joint, version = _in_review(request, uid)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return show(request, joint, status=422, publish_form=form)
    day = form.cleaned_data["effective_on"]
    try:
        done = publishing.publish(version, by=keeper(request), seen=seen_by(request), effective_on=day)
    except NotYours as refused:
        messages.error(request, str(refused))
        return show(request, joint, status=403)
    except NotPublishable:
        messages.error(request, "提交以后有成员指南变化，现在不能发布。请退回编辑，按下面的问题修改。")
        return show(request, joint, status=422)
    except JointMoved:
        return _moved(request, joint)
    messages.success(request, f"第 {done.number} 版已发布，下一批交换后公众可以看到。")
    return redirect("catalogue:joint-package", joint.uid)


@require_POST
def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take the package from the public."""
    joint = get_joint(request, uid, Role.PUBLISHER)
    form = ReasonForm(request.POST, prefix="withdraw")
    if not form.is_valid():
        return show(request, joint, status=422, withdraw_form=form)
    try:
        publishing.withdraw(joint, by=keeper(request), reason=form.cleaned_data["reason"])
    except ValueError:
        return _moved(request, joint)
    messages.success(request, "已撤回，下一批交换后公众不再看到。")
    return redirect("catalogue:joint-package", joint.uid)


@require_POST
def discard(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Throw the draft away; a package that was never published goes with it."""
    joint, version = get_draft(request, uid)
    try:
        is_left = publishing.discard(version, seen=seen_by(request))
    except JointMoved:
        return _moved(request, joint)
    messages.success(request, "草稿已放弃。")
    return redirect("catalogue:joint-package", joint.uid) if is_left else redirect("catalogue:joint")


def _in_review(request: HttpRequest, uid: uuid.UUID) -> tuple[JointMatter, JointVersion]:
    """A package with the version that this publisher may decide on; 404 when none waits."""
    joint = get_joint(request, uid, Role.PUBLISHER)
    version = queries.open_version(joint)
    if version is None or version.state != JointVersion.State.REVIEW:
        raise Http404("这个“一件事”现在没有等待审核的版本。请回到它的页面看看。")
    return joint, version


def _moved(request: HttpRequest, joint: JointMatter) -> HttpResponse:
    messages.warning(request, MOVED)
    return show(request, joint, status=409)
