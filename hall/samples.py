"""What the components page shows: each component in every state, with names as long as real ones."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

SPRITE = Path(__file__).parent / "static" / "hall" / "icons.svg"
LONG_NAME = "内蒙古自治区鄂尔多斯市康巴什区云川清河生态农业综合开发与餐饮服务管理有限责任公司"


class SampleForm(forms.Form):
    """One field of each kind."""

    shop = forms.CharField(label="店铺招牌名称", help_text="与门头上写的一致，如“云川清河酒楼”。")
    opening = forms.DateField(
        label="计划开业日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="最早为今天。"
    )
    size = forms.IntegerField(label="经营面积（平方米）", required=False, max_value=99999)
    kind = forms.ChoiceField(
        label="经营类别", choices=[("", "请选择"), ("meal", "热食类食品制售"), ("cold", "冷食类食品制售")]
    )
    kitchen = forms.ChoiceField(
        label="后厨是否使用明火", choices=[("yes", "是"), ("no", "否")], widget=forms.RadioSelect
    )
    about = forms.CharField(label="情况说明", required=False, widget=forms.Textarea)
    scan = forms.FileField(label="租赁合同", required=False)
    agree = forms.BooleanField(label="我承诺所填内容真实，愿意承担不实的法律责任")


def form_with_errors() -> SampleForm:
    """The form as it comes back."""
    form = SampleForm({"shop": "", "opening": "2026-02-30", "size": "很大", "kind": "meal"})
    form.is_valid()
    form.add_error(None, "这个地址已经有一件同样的申请正在办理，请先查看。")
    return form


def _moment(day: int, hour: int) -> datetime:
    return datetime(2026, 2, day, hour, 3, tzinfo=UTC)


def _page() -> Page:
    return Paginator(range(1, 1321), 50).page(7)


def icon_names() -> list[str]:
    """Every icon of the sprite."""
    return re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text())


def all_samples() -> dict[str, Any]:
    """The context of the components page."""
    return {
        "crumbs": [{"text": "办事指南", "url": "/"}, {"text": "食品经营许可（新办）"}],
        "form": SampleForm(),
        "wrong": form_with_errors(),
        "icons": icon_names(),
        "tones": ["", "blue", "green", "amber", "red"],
        "lines": ["材料 2 处需要补正", "营业执照不清晰"],
        "filter_form": SampleForm(auto_id="filter_%s"),
        "page": _page(),
        "day": date(2026, 2, 27),
        "moment": _moment(27, 6),
        **_case_samples(),
    }


def _case_samples() -> dict[str, Any]:
    return {
        "entries": [
            {"title": "提交申请", "when": _moment(2, 1), "who": "王芳", "kind": "done"},
            {
                "title": "收件",
                "when": _moment(3, 2),
                "who": "窗口 陈静",
                "kind": "done",
                "tag": "已出回执",
                "tone": "green",
            },
            {
                "title": "专家评审，暂停计时",
                "when": _moment(4, 2),
                "kind": "paused",
                "text": "评审需要 15 个工作日，不计入办理期限。",
            },
            {"title": "审查", "kind": "current", "who": "市场监督管理局", "text": "承诺 2026年3月12日 前完成"},
            {"title": "决定", "kind": "todo"},
        ],
        "tasks": [
            {"title": "申请人信息", "state": "已完成", "tone": "green", "url": "#", "icon": "check"},
            {"title": "经营场所", "hint": "地址、面积、平面图", "state": "填写中", "tone": "blue", "url": "#"},
            {"title": "上传材料", "hint": "6 份，已传 2 份", "state": "未开始", "url": "#"},
            {"title": "核对并提交", "state": "完成以上内容后可用"},
        ],
        "checks": [
            {"text": "有固定的经营场所", "ok": True},
            {
                "text": "从业人员健康证明在有效期内",
                "ok": False,
                "note": "可先到云川市疾病预防控制中心体检，一般 3 个工作日出证。",
            },
            {"text": "布局流程合理，防止交叉污染", "ok": None},
        ],
        "rows": [
            {"label": "申请单位", "value": LONG_NAME, "url": "#"},
            {"label": "联系电话", "value": "138****1234", "url": "#"},
            {"label": "传真", "value": "", "url": "#"},
        ],
        "tabs": [
            {"title": "待我办理", "url": "#", "count": 12, "current": True},
            {"title": "本部门", "url": "#", "count": 148},
            {"title": "临近期限", "url": "#", "count": 3},
            {"title": "已超期", "url": "#", "count": 0},
        ],
        "steps": [
            {"title": "确认条件", "state": "done"},
            {"title": "填写信息", "state": "done"},
            {"title": "上传材料", "state": "current", "hint": "还差 2 份"},
            {"title": "核对提交"},
        ],
        "material": {
            "key": "lease",
            "name": "经营场所使用证明",
            "necessity": "必要",
            "formats": ["pdf", "jpg", "png"],
            "max_mb": 20,
            "max_files": 5,
            "how_to": "自有的交产权证，租用的交租赁合同。",
            "sample_url": "#",
            "template_url": "#",
        },
        "other_material": {
            "key": "plan",
            "name": "经营场所平面布局图",
            "necessity": "可容缺",
            "formats": ["pdf"],
            "max_mb": 5,
            "max_files": 1,
        },
        "files": [
            {
                "name": "青溪区滨河路十八号一至三层房屋租赁合同（含补充协议）扫描件.pdf",
                "size": 3_456_789,
                "url": "#",
                "delete_url": "#",
            }
        ],
        "consequences": [
            "出具《准予行政许可决定书》，并盖电子印章",
            "通知申请人领取《食品经营许可证》",
            "办件不能再退回",
        ],
        "hidden": {"seen": "REVIEW-7"},
    }
