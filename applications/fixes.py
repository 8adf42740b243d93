"""A small error in the form, mended on the spot with the applicant (当场更正, 行政许可法 32(1)(3)): which field, from what to what.

Names, codes and choices are no slips of the pen, nor is what the hall filled in from the account: they are left to the
correction notice.
"""

import copy
from typing import Any

from applications.errors import DataMissing
from applications.models import Application
from matters.formdef import Field, FormAnswers
from matters.forms import clean_answers

TYPED = ("text", "textarea", "integer", "decimal", "money", "date", "phone", "email", "address")
Data = dict[str, Any]


def targets(case: Application) -> dict[str, str]:
    """``section.field`` (``section.row.field`` where rows repeat, from 0) → its name, of every field that can be mended so."""
    found = {}
    for section in case.guide_version.form.sections:
        rows = case.answers.get(section.key)
        for field in section.fields:
            if not _is_typed(field):
                continue
            if not section.repeating:
                found[f"{section.key}.{field.key}"] = f"{section.title}：{field.label}"
            elif isinstance(rows, list):
                for place in range(len(rows)):
                    found[f"{section.key}.{place}.{field.key}"] = f"{section.title}第 {place + 1} 行：{field.label}"
    return found


def _is_typed(field: Field) -> bool:
    return field.type in TYPED and not field.prefilled_from


def derive(case: Application, data: Data) -> Data:
    """The clean new value and the old one beside it. DataMissing when the field cannot be mended so or the value is wrong."""
    path, known = str(data["field"]), targets(case)
    if path not in known:
        raise DataMissing({"field": "这一项不能当场更正，请选择申请表里由申请人自己填写的一项。"})
    changed = put(case.answers, path, data["value"])
    before = clean_answers(case.guide_version.form, case.answers)[1]
    clean, after = clean_answers(case.guide_version.form, changed)
    if path in after:
        raise DataMissing({"value": "；".join(after[path])})
    if after.keys() - before.keys():
        raise DataMissing({"value": "改了这一项，申请表的其他内容也要跟着改，不属于当场更正。请一次性告知补正。"})
    old, new = get(case.answers, path), get(clean, path)
    if old == new:
        raise DataMissing({"value": "和申请表里现在的内容一样，没有需要更正的。"})
    return {"field": path, "label": known[path], "old": old, "new": new, "agreed_by": data["agreed_by"]}


def apply(case: Application, data: Data) -> None:
    """Put the new value into the form."""
    case.answers = put(case.answers, data["field"], data["new"])


def get(answers: FormAnswers, path: str) -> Any:
    """The answer at a path; None when there is none."""
    here: Any = answers
    for part in path.split("."):
        here = here[int(part)] if isinstance(here, list) else (here or {}).get(part)
    return here


def put(answers: FormAnswers, path: str, value: Any) -> FormAnswers:
    """A copy of the answers with another value at a path that ``targets`` names."""
    changed = copy.deepcopy(answers)
    *way, last = path.split(".")
    here: Any = changed
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    here[last] = value
    return changed
