"""A development server for one side of the demo, with reload and error pages that show the code."""

import os
import sys
from typing import NoReturn

from tools import demo_data, sites
from tools.sites import CommandFailed, Site


def main(side: str) -> int:
    """Replaces this process by the server; 1 when the side is not known or the demo cannot be built."""
    by_name = {site.side: site for site in sites.demo_pair()}
    if side not in by_name:
        print(f"SIDE 必须是 outer 或 inner，现在是 {side}。", file=sys.stderr)
        return 1
    site = by_name[side]
    try:
        demo_data.ensure(sites.demo_root())
    except CommandFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    serve(site)


def serve(site: Site) -> NoReturn:
    """Become the development server of this site."""
    command = site.command("runserver", f"127.0.0.1:{site.port}")
    os.execve(command[0], command, {**site.environment(), "HALL_DEBUG": "1"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
