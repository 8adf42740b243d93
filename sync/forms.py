"""What the operator can hand in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A batch file brought on a disk."""

    file = forms.FileField(
        label=_("批次文件"),
        help_text=_("对端生成的 .zip 文件。拿到哪一份都可以放心上传：重复的不会应用两次，不对的会被隔离并说明原因。"),
        error_messages={
            "required": _("请选择要上传的批次文件。"),
            "empty": _("文件是空的，可能没有拷贝成功。请重新拷贝后再上传。"),
        },
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".zip"}),
    )


class ApproveForm(forms.Form):
    """A new epoch of the peer is approved by somebody who has compared it with the other administrator."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    compared = forms.BooleanField(
        label=_("已经与对端管理员电话核对过纪元号、原因和条数，对端没有两套系统在发送。"),
        error_messages={"required": _("请先与对端管理员核对，再勾选。")},
    )


class DismissForm(forms.Form):
    """Why a record is given up."""

    note = forms.CharField(
        label=_("放弃的原因"),
        max_length=500,
        error_messages={"required": _("请写明放弃的原因，例如：该申请已在窗口另行办理。")},
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
