"""Other settings of both sites: each attachment in a volume of its own, in the suites that tests/sync leaves to this folder."""

VARIANTS = {suite: {"HALL_SUITE": suite, "HALL_BATCH_VOLUME_MB": "1"} for suite in ("gm", "clear")}
