"""Building blocks of the guide models: lenient base model and choice-checked strings, with Chinese messages."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic_core import PydanticCustomError, core_schema


class Lenient(BaseModel):
    """Everything may be missing (a draft is seldom whole); null means missing; unknown keys are left out.

    What must be there before a guide is published is said by ``matters.guide_checks``, not here: these models only hold
    the types.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


class OneOf:
    """The validator of ``one_of``; ``labels`` are its values with what people read, for pages that offer them."""

    def __init__(self, choices: Iterable[str]) -> None:
        self.labels = dict(choices) if isinstance(choices, Mapping) else {choice: choice for choice in choices}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, value: str) -> str:
        """The value, when it is empty or one of the choices; PydanticCustomError otherwise."""
        if value and value not in self.labels:
            allowed = "、".join(self.labels)
            raise PydanticCustomError(
                "one_of", "“{given}”不在可选范围内，应为：{allowed}", {"given": value, "allowed": allowed}
            )
        return value


def one_of(choices: Iterable[str]) -> Any:
    """A validator for strings: one of ``choices``, or empty for not said yet."""
    return OneOf(choices)
