"""What the people of the demo city search for, and the synonyms that its office made of it."""

from collections import Counter
from datetime import date, timedelta

from identity.models import User
from matters import searches, synonyms
from matters.models import SearchedWord, Synonym

# (what people say, what the guides say)
SYNONYMS = (
    ("小饭馆", "食品经营"),
    ("饭馆", "食品经营"),
    ("工伤鉴定", "工伤认定"),
    ("房本", "不动产"),
    ("大车证", "道路普通货物运输"),
    ("幼儿园", "民办学校"),
)
FOUND = (
    "开饭店",
    "营业执照变更",
    "房产证",
    "低保",
    "居住证",
    "工伤",
    "开诊所",
    "异地就医",
    "施工许可",
    "yyzz",
    "护士证",
)
MISSED = (
    "结婚证",
    "驾照换证",
    "养老金",
    "公积金",
    "办护照",
    "出生证明",
    "身份证丢了",
    "准生证",
    "社保卡",
    "老年证",
    "烟草证",
)
DAYS = 14


def keep_synonyms(by: User) -> int:
    """The office's synonyms; returns how many were new."""
    known = set(Synonym.objects.values_list("word", "means"))
    new = [pair for pair in SYNONYMS if pair not in known]
    for word, means in new:
        synonyms.add(word, means, by=by)
    return len(new)


def search_for_two_weeks(today: date) -> None:
    """What was searched for on the days before. Nothing when it is there already."""
    if SearchedWord.objects.exists():
        return
    for back in range(1, DAYS + 1):
        typed = [(word, True, number) for number, word in enumerate(FOUND)]
        typed += [(word, False, number) for number, word in enumerate(MISSED)]
        counts = Counter({(word, found): (back * 3 + number * 5) % (12 - number) for word, found, number in typed})
        searches.add(today - timedelta(days=back), +counts)
