"""Constraints of policies against the templates that make their kinds, which stand in the same tree.

No schema of such a kind is published anywhere: the policy engine writes it from the template
(https://open-policy-agent.github.io/gatekeeper/website/docs/howto/#constraints), and the API server then refuses what it
does not know, as it does for every other kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from exporters.manifests.check import UNSHAPED, Placed

GROUP = "constraints.gatekeeper.sh"
_TEMPLATES = "templates.gatekeeper.sh/"

_TEXTS = {"type": "array", "items": {"type": "string"}}
_KINDS = {"type": "object", "properties": {"apiGroups": _TEXTS, "kinds": _TEXTS}}
_OPERATOR = {"enum": ["In", "NotIn", "Exists", "DoesNotExist"]}
_WORDS = {
    "type": "object",
    "properties": {"key": {"type": "string"}, "operator": _OPERATOR, "values": _TEXTS},
    "required": ["key", "operator"],
}
_LABELS = {
    "type": "object",
    "properties": {
        "matchLabels": {"type": "object", "additionalProperties": {"type": "string"}},
        "matchExpressions": {"type": "array", "items": _WORDS},
    },
}
_MATCH = {
    "type": "object",
    "properties": {
        "kinds": {"type": "array", "items": _KINDS},
        "scope": {"enum": ["*", "Cluster", "Namespaced"]},
        "namespaces": _TEXTS,
        "excludedNamespaces": _TEXTS,
        "labelSelector": _LABELS,
        "namespaceSelector": _LABELS,
        "name": {"type": "string"},
        "source": {"enum": ["All", "Generated", "Original"]},
    },
}
"""https://open-policy-agent.github.io/gatekeeper/website/docs/howto/#the-match-field"""


def validators(objects: Iterable[Placed]) -> dict[str, Any]:
    """Kind of a constraint to what holds its objects to the schema that its template gives it."""
    found: dict[str, Any] = {}
    for entry in objects:
        if entry.body["kind"] == "ConstraintTemplate" and entry.body["apiVersion"].startswith(_TEMPLATES):
            with suppress(*UNSHAPED):
                described = entry.body["spec"]["crd"]["spec"]
                found[str(described["names"]["kind"])] = _validator((described.get("validation") or {}).get("openAPIV3Schema"))
    return found


def _validator(parameters: Any) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    fields: dict[str, Any] = {
        "enforcementAction": {"type": "string"},
        "scopedEnforcementActions": {"type": "array"},
        "match": _MATCH,
    }
    if isinstance(parameters, Mapping):
        try:
            Draft202012Validator.check_schema(parameters)
            fields["parameters"] = parameters
        except SchemaError:
            fields["parameters"] = {}  # what is no schema is the template's own fault
    spec = _closed({"type": "object", "properties": fields})
    return Draft202012Validator({"type": "object", "properties": {"spec": spec}})


def _closed(schema: Any) -> Any:
    """The schema as a server holds objects to it: fields that it does not name are refused."""
    if isinstance(schema, list):
        return [_closed(entry) for entry in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: {name: _closed(field) for name, field in value.items()} if key == "properties" else _closed(value)
             for key, value in schema.items() if key != "$ref"}  # no schema of a server refers to another
    if "properties" in found and not found.get("x-kubernetes-preserve-unknown-fields"):
        found.setdefault("additionalProperties", False)
    return found
