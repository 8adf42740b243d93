"""The demo city's query services: invented clinics, pharmacies, food businesses and subsidies, the same in every demo."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction
from pydantic import BaseModel
from stdnum.cn import ric, uscc

from applications import register
from hall.demo import city
from identity.models import Department, User
from matters.datasets import services, stock
from matters.datasets.definition import Definition
from matters.datasets.trial import check
from matters.models import DataSet

FILE = Path(__file__).resolve().parent / "datasets.json"
EDITOR = "zhouning"
STREETS = ("云溪街道望江路", "云溪街道政务路", "青石街道通达路", "青石街道建业街", "白鹭镇东桥路", "柳湾镇工业路")
WORDS = ("康宁", "惠民", "仁和", "青石", "望江", "云溪", "春晖", "百草", "同心", "安泰", "德润", "和风", "嘉禾", "永福")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏"
GIVEN = "明敏芳宁洋静磊丽强军杰娟涛超秀兰霞平刚桂英建华文辉"


class Entry(BaseModel):
    """A set of the file: whose it is, how many records, and its definition."""

    slug: str
    department: str
    rows: int
    definition: Definition


def entries() -> list[Entry]:
    """The sets as the file says."""
    return [Entry.model_validate(entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))]


def load() -> int:
    """Draft, fill and publish what is not there yet, and open the register of licences; how many sets are new."""
    made = 0
    for entry in entries():
        if not DataSet.objects.filter(slug=entry.slug).exists():
            _make(entry)
            made += 1
    register.the_set(Department.objects.order_by("-coordinates", "code")[0])
    return made


@transaction.atomic
def _make(entry: Entry) -> None:
    department = Department.objects.get(code=entry.department)
    content = entry.definition.model_dump(mode="json")
    dataset = services.create(entry.slug, department, content, by=User.objects.get(username=EDITOR))
    stock.replace(dataset, entry.definition, records(entry))
    services.publish(dataset, by=User.objects.get(username=city.load().publisher))


def records(entry: Entry) -> Iterator[dict[str, str]]:
    """The set's records, checked as a file of the department would be; the same on every run."""
    for number in range(1, entry.rows + 1):
        values = MAKERS[entry.slug](number, Random(f"{entry.slug}-{number}"))
        yield {field.key: text for field in entry.definition.fields if (text := check(field, values.get(field.key)))}


# --- invented facts
def _person(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))


def _address(chance: Random) -> str:
    return f"云川市{chance.choice(STREETS)}{chance.randint(1, 300)}号"


def _area(address: str) -> str:
    return address.removeprefix("云川市")[: 3 if "镇" in address[:6] else 4]


def _phone(chance: Random) -> str:
    return f"0889-555{chance.randint(0, 9999):04d}"


def _mobile(chance: Random) -> str:
    return f"154{chance.randint(0, 99999999):08d}"  # a prefix that was never given out


def _code(number: int) -> str:
    stem = f"92990181MA{number:05d}D0"[:17]
    return stem + uscc.calc_check_digit(stem + "0")


def _id_number(number: int, chance: Random) -> str:
    """The number names a province, which no resident's does."""
    born = f"{chance.randint(1965, 2004)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    stem = f"110000{born}{number:03d}"
    return stem + ric.calc_check_digit(stem + "0")


def _day(chance: Random, first: int = 2022, last: int = 2025) -> str:
    return f"{chance.randint(first, last)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"


def _hospital(number: int, chance: Random) -> dict[str, Any]:
    kind, levels = chance.choice(
        (("综合医院", "二级"), ("社区卫生服务中心", "一级"), ("门诊部", "未定级"), ("中医医院", "二级"))
    )
    address = _address(chance)
    return {
        "code": f"H99018100{number:04d}",
        "name": f"云川市{chance.choice(WORDS)}{kind}" + (f"第{number}分院" if number > 9 else ""),
        "level": levels,
        "kind": kind,
        "ownership": chance.choice(("公立", "民营")),
        "area": _area(address),
        "address": address,
        "phone": _phone(chance),
        "beds": chance.randint(0, 400) if kind != "门诊部" else 0,
        "services": "、".join(sorted(chance.sample(("普通门诊", "住院", "门诊慢特病", "异地就医", "生育"), 3))),
        "remote": chance.choice(("已开通", "未开通")),
        "since": _day(chance),
    }


def _pharmacy(number: int, chance: Random) -> dict[str, Any]:
    address = _address(chance)
    return {
        "code": f"P99018100{number:04d}",
        "name": f"云川市{chance.choice(WORDS)}大药房{chance.choice(('连锁有限公司', '有限公司', ''))}第{number}分店",
        "area": _area(address),
        "address": address,
        "phone": _phone(chance),
        "pharmacist": _person(chance),
        "chronic": chance.choice(("支持", "不支持")),
        "since": _day(chance),
    }


def _food(number: int, chance: Random) -> dict[str, Any]:
    address, score = _address(chance), chance.randint(58, 99)
    kind = chance.choice(("小餐饮店", "中型餐馆", "学校食堂", "饮品店", "糕点店"))
    return {
        "number": f"JY29901810{number:06d}",
        "name": f"云川市{chance.choice(WORDS)}{chance.choice(WORDS)}{kind}",
        "uscc": _code(number),
        "grade": "A" if score >= 90 else "B" if score >= 75 else "C",
        "score": score,
        "kind": kind,
        "area": _area(address),
        "address": address,
        "owner": _person(chance),
        "owner_phone": _mobile(chance),
        "checked_on": _day(chance, 2025, 2025),
        "checker": "云川市市场监督管理局食品科",
        "items": chance.randint(30, 60),
        "faults": chance.randint(0, 9),
        "kitchen": chance.choice(("明厨亮灶", "未公开后厨")),
        "staff": chance.randint(2, 60),
        "health_cards": chance.choice(("齐全", "有 1 人过期")),
        "seats": chance.randint(0, 260),
        "delivery": chance.choice(("有", "无")),
        "licence_until": _day(chance, 2026, 2029),
        "note": "复查时间由监管所另行安排" if score < 75 else "",
    }


def _subsidy(number: int, chance: Random) -> dict[str, Any]:
    return {
        "id": _id_number(number, chance),
        "name": _person(chance),
        "trade": chance.choice(("电工", "焊工", "保育师", "养老护理员", "中式烹调师")),
        "amount": chance.choice((1000, 1500, 2000)),
        "paid_on": _day(chance, 2025, 2025),
        "standing": chance.choice(("已发放", "审核中")),
    }


MAKERS = {
    "designated-hospitals": _hospital,
    "designated-pharmacies": _pharmacy,
    "food-hygiene-grades": _food,
    "skill-subsidies": _subsidy,
}
