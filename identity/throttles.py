"""How often one address may ask a public question: the base of every throttle that counts by address."""

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle

from identity import rate


class ByAddress(SimpleRateThrottle):
    """Counts by the visitor's address in the shared cache, for plain Django views too."""

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        # Not get_ident: it believes any X-Forwarded-For, and a guesser would be somebody new with every header.
        return f"throttle:{self.scope}:{rate.client_address(request)}"

    def lets_pass(self, request: HttpRequest) -> bool:
        """Count this request; False when the address has asked too often."""
        return self.allow_request(request, None)  # type: ignore[arg-type]
