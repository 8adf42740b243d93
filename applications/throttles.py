"""How often one address may ask a public question whose answer could be guessed."""

from identity.throttles import ByAddress


class CheckThrottle(ByAddress):
    """Checking a paper by its code: 30 a minute are enough for a desk with a scanner, useless for guessing 16 letters."""

    scope = "check"
    rate = "30/min"
