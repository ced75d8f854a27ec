"""The OpenAPI document as tests read it: its operations, and what of a value does not fit."""

from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker

Json = dict[str, Any]

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def operations(document: Json) -> dict[str, Json]:
    """Return the operations as ``METHOD /path`` and what is said about them."""
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def complaints(document: Json, schema: Json, value: object) -> list[str]:
    """Return what does not fit; members that the schema does not name do not fit either."""
    components = {
        name: {"additionalProperties": False} | component
        for name, component in document["components"]["schemas"].items()
    }
    # References in the schema begin at the root of the document.
    rooted = schema | {"components": {"schemas": components}}
    validator = OAS31Validator(rooted, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
