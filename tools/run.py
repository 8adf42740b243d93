"""A development server for one side of the demo, with reload and error pages that show the code."""

import os
import sys
from typing import NoReturn

from tools import demo_data, sites
from tools.sites import CommandFailed


def main(side: str) -> NoReturn:
    """Becomes the server; ends with a sentence when the side is not known or the demo cannot be built."""
    by_name = {site.side: site for site in sites.demo_pair()}
    if side not in by_name:
        sys.exit(f"SIDE 必须是 outer 或 inner，现在是 {side}。")
    site = by_name[side]
    try:
        demo_data.ensure(sites.demo_root())
    except CommandFailed as problem:
        sys.exit(str(problem))
    command = site.command("runserver", f"127.0.0.1:{site.port}")
    os.execve(command[0], command, {**site.environment(), "HALL_DEBUG": "1"})


if __name__ == "__main__":
    main(sys.argv[1])
