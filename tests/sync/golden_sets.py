"""The golden batches: where they are, and the fixed names in them."""

from pathlib import Path
from uuid import UUID

from sync.sealer import WRITER

FOLDER = Path(__file__).parent / "golden"
PRESENT = FOLDER / WRITER.replace("/", "-")
# What the inner side says of its catalogue, then the outer side of its applicants, then the inner side of its cases.
FILES = (("inner", "1-inner.zip"), ("outer", "2-outer.zip"), ("inner", "3-inner.zip"))
STREAMS = {
    "outer": UUID("33333333-3333-4333-8333-333333333333"),
    "inner": UUID("44444444-4444-4444-8444-444444444444"),
}


def sets() -> list[Path]:
    """One folder for each writer version."""
    return sorted(path for path in FOLDER.iterdir() if path.is_dir())
