"""Check a proof of a case's record: ``python -m applications.check_proof FILE``. No database, no settings, no library.

It shows that the events hang together and that each seal covers them. That the seals are the ones made at the time is
shown by comparing their digests with those the other site keeps (``verify_evidence --kept-to``).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from applications import merkle
from sync import canonical


def problems(proof: dict[str, Any]) -> Iterator[str]:
    """What does not fit, in Chinese; nothing when the proof holds."""
    heads: dict[int, str] = {}
    previous = ""
    for place, event in enumerate(proof["events"], start=1):
        said = {name: value for name, value in event.items() if name != "digest"}
        if event["place"] != place or said["case"] != proof["case"]["uid"]:
            yield f"第 {place} 条缺失，或者不属于这个办件。"
        if said["previous"] != previous:
            yield f"第 {place} 条与前一条不相连。"
        if canonical.sha256(said) != event["digest"]:
            yield f"第 {place} 条的内容与摘要不符。"
        heads[place] = previous = event["digest"]
    for one in proof["seals"]:
        yield from _problems_of_seal(one, proof["case"]["uid"], heads)


def _problems_of_seal(one: dict[str, Any], uid: str, heads: dict[int, str]) -> Iterator[str]:
    number = one["seal"]["number"]
    if heads.get(one["place"]) != one["head"]:
        yield f"第 {number} 次封存时的第 {one['place']} 条与记录不符。"
    if merkle.climb(merkle.leaf(uid, one["place"], one["head"]), one["path"]) != one["seal"]["root"]:
        yield f"第 {number} 次封存不包含这个办件。"
    if canonical.sha256(one["seal"]) != one["digest"]:
        yield f"第 {number} 次封存的内容与摘要不符。"


def main(path: str) -> int:
    """0 when the proof holds, 1 when not; says so on standard output."""
    proof = json.loads(Path(path).read_text())
    found = list(problems(proof))
    for sentence in found:
        sys.stdout.write(sentence + "\n")
    sealed = max((one["place"] for one in proof["seals"]), default=0)
    if not found:
        sys.stdout.write(f"办件 {proof['case']['number']}：{len(proof['events'])} 条记录完整，封存到第 {sealed} 条。\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
