"""Life events of a matter (出生, 上学 … 开办企业, 注销): those its guide names, or else those its themes stand for.

So a catalogue that was written before guides named life events can be found by them, too.
"""

from matters.guide import Header

OF_THEME = {
    "生育收养": "birth",
    "教育科研": "school",
    "文体教育": "school",
    "入伍服役": "military",
    "就业创业": "work",
    "职业资格": "work",
    "婚姻登记": "marriage",
    "住房保障": "home",
    "不动产": "home",
    "出境入境": "travel",
    "交通出行": "travel",
    "旅游观光": "travel",
    "医疗卫生": "medical",
    "社会救助": "hardship",
    "优待抚恤": "hardship",
    "民政优抚": "hardship",
    "离职退休": "retirement",
    "死亡殡葬": "death",
    "开办企业": "found",
    "设立变更": "change",
    "准营准办": "license",
    "资质认证": "license",
    "消防安全": "license",
    "工程建设": "build",
    "国土和规划建设": "build",
    "投资审批": "build",
    "年检年审": "run",
    "税收财务": "run",
    "安全生产": "run",
    "人力资源": "hire",
    "法人注销": "close",
}


def life_events(header: Header) -> list[str]:
    """Codes of ``codes.LIFE_EVENTS``, each once."""
    return list(dict.fromkeys(header.life_events or [OF_THEME[theme] for theme in header.themes if theme in OF_THEME]))
