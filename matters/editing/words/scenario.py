"""Words for the questions of the scenario."""

from matters.editing.word import Word

WORDS = {
    "Scenario": {
        "questions": Word("问题", "按问的顺序写。问得越少越好，能从回答里省掉材料的才问。", row="个问题", title="text"),
    },
    "Question": {
        "key": Word("问题标识", "会自动编好，一般不用改。", "q1", is_rare=True, fresh="q"),
        "text": Word("问题", "用申请人的话问。", "您是新开店，还是变更已有的许可？"),
        "text_en": Word("英文问题", "英文页面上的问题。", "Is this a new shop?", is_rare=True),
        "help": Word("说明", "怎么判断该选哪个。", "换了负责人或地址，都算变更。"),
        "kind": Word("怎么答", "只能选一个，还是可以选几个。", options={"one": "只选一个", "many": "可以选几个"}),
        "choices": Word("回答", "至少两个。", row="个回答", title="label"),
        "only_when": Word("只在这些回答以后问", "不勾选就是总是问。", offer="situations", is_closed=True, is_rare=True),
    },
    "ScenarioChoice": {
        "value": Word("回答标识", "会自动编好，一般不用改。", "c1", is_rare=True, fresh="c"),
        "label": Word("回答", "申请人看到的文字。", "新开店"),
        "label_en": Word("英文回答", "英文页面上的文字。", "A new shop", is_rare=True),
        "hint": Word("说明", "写在回答下面的小字。", "以前没有办过这个证"),
        "stop": Word(
            "到此为止时告诉他什么",
            "选了这个回答就不能在这里办的，写明该怎么办；能办的空着。",
            "仅卖预包装食品的，请办备案。",
            is_long=True,
        ),
        "stop_matter": Word(
            "应当改办哪个事项", "写那个事项的实施编码，申请人可以直接点过去；没有就空着。", "scjg-0001"
        ),
        "fills": Word("带进申请表", "选了这个回答，就替申请人把申请表里的相应项填好。", row="项", title="value"),
    },
    "Fill": {
        "target": Word("填到哪里", "选申请表里的填写项。", offer="form_fields", is_closed=True),
        "section": Word("哪个部分", "由上面的选择写入。", "s1"),
        "field": Word("哪个填写项", "由上面的选择写入。", "f1"),
        "value": Word("填什么", "单选、多选写选项标识；是否题写 yes 或 no。", "yes", offer="values"),
    },
}
