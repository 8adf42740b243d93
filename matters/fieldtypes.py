"""Building blocks of the guide models: lenient base model and choice-checked strings, with Chinese messages."""

from collections.abc import Iterable
from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


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


def one_of(choices: Iterable[str]) -> Any:
    """A validator for strings: one of ``choices``, or empty for not said yet."""
    allowed = tuple(choices)

    def check(value: str) -> str:
        if value and value not in allowed:
            raise PydanticCustomError(
                "one_of", "“{given}”不在可选范围内，应为：{allowed}", {"given": value, "allowed": "、".join(allowed)}
            )
        return value

    return AfterValidator(check)
