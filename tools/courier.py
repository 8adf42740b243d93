"""A person with a disk: carries batch files from one site's folder to the other's. (A running demo uses ``manage.py courier``.)"""

import shutil
from pathlib import Path

from tools.sites import Site


def carry(sender: Site, receiver: Site) -> list[str]:
    """One journey: seal what waits, carry the files over, open them; the names of the files carried.

    CommandFailed when the receiver refuses a file or waits for another one.
    """
    sender.manage("seal_batch", "--to", sender.going_out)
    carried = move(sender, receiver)
    if carried:
        receiver.manage("open_batch", receiver.coming_in)
        put_away(receiver)
    return carried


def move(sender: Site, receiver: Site) -> list[str]:
    """Move every file that lies ready, without opening any. A file appears at the receiver whole or not at all."""
    receiver.coming_in.mkdir(parents=True, exist_ok=True)
    carried = []
    for source in _files(sender.going_out):
        part = receiver.coming_in / f".{source.name}.part"
        shutil.copyfile(source, part)
        part.replace(receiver.coming_in / source.name)
        source.unlink()
        carried.append(source.name)
    return carried


def put_away(receiver: Site) -> None:
    """Clear the disk: what was opened goes to ``done`` beside it."""
    done = receiver.coming_in / "done"
    done.mkdir(exist_ok=True)
    for path in _files(receiver.coming_in):
        path.replace(done / path.name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.zip") if path.is_file())
