"""The places where a test may kill the process: a misspelt one must not look like a process that survived."""

import pytest

from sync import failpoints


def test_unknown_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such fail-point: seal-nowhere"):
        failpoints.killer("seal-nowhere")


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_known_names(name: str) -> None:
    failpoints.killer(name)("another place")  # and this process is still here
