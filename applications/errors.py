"""Why a move is refused. Each carries a Chinese sentence for the person and a code for programs."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from identity.fields import UnreadableError


class MoveRefused(Exception):
    """Base: ``code`` for programs, the message for people."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CaseMoved(MoveRefused):
    """The case is no longer as the form showed it (409)."""

    code = "case_moved"


class NotPossible(MoveRefused):
    """The law or the state does not allow this move now (409)."""

    code = "not_possible"


class NotAllowed(MoveRefused):
    """This person's posts do not allow the move (403)."""

    code = "not_allowed"


class DataMissing(MoveRefused):
    """Something the move needs is missing or wrong (422); ``fields`` maps field to sentence."""

    code = "data_missing"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("；".join(fields.values()))
        self.fields = fields


# What can be wrong with one case so that work on many reports it and goes on: a refusal, rows that contradict each other
# or are missing, content that cannot be read.
BROKEN = (MoveRefused, DatabaseError, ObjectDoesNotExist, UnreadableError, LookupError, ValueError)
