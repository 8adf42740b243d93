#!/usr/bin/env python
"""The command line of one side of the hall: HALL_SIDE and HALL_DATA_DIR say which."""

import os
import secrets
import sys

# Questions that need no site: they may be asked before anything was set up.
SITELESS = {"due", "machine", "check_guide", "verify_batch"}


def main() -> None:
    os.umask(0o027)  # databases, files and keys of a site are nobody else's
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    if sys.argv[1:2] == ["make_keys"]:
        # The settings refuse to load without a site's secrets, so they must exist before Django starts.
        from hall import site_secrets

        site_secrets.create_missing(site_secrets.data_dir(os.environ))
    if sys.argv[1:2] and sys.argv[1] in SITELESS and "HALL_SIDE" not in os.environ:
        os.environ["HALL_SIDE"] = "inner"
        os.environ["HALL_SECRET_KEY"] = os.environ["HALL_FIELD_KEY"] = secrets.token_urlsafe(48)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
