"""Columns of the exchange: text that is unreadable in the database file and in its backups, and names of attachments."""

from typing import Any

from django.conf import settings
from django.db import models

from sync import at_rest


class SealedTextField(models.BinaryField):
    """Text, encrypted at rest under a key derived from ``HALL_FIELD_KEY``. Cannot be searched."""

    _pyi_private_set_type: str  # for django-stubs: the column holds bytes, the attribute text
    _pyi_private_get_type: str  # type: ignore[assignment]

    def get_prep_value(self, value: str | None) -> bytes | None:
        return None if value is None else at_rest.seal(settings.HALL_FIELD_KEY, value.encode())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else at_rest.unseal(settings.HALL_FIELD_KEY, bytes(value)).decode()

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class NamesField(models.JSONField):
    """A list of names that is empty in most rows: those are neither written nor read as JSON. The column is a JSONField's."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", list(args), dict(kwargs)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return "[]" if value == [] and connection.vendor == "sqlite" else super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return [] if value == "[]" else super().from_db_value(value, expression, connection)
