"""Named places at which a test kills this process, to see that nothing is lost there.

Off unless ``HALL_TEST_FAILPOINT`` names one, and then it can do one thing only: end the process with SIGKILL. That is
safe to leave in: whoever may set the environment of a process can end it anyway, no check is skipped and nothing is
written, and being ended anywhere is what the exchange is built for. ``sync_status`` and the pages never look here.
"""

import os
import signal
from collections.abc import Callable

VARIABLE = "HALL_TEST_FAILPOINT"
NAMES = {
    # sealing
    "seal-begun": "the lock is held, nothing is written",
    "seal-numbered": "facts have their numbers, not committed",
    "seal-filled": "chain, blobs and root are written, not committed",
    "seal-committed": "the batch is sealed, it has no file",
    "file-read-back": "the part file is whole and verified",
    "file-named": "the file has its name, the batch does not know it",
    "file-noted": "the batch knows its files",
    "file-offered": "a file is in the folder from which it is carried, the folder not fsynced",
    # files
    "part-created": "an empty part file",
    "part-written": "all bytes written, none of them fsynced",
    "part-fsynced": "the part file would survive a power cut",
    "part-renamed": "the name is there, the folder not fsynced",
    "part-done": "the file would survive a power cut",
    "move-renamed": "a file changed its folder, not fsynced",
    # opening
    "open-begun": "the lock is held, leftovers are cleared",
    "open-copied": "the working copy is in inbox",
    "open-verified": "signatures and hashes are good",
    "blob-written": "an attachment in the spool, not fsynced",
    "blob-fsynced": "an attachment in the spool, fsynced",
    "blob-renamed": "an attachment in the store, its folder not fsynced",
    "blobs-done": "all attachments of the batch are stored",
    "apply-begun": "judged again under the lock",
    "apply-records": "records applied, cursor not moved",
    "apply-receipts": "receipts of the peer accepted",
    "apply-cursor": "everything written, not committed",
    "receipt-issued": "our receipt is written, not committed",
    "apply-committed": "applied, the file not yet kept",
    "park-committed": "noted as waiting, the file not yet kept",
    "kept": "the file is in archive or parked",
    "quarantine-moved": "a refused file is in quarantine, not yet noted",
    "quarantine-noted": "a refused file is noted, its original still there",
    "quarantine-done": "a refused file's original is removed",
}
Action = Callable[[str], None]


def reach(name: str) -> None:
    """Say that the process is at ``name``. Does nothing unless armed."""
    if _armed is not None:
        _armed(name)


def arm(action: Action | None) -> None:
    """For tests: what happens at each name; None is off."""
    global _armed
    _armed = action


def killer(order: str) -> Action:
    """Kill this process when it reaches ``name`` or, for ``name:3``, at the third time."""
    name, _, times = order.partition(":")
    left = int(times or 1)
    if name not in NAMES:
        raise ValueError(f"{VARIABLE}: no such fail-point: {name}")

    def act(reached: str) -> None:
        nonlocal left
        left -= reached == name
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


_armed: Action | None = killer(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None
