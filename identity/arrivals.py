"""What the apps above do when somebody registers, in the same transaction. Identity knows none of them: they say so here.

Like ``sync.registry``: registered from ``AppConfig.ready``, called by name from the services, no signals.
"""

from collections.abc import Callable

from identity.models import Enterprise, Person

Greeting = Callable[[Person | Enterprise], None]
_greetings: list[Greeting] = []


def greets(function: Greeting) -> Greeting:
    """Register the decorated function; it runs for every new person and enterprise, in the order of registration."""
    if function not in _greetings:
        _greetings.append(function)
    return function


def greet(newcomer: Person | Enterprise) -> None:
    """Run what was registered; a failure undoes the registration."""
    for function in _greetings:
        function(newcomer)
