"""The parts of ``matters.guide_checks``: one file per kind of check."""
