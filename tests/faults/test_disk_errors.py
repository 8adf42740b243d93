"""Every write of opening a batch fails once, in all suites, with one file and with two."""

import errno
from pathlib import Path

import pytest

from sync import batch_file, suites
from tests.sync.peer import Peer
from tests.sync.test_disk_errors import open_with_each_failure

pytestmark = pytest.mark.usefixtures("topic")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS])
@pytest.mark.parametrize("largest", [batch_file.UNLIMITED, 1])
@pytest.mark.parametrize("suite", suites.NAMES)
def test_opening(code: int, largest: int, peer: Peer, data_dir: Path) -> None:
    open_with_each_failure(code, largest, peer, data_dir)
