"""As many guides as wanted, as large as real ones: those of the demo city under codes and names of their own."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "hall" / "demo" / "guides"


def many(count: int) -> Iterator[dict[str, Any]]:
    """``count`` contents in normal form, ordered by code."""
    from matters.workbook.content import normal

    models = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
    for number in range(count):
        content = copy.deepcopy(models[number % len(models)])
        content["header"]["code"] = f"BENCH-{number:06d}"
        content["guide"]["matter_name"] += f"（第 {number} 项）"
        yield normal(content)
