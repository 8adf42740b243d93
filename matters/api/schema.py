"""Pydantic models in the interface's description, with their parts written in place: short names like Material or Field
would otherwise clash with other audiences' components of the same name."""

from typing import Any

from pydantic import BaseModel

NULL = {"type": "null"}


def inlined(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model without references."""
    schema = model.model_json_schema(mode="serialization")
    return _resolve(schema, schema.get("$defs", {}))


def _resolve(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_resolve(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolve(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    if NULL in node.get("anyOf", []):
        # OpenAPI 3.0 has no type null.
        (known,) = [part for part in node["anyOf"] if part != NULL]
        return _resolve(known, definitions) | {"nullable": True}
    return {key: _resolve(value, definitions) for key, value in node.items() if key not in ("$defs", "default")}
