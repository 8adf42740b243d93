"""A password has three of four kinds of characters."""

import pytest
from django.core.exceptions import ValidationError

from identity.passwords import ThreeOfFourClasses


@pytest.mark.parametrize("password", ["Abcdefg1", "abcdefg-1", "ABCDEFG-1", "Abcdefg-", "密码Abc12345"])
def test_three_kinds_are_enough(password: str) -> None:
    ThreeOfFourClasses().validate(password)


@pytest.mark.parametrize("password", ["abcdefgh", "abcdefg1", "ABCDEFG1", "1234567-", "密码密码密码密码", ""])
def test_fewer_are_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="三类"):
        ThreeOfFourClasses().validate(password)
