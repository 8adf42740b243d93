"""Words for the entries of the guide's lists."""

from matters.editing.word import Word

_ONLY_WHEN = Word(
    "只在这些情形下适用",
    "不勾选就是总是适用。同一个问题勾几个回答，任一个都算；勾了几个问题，每个都要符合。",
    offer="situations",
    is_closed=True,
    is_rare=True,
)
WORDS = {
    "LegalBasis": {
        "level": Word("效力层级", "这部依据是哪一级的。"),
        "title": Word("名称", "全称，不用书名号。", "中华人民共和国食品安全法"),
        "doc_no": Word("文号", "公布它的文号，或者哪年修正。", "2021年修正"),
        "article": Word("条款号", "写到条、款、项。", "第三十五条第一款"),
        "text": Word(
            "条文内容", "把条文原样写上，申请人不用再去查。", "国家对食品生产经营实行许可制度……", is_long=True
        ),
    },
    "Condition": {
        "text": Word("条件", "至少 4 个字，要具体。", "有与经营的食品品种、数量相适应的固定场所", is_long=True),
        "question": Word(
            "自查时怎么问", "写了就会在登录前问申请人，用能答“是”“否”的问题。", "您的经营场所是否已经固定？"
        ),
        "answer_if_not": Word(
            "答“否”时告诉他什么", "现在不能办，下一步该做什么。", "请先落实场所再来申请。", is_long=True
        ),
        "only_when": _ONLY_WHEN,
    },
    "Material": {
        "key": Word("材料标识", "本站用来认这份材料，会自动编好，一般不用改。", "m1", is_rare=True, fresh="m"),
        "name": Word("材料名称", "写明是什么，不能写“其他材料”。", "经营场所使用证明"),
        "kind": Word("材料类别", "选“申请表”的，要在“表格下载”里给出空白表和样表。"),
        "necessity": Word("必要性", "可容缺：先受理，限期补上。"),
        "source": Word("来源渠道", "由谁出具。"),
        "issuer": Word("出具单位", "政府部门核发的，写明是哪个部门。", "市场监督管理部门"),
        "originals": Word("原件份数", "不要原件填 0。", "1"),
        "copies": Word("复印件份数", "不要复印件填 0。", "1"),
        "electronic": Word("可以交电子件", "勾选后申请人可以网上上传。"),
        "formats": Word(
            "收哪些文件",
            "网上上传时接受的格式。",
            offer="formats",
            is_closed=True,
            is_rare=True,
        ),
        "max_mb": Word("每个文件最大（MB）", "不填按 20。", "20", is_rare=True),
        "max_files": Word("最多几个文件", "不填按 5。", "5", is_rare=True),
        "basis": Word("依据", "哪一条要求交它（国令第 716 号第七条：没有依据的不得要求）。", "食品安全法第三十五条"),
        "shared_data": Word("已与数据共享，不用提交", "勾选后申请人不用交，由我们核查。"),
        "trust": Word("电子件可信等级", "A 最可信，D 由申请人承诺（国办函〔2016〕108 号）。", is_rare=True),
        "how_to": Word("怎么准备", "签名、盖章、装订等要求。", "加盖公章，或者由负责人签名。", is_long=True),
        "sample_note": Word("样例说明", "样例是什么样子。", "样例为租赁合同首页和签章页。"),
        "only_when": _ONLY_WHEN,
    },
    "FormDownload": {
        "material_key": Word("对应哪份材料", "选材料清单里的申请表。", offer="materials", is_closed=True),
        "name": Word("表格名称", "下载时看到的名称。", "食品经营许可申请书"),
        "format": Word(
            "格式", "pdf、docx、ofd 或 xlsx。", "pdf", options={f: f for f in ("pdf", "docx", "ofd", "xlsx")}
        ),
        "blank": Word("空白表", "写 generated 表示由本站按在线申请表生成，或者写文件的网址。", "generated"),
        "sample": Word("填写样表", "写 generated 表示由本站用示例值生成，或者写文件的网址。", "generated"),
    },
    "FeeItem": {
        "name": Word("项目名称", "和收费目录一致。", "特种设备检验费"),
        "standard": Word("标准", "多少钱、按什么算。", "每台 320 元"),
        "basis": Word("依据", "哪个文件定的标准（行政许可法第五十九条）。", "川发改价格〔2018〕12 号"),
        "reducible": Word("可以减免", "有减免政策的请勾选。"),
        "amount_cents": Word("金额（分）", "固定金额写多少分；因情况而不同的填 0。", "32000", is_rare=True),
        "only_when": _ONLY_WHEN,
    },
    "Step": {
        "order": Word("序号", "从 1 起；序号相同的环节同时进行。", "3"),
        "kind": Word("环节类别", "审查和决定两类就是办件在部门里走的路线。"),
        "name": Word("环节名称", "申请人看得懂的名称。", "现场核查"),
        "role": Word("由谁办", "审查和决定由工作人员办，不能选申请人。"),
        "department": Word(
            "由哪个部门办", "别的部门办的才选；不选就是本部门。", offer="other_departments", is_closed=True
        ),
        "office": Word("由哪个处室办", "不填就是责任处室。", "食品监管科", offer="offices"),
        "content": Word("做什么", "这一步做什么、看什么。", "到经营场所核对布局和设施。", is_long=True),
        "working_days": Word("时限（工作日）", "当场完成的填 0。审查、决定合计不能超过承诺期限。", "3"),
        "onsite": Word("要求现场核查", "勾选后，两名以上工作人员记录了核查，这一环节才能通过。"),
        "only_when": _ONLY_WHEN,
    },
    "Point": {
        "region": Word("行政区划代码", "这个地点所在的区县或街道。", "990182"),
        "name": Word("名称", "大厅或窗口的名称。", "青溪区政务服务中心"),
        "address": Word("地址", "写到门牌号。", "青溪区文化路 6 号"),
        "hours": Word("受理时间", "星期几、几点。", "周一至周五 09:00–17:00"),
        "phone": Word("电话", "带区号。", "0889-5550422"),
    },
}
