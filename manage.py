#!/usr/bin/env python
"""The command line of one side of the hall: HALL_SIDE and HALL_DATA_DIR say which."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    if sys.argv[1:2] == ["make_keys"]:
        # The settings refuse to load without a site's secrets, so they must exist before Django starts.
        from hall import site_secrets

        site_secrets.create_missing(site_secrets.data_dir(os.environ))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
