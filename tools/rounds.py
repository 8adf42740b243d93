"""The regular rounds of one demo site, in one process: seal what waits, open what came, make the moves that time makes.

A real site runs the same three commands from its scheduler; here one process keeps Django loaded and calls them every few seconds.
"""

import os
import signal
import sys
import time
from pathlib import Path

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, close_old_connections

TICK_SECONDS = 60.0


def attempt(*arguments: str) -> None:
    """Run a command; a failure is told and tried again in the next round."""
    try:
        call_command(*arguments)
    except (CommandError, OperationalError, OSError) as error:
        print(f"{arguments[0]}：{error}", file=sys.stderr, flush=True)
    except SystemExit:
        pass  # open_batch says with its exit code that something waits or was refused; the operator's page shows it


def go_round(going_out: Path, coming_in: Path) -> None:
    """One exchange."""
    close_old_connections()
    attempt("open_batch", str(coming_in))
    attempt("seal_batch", "--to", str(going_out))


def main(going_out: Path, coming_in: Path) -> None:
    """Go round until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    pause = float(os.environ.get("HALL_COURIER_SECONDS", "3"))
    last_tick = 0.0
    while True:
        if time.monotonic() - last_tick >= TICK_SECONDS or not last_tick:
            attempt("tick")
            last_tick = time.monotonic()
        go_round(going_out, coming_in)
        time.sleep(pause)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
