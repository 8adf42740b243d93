"""A topic whose older payloads cannot be brought up to the newest would be parked for ever: said at every start."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from sync import registry, versions


@register()
def whole_chains(**_: Any) -> list[CheckMessage]:
    """Every version below the newest has an up-caster."""
    return [
        Error(f"topic {known.topic} v{known.version}: no up-caster from v{step}", id="sync.E001")
        for known in registry.registered()
        for step in versions.missing_steps(known.topic, known.version)
    ]
