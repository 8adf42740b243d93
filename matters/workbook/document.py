"""The same contents as one JSON document: ``{"format": …, "matters": [{"department", "header", "guide", "form", "scenario"}]}``."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import IO, Any

from pydantic import BaseModel

from matters.guide import GuideContent
from matters.workbook import rows
from matters.workbook.content import shape
from matters.workbook.entries import Entry, OnFault, impossible
from matters.workbook.package import Refused
from matters.workbook.rows import Fault, Place

FORMAT = "yizhan-matters/1"
OWNER = "department"
PARTS = ("header", "guide", "form", "scenario")
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
MAX_MATTERS = 20_000


def write(matters: Iterable[tuple[str, Mapping[str, Any]]], file: IO[bytes]) -> int:
    """Write ``(department code, content in normal form)`` of each matter, one a line; how many there were."""
    file.write(f'{{"format": "{FORMAT}", "matters": ['.encode())
    count = 0
    for owner, content in matters:
        one = {OWNER: owner} | {part: content.get(part, {}) for part in PARTS}
        file.write((",\n" if count else "\n").encode() + json.dumps(one, ensure_ascii=False).encode())
        count += 1
    file.write(b"\n]}\n")
    return count


def is_document(file: IO[bytes]) -> bool:
    """Whether the file begins as JSON does."""
    file.seek(0)
    return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def entries(file: IO[bytes], on_fault: OnFault) -> Iterator[Entry]:
    """The entries of a document; what belongs to no matter goes to ``on_fault``. Refused when it is none."""
    first: dict[str, str] = {}
    for index, item in enumerate(_matters(_load(file), on_fault)):
        path = f"$.matters[{index}]"
        wrong = _wrong_item(item, first)
        if wrong:
            on_fault(Fault(Place(row=index + 1, path=f"{path}.header.code"), _code_of(item), wrong))
            continue
        first[_code_of(item)] = path
        yield _entry(item, path, index + 1)


def _load(file: IO[bytes]) -> Any:
    file.seek(0)
    try:
        return json.loads(file.read().decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except (UnicodeDecodeError, RecursionError) as error:
        raise Refused("文件不是 UTF-8 编码的 JSON，或者嵌套得太深。请下载一份 JSON，照它的样子填写。") from error
    except json.JSONDecodeError as error:
        raise Refused(f"文件不是正确的 JSON：第 {error.lineno} 行第 {error.colno} 个字符附近有错误。") from error
    except ValueError as error:
        raise Refused(str(error) if isinstance(error, Refused) else "文件里有太长的数字。") from error


def _refuse_constant(word: str) -> Any:
    raise Refused(f"文件里有 {word}，它不是 JSON 的数字。")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _value in pairs]
        raise Refused(f"文件里有一个对象的键“{next(name for name in names if names.count(name) > 1)}”写了两次。")
    return made


def _matters(data: Any, on_fault: OnFault) -> list[Any]:
    if isinstance(data, dict):
        for name in sorted(set(data) - {"format", "matters"}):
            on_fault(Fault(Place(path=f"$.{name}"), name, f"不认识的键“{name}”{_hint(name, ['format', 'matters'])}。"))
        data = data.get("matters")
    if not isinstance(data, list):
        raise Refused("文件里没有事项：应写成 {“format”: …, “matters”: […]}。请下载一份 JSON，照它的样子填写。")
    if len(data) > MAX_MATTERS:
        raise Refused(f"文件里有 {len(data)} 个事项，一次最多 {MAX_MATTERS} 个，请分成几个文件。")
    return data


def _code_of(item: Any) -> str:
    code = rows.value_at(item, "header.code")
    return str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else ""


def _wrong_item(item: Any, first: Mapping[str, str]) -> str:
    code = _code_of(item)
    if not code:
        return "没有写实施编码（header.code），不知道是哪个事项。"
    if code in first:
        return f"实施编码“{code}”和 {first[code]} 重复，一个事项只能写一次。"
    return impossible(code)


def _entry(item: dict[str, Any], path: str, number: int) -> Entry:
    content = {part: item[part] for part in PARTS if item.get(part) is not None}
    owner = item.get(OWNER)
    made = Entry(
        _code_of(item),
        owner if isinstance(owner, str) else "",
        content,
        partial(_place, path, number),
        Place(row=number, path=f"{path}.header.code"),
        Place(row=number, path=f"{path}.{OWNER}"),
    )
    if owner is not None and not isinstance(owner, str):
        made.faults.append(Fault(made.owner_place, str(owner), "部门编码应为文字。"))
    made.faults += _unknown_keys(item, GuideContent, path, number, extra=(OWNER,))
    return made


def _place(path: str, number: int, dotted: str) -> Place:
    steps = [f"[{part}]" if part.isdecimal() else _step(part) for part in rows.full_path(dotted).split(".")]
    return Place(row=number, path=path + "".join(steps))


def _step(name: str) -> str:
    return f".{name}" if PLAIN_KEY.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def _unknown_keys(
    data: Any, model: type[BaseModel], path: str, number: int, extra: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """Keys that no field has: they would be lost without a word."""
    if not isinstance(data, dict):
        return
    inner_models, _saying = shape(model)
    known = [*inner_models, *extra]
    for name, value in data.items():
        here = path + _step(name)
        if name not in known:
            yield Fault(Place(row=number, path=here), name, f"不认识的键“{name}”{_hint(name, known)}。")
            continue
        inner = inner_models.get(name)
        if inner:
            parts = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, part in parts:
                yield from _unknown_keys(part, inner, here if index is None else f"{here}[{index}]", number)


def _hint(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"，是不是“{near[0]}”？" if near else "，请删去"
