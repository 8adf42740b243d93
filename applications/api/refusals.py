"""A refused move as a problem response: 409, 403 or 422 with its code."""

from typing import Any

from rest_framework.exceptions import APIException, PermissionDenied, ValidationError

from applications.errors import DataMissing, MoveRefused, NotAllowed
from applications.file_checks import FileRefused
from applications.upload_limit import FILE_STATUS


class Conflict(APIException):
    """409: the case moved, or the move is not possible now."""

    status_code = 409


class Incomplete(ValidationError):
    """422: something the move needs is missing or wrong."""

    status_code = 422
    default_code = "data_missing"


class FileNotTaken(APIException):
    """413, 422 or 507 with the code of the refusal."""

    def __init__(self, refused: FileRefused) -> None:
        self.status_code = FILE_STATUS.get(refused.code, 422)
        super().__init__(refused.message, refused.code)


def as_api_error(refused: MoveRefused) -> APIException:
    """The exception that REST framework turns into the problem response."""
    if isinstance(refused, DataMissing):
        return Incomplete({name: [sentence] for name, sentence in refused.fields.items()}, code=refused.code)
    if isinstance(refused, NotAllowed):
        return PermissionDenied(refused.message, code=refused.code)
    return Conflict(refused.message, code=refused.code)


def checked(serializer: Any) -> dict[str, Any]:
    """The valid data of a request; 422 with the fields otherwise."""
    if not serializer.is_valid():
        raise Incomplete(serializer.errors)
    return dict(serializer.validated_data)
