"""Run several management commands of one site in one process: loading Django costs more than most of them.

Usage: python -m tools.commands "migrate --no-input" "createcachetable" …   Stops at the first that fails.
"""

import os
import shlex
import sys

import django
from django.core.management import call_command

from hall import site_secrets


def main(lines: list[str]) -> None:
    """A command's own exit code ends the process, as it does on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    if lines[0] == "make_keys":  # the settings refuse to load without the secrets, as manage.py knows
        site_secrets.create_missing(site_secrets.data_dir(os.environ))
    django.setup()
    for line in lines:
        call_command(*shlex.split(line))


if __name__ == "__main__":
    main(sys.argv[1:])
