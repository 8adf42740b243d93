"""Code tables of GB/T 39046-2020 annex A and the hall's own short lists, with labels in both languages."""

from django.utils.translation import gettext_lazy as _

MATTER_TYPES = {
    "00": _("行政权力"),
    "01": _("行政许可"),
    "02": _("行政处罚"),
    "03": _("行政强制"),
    "04": _("行政征收"),
    "05": _("行政给付"),
    "06": _("行政检查"),
    "07": _("行政确认"),
    "08": _("行政奖励"),
    "09": _("行政裁决"),
    "10": _("其他行政权力"),
    "20": _("公共服务"),
}
LICENCE = "01"
CASE_KINDS = {"1": _("即办件"), "2": _("承诺件"), "9": _("其他")}
INSTANT = "1"
LEVELS = {
    "1": _("国家级"),
    "2": _("省级"),
    "3": _("市级"),
    "4": _("县级"),
    "5": _("镇（乡、街道）级"),
    "6": _("村（社区）级"),
    "7": _("分级管理"),
}
ORG_NATURES = {"1": _("法定机关"), "2": _("授权组织"), "3": _("受委托组织"), "9": _("其他")}
SERVICE_OBJECTS = {
    "1": _("自然人"),
    "2": _("企业法人"),
    "3": _("事业法人"),
    "4": _("社会组织法人"),
    "5": _("行政机关"),
    "6": _("其他组织"),
}
AUDIENCES = {
    "person": _("个人"),
    "enterprise": _("企业"),
    "investor": _("投资者"),
    "traveller": _("旅游者"),
}
# What happens in a person's life and in an enterprise's, by which people look for matters.
PERSON_EVENTS = {
    "birth": _("出生"),
    "school": _("上学"),
    "military": _("参军"),
    "work": _("就业"),
    "marriage": _("结婚"),
    "home": _("置业"),
    "travel": _("出行"),
    "medical": _("就医"),
    "hardship": _("救助"),
    "retirement": _("退休"),
    "death": _("身后"),
}
ENTERPRISE_EVENTS = {
    "found": _("开办企业"),
    "license": _("准营"),
    "build": _("建设"),
    "run": _("经营"),
    "hire": _("用工"),
    "change": _("变更"),
    "close": _("注销"),
}
LIFE_EVENTS = {**PERSON_EVENTS, **ENTERPRISE_EVENTS}
SPECIAL_PROCEDURES = {
    "hearing": _("听证"),
    "tender": _("招标"),
    "auction": _("拍卖"),
    "inspection": _("检验"),
    "testing": _("检测"),
    "quarantine": _("检疫"),
    "appraisal": _("鉴定"),
    "expert_review": _("专家评审"),
}
# 许可类别 of the credit publication (双公示).
LICENCE_CLASSES = ("普通", "特许", "认可", "核准", "登记", "其他")
CROSS_SCOPES = ("全国", "跨省", "跨市", "跨县")
DEPTHS = {
    "1": _("互联网咨询"),
    "2": _("互联网收件"),
    "3": _("互联网预审"),
    "4": _("互联网受理"),
    "5": _("互联网办理"),
    "6": _("互联网办理结果信息反馈"),
    "7": _("互联网电子证照反馈"),
    "8": _("其他"),
}
OTHER_DEPTH = "8"
CHANNELS = {
    "1": _("窗口办理"),
    "2": _("电脑端网上办理"),
    "3": _("移动端网上申请"),
    "4": _("快递申请"),
    "9": _("其他"),
}
ONLINE_CHANNELS = {"2", "3"}
MAIL_CHANNEL = "4"
# From this depth on the whole handling is online (互联网办理 and what follows it); 8 is 其他.
FULLY_ONLINE_DEPTHS = {"5", "6", "7"}
UNITS = {"G": _("个工作日"), "Z": _("个自然日"), "M": _("个月")}
BASIS_LEVELS = ("法律", "行政法规", "国务院决定", "地方性法规", "规章", "规范性文件")
# 行政许可法 arts. 14-17: what may create a licence. A rule of a province may do so for one year (art. 15).
LICENSING_BASIS_LEVELS = ("法律", "行政法规", "国务院决定", "地方性法规", "规章")
MATERIAL_KINDS = {
    "form": _("申请表"),
    "certificate": _("证照"),
    "proof": _("证明"),
    "plan": _("方案图纸"),
    "photo": _("照片"),
    "other": _("其他文件"),
}
NECESSITIES = {"必要": _("必要"), "非必要": _("非必要"), "可容缺": _("可容缺")}
SOURCES = {"申请人自备": _("申请人自备"), "政府部门核发": _("政府部门核发"), "其他": _("其他来源")}
TRUST_LEVELS = {
    "A": _("签发机构产生，可直接使用"),
    "B": _("窗口已核验原件，可重复使用"),
    "C": _("申请人上传，须核验原件"),
    "D": _("申请人自制并承诺真实"),
}
STEP_KINDS = {
    "apply": _("申请"),
    "accept": _("受理"),
    "review": _("审查"),
    "decide": _("决定"),
    "deliver": _("送达"),
}
STEP_ROLES = {
    "applicant": _("申请人"),
    "clerk": _("窗口人员"),
    "reviewer": _("审查人员"),
    "approver": _("审批负责人"),
    "inspector": _("监察人员"),
}
CERTIFICATE = "10"
APPROVAL = "20"
OUTCOME_TYPES = {"10": _("证照"), "20": _("批文"), "30": _("其他")}
VALIDITY_UNITS = {"Y": _("年"), "M": _("个月"), "D": _("天"), "P": _("长期")}
DELIVERIES = {"窗口领取": _("窗口领取"), "邮寄": _("邮寄"), "电子": _("电子送达")}
