"""Words for the application form."""

from matters.editing.word import Word

FIELD_TYPES = {
    "text": "一行文字",
    "textarea": "多行文字",
    "integer": "整数",
    "decimal": "小数",
    "money": "金额（元）",
    "date": "日期",
    "choice": "单选",
    "multichoice": "多选",
    "yesno": "是或否",
    "phone": "电话号码",
    "email": "电子邮箱",
    "id_number": "身份证号",
    "uscc": "统一社会信用代码",
    "address": "地址",
}
PREFILL_SOURCES = {
    "enterprise.name": "企业名称",
    "enterprise.uscc": "企业的统一社会信用代码",
    "enterprise.legal_representative": "企业的法定代表人",
    "enterprise.address": "企业地址",
    "person.name": "申请人姓名",
    "person.id_number": "申请人身份证号",
    "person.phone": "申请人手机号",
}
WORDS = {
    "FormDefinition": {
        "title": Word("申请表名称", "印在表头。", "食品经营许可申请书"),
        "sections": Word("各部分", "申请人一次填一个部分，一个部分一页。", row="个部分", title="title"),
    },
    "Section": {
        "key": Word("部分标识", "会自动编好，一般不用改；只含小写字母、数字和 _。", "s1", is_rare=True, fresh="s"),
        "title": Word("部分名称", "这一页的标题。", "经营场所"),
        "help": Word("这一页的说明", "告诉申请人要准备什么。", "请按营业执照填写。"),
        "repeating": Word("可以填多行", "例如几名从业人员，一人一行。"),
        "min_rows": Word("最少几行", "可以填多行时有用，不填按 1。", "1", is_rare=True),
        "max_rows": Word("最多几行", "可以填多行时有用，不填按 10。", "10", is_rare=True),
        "fields": Word("填写项", "这一页问的每一个问题，按顺序。", row="个填写项", title="label"),
    },
    "Field": {
        "key": Word("填写项标识", "会自动编好，一般不用改；只含小写字母、数字和 _。", "f1", is_rare=True, fresh="f"),
        "type": Word("怎么填", "决定用什么样的输入框，以及怎样核对。", options=FIELD_TYPES),
        "label": Word("问什么", "申请人看到的名称。", "经营面积（平方米）"),
        "label_en": Word("英文名称", "英文页面上的名称。", "Floor area (m²)", is_rare=True),
        "help": Word("说明", "容易填错的地方。", "按房屋产权证填写。"),
        "required": Word("必须填写", "不勾选就是选填。"),
        "example": Word("示例值", "印在填写样表上。必须填写的都要有。多选的用逗号隔开。", "60"),
        "choices": Word("选项", "单选、多选时写每一个选项。", row="个选项", title="label"),
        "min": Word("最小值", "数字或日期的下限，没有就空着。", "5", is_rare=True),
        "max": Word("最大值", "数字或日期的上限，没有就空着。", "5000", is_rare=True),
        "max_length": Word("最多几个字", "不填按 200。", "200", is_rare=True),
        "pattern": Word("格式规则", "正则表达式，会用的人才填。", "[A-Z]{2}[0-9]{6}", is_rare=True),
        "shown_when": Word("什么时候问", "不选就是总是问；选了就只在那样回答以后才问。"),
        "prefilled_from": Word(
            "自动填好", "从申请人登记的信息里带出来，申请人可以改。", is_rare=True, options=PREFILL_SOURCES
        ),
    },
    "Choice": {
        "value": Word("选项标识", "会自动编好，一般不用改。", "c1", is_rare=True, fresh="c"),
        "label": Word("选项", "申请人看到的文字。", "热食类食品制售"),
    },
    "ShownWhen": {
        "target": Word("只在这样回答以后问", "只有单选、多选和是否题可以选。", offer="answers", is_closed=True),
        "section": Word("哪个部分", "由上面的选择写入。", "s1"),
        "field": Word("哪个填写项", "由上面的选择写入。", "f1"),
        "equals": Word("回答是什么", "由上面的选择写入。", "yes"),
    },
}
