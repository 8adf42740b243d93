"""The courier: carries batch files from one site's folder to the other's, as a person with a disk or a one-way gate would."""

import shutil
from pathlib import Path

from tools.sites import Site


def carry(sender: Site, receiver: Site) -> list[str]:
    """Move every batch file that lies ready; the names carried. A file appears at the receiver whole or not at all."""
    receiver.coming_in.mkdir(parents=True, exist_ok=True)
    carried = []
    for source in _ready(sender.going_out):
        part = receiver.coming_in / f"{source.name}.part"
        shutil.copyfile(source, part)
        part.replace(receiver.coming_in / source.name)
        source.unlink()
        carried.append(source.name)
    return carried


def _ready(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.zip") if path.is_file())
