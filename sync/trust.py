"""What the owner of a root key says of the keys of its site: which ones are good now, and which were stolen.

The rule for a reader. From the moment it applies a trust file, it accepts no file signed by a revoked key, whatever its
number; what it has applied before stays applied. The keys named as the present ones are good for every number, because
whatever was not applied yet must be signed anew. ``from_seq`` of a revoked key is the first number that its owner did
not give itself: whoever has applied such a batch, signed by that key, has applied a forgery.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sync import suites
from sync.manifest import Count, Number, Side, Strict
from sync.suites.base import BadKey

FORMAT: Literal["zwfw-sync-trust/1"] = "zwfw-sync-trust/1"
MOST_REVOKED = 100
SIGN, SEAL = "sign", "seal"

Public = Annotated[str, Field(pattern=r"\A([0-9a-f]{2})+\z", max_length=256)]
StreamOrNone = Annotated[str, Field(pattern=r"\A([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?\z")]


class RevokedKey(Strict):
    """A key that its owner takes back; ``stream`` is empty for one that has signed nothing."""

    use: Literal["sign", "seal"]
    public: Public
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    stream: StreamOrNone
    from_seq: Count
    at: Annotated[str, Field(max_length=40)]


class Trust(Strict):
    """A trust file: signed by the root key, newer than all with a lower ``version``."""

    format: Literal["zwfw-sync-trust/1"]
    side: Side
    suite: Annotated[str, Field(max_length=8)]
    version: Number
    sign: Public
    seal: Annotated[str, Field(pattern=r"\A([0-9a-f]{2})*\z", max_length=256)]
    revoked: Annotated[list[RevokedKey], Field(max_length=MOST_REVOKED)]
    issued_at: Annotated[str, Field(max_length=40)]

    @model_validator(mode="after")
    def _keys_of_the_suite(self) -> Self:
        if self.suite not in suites.NAMES:
            raise ValueError("suite")
        _check(self.suite, SIGN, self.sign)
        _check(self.suite, SEAL, self.seal)
        return self

    @model_validator(mode="after")
    def _present_keys_are_not_revoked(self) -> Self:
        revoked = [key.public for key in self.revoked]
        if len(set(revoked)) != len(revoked) or {self.sign, self.seal} & set(revoked):
            raise ValueError("revoked")
        return self


def _check(suite_name: str, use: str, public: str) -> None:
    suite = suites.named(suite_name)
    size = suite.sign_size if use == SIGN else suite.seal_size
    if len(public) != 2 * size:
        raise ValueError(use)
    try:
        if public:
            suite.check_public(bytes.fromhex(public))
    except BadKey as error:
        raise ValueError(use) from error
