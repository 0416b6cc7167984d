"""Objects against their schemas: core kinds strictly for a Kubernetes minor, custom kinds against schemas at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.errors import MissingProgram
from exporters.manifests import check_constraints
from exporters.manifests.check import Finding, Placed

_CORE_GROUPS = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)
"""API groups that every API server serves."""
_DEPRECATED = re.compile(r"^deprecated|this api is deprecated", re.IGNORECASE)
"""How the description of a kind says so, at its beginning or at its end."""


def is_core(api_version: str) -> bool:
    """True for kinds that come with Kubernetes itself."""
    return api_version.rpartition("/")[0] in _CORE_GROUPS


def core(objects: Iterable[Placed], minor: str) -> list[Finding]:
    """Core kinds that a Kubernetes minor (`1.36`) would refuse or warn about; unknown fields count."""
    found = []
    for entry in objects:
        if not is_core(entry.body["apiVersion"]):
            continue
        validator = _core_validator(entry.body["apiVersion"], entry.body["kind"], minor)
        if validator is None:
            found.append(entry.finding("core", f"Kubernetes {minor} serves no {entry.body['kind']} {entry.body['apiVersion']}"))
            continue
        found.extend(entry.finding("core", f"{message} (Kubernetes {minor})") for message in _complaints(validator, entry.body))
        if _DEPRECATED.search(str(validator.schema.get("description", ""))):
            found.append(entry.finding("deprecated", f"{entry.body['kind']} is deprecated in Kubernetes {minor}"))
    return found


def custom(objects: Iterable[Placed], schemas: Path | None) -> tuple[list[Finding], list[str]]:
    """(custom kinds that their schema refuses, those without a schema at hand)."""
    found: list[Finding] = []
    unverified: list[str] = []
    objects = list(objects)
    templates = check_constraints.validators(objects)
    for entry in objects:
        api = entry.body["apiVersion"]
        if is_core(api):
            continue
        if templates and api.startswith(f"{check_constraints.GROUP}/"):
            validator = templates.get(entry.body["kind"])
            if validator is None:
                found.append(entry.finding("custom", f"no ConstraintTemplate here makes the kind {entry.body['kind']}"))
                continue
        else:
            validator = _custom_validator(str(schemas), api, entry.body["kind"]) if schemas is not None else None
        if validator is None:
            unverified.append(unseen(entry.body["kind"], api))
            continue
        found.extend(entry.finding("custom", message) for message in _complaints(validator, entry.body))
    return found, list(dict.fromkeys(unverified))


def _complaints(validator: Any, body: Any) -> list[str]:
    """Every complaint as a plain line: where in the object, and what."""
    found = []
    for error in validator.iter_errors(body):
        told = deepest(error)
        where = ".".join(str(part) for part in told.absolute_path) or "the object"
        message = told.message if len(told.message) < 200 else f"{told.message[:200]}..."
        found.append(f"{where}: {message}")
    return sorted(set(found))


def deepest(error: Any) -> Any:
    """The error that says most: of the ways in which a schema could have been met, the one that went furthest."""
    while error.context:
        error = max(error.context, key=lambda entry: (len(entry.absolute_path), entry.message))
    return error


def validator(api_version: str, kind: str, minor: str, schemas: Path | None) -> Any:
    """What holds objects of a kind to its schema; None where there is none at hand."""
    if is_core(api_version):
        return _core_validator(api_version, kind, minor)
    return _custom_validator(str(schemas), api_version, kind) if schemas is not None else None


@cache
def _core_validator(api_version: str, kind: str, minor: str) -> Any:
    try:
        from jsonschema import Draft202012Validator
        from kubernetes_validate import utils
    except ImportError as error:
        raise MissingProgram(f"kubernetes-validate: not installed ({error.name}); install it to check core kinds") from None
    directory = _core_folder(minor)
    group, _, version = api_version.rpartition("/")
    stem = f"{group.split('.')[0]}-{version}" if group else version
    try:
        schema = utils.schema_contents(f"{directory}/{kind.lower()}-{stem}.json", minor)
    except FileNotFoundError:
        return None
    _say_words(schema, f"{group.split('.')[0] or 'core'}.{version}.{kind}")
    return Draft202012Validator(schema, registry=_registry(directory, minor))


def unseen(kind: str, api_version: str) -> str:
    """What is said of a kind that nothing was held against."""
    return f"{kind} {api_version}: no schema at hand"


@cache
def _core_folder(minor: str) -> str:
    from kubernetes_validate import utils

    fitting = [version for version in utils.all_versions() if utils.major_minor(version) == minor]
    if not fitting:
        raise MissingProgram(f"kubernetes-validate: knows no Kubernetes {minor}; it has {', '.join(utils.all_versions())}")
    return f"kubernetes-json-schema/v{fitting[-1]}-local-strict"


@cache
def _registry(directory: str, minor: str) -> Any:
    from kubernetes_validate import utils
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    definitions = utils.schema_contents(f"{directory}/_definitions.json", minor)
    for name, schema in definitions["$defs"].items():
        _say_words(schema, name.removeprefix("io.k8s.api."))
    resource = Resource.from_contents(definitions, default_specification=DRAFT202012)
    return Registry().with_resources([("_definitions.json", resource), (resource.id() or "_definitions.json", resource)])


def _say_words(schema: dict[str, Any], name: str) -> None:
    """Add to the fields of a kind which words they may hold, or nothing at all."""
    for key, words in _words().get(name, {}).items():
        field = schema["properties"].get(key)
        if field is not None and isinstance(words[0], list):
            field["items"] = {**field.get("items", {}), "enum": words[0]}
        elif field is not None:
            field["enum"] = [*words, None]


@cache
def _words() -> dict[str, dict[str, Any]]:
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.load(text, yaml.CSafeLoader)["words"]
    return found


@cache
def _custom_validator(schemas: str, api_version: str, kind: str) -> Any:
    from jsonschema import validators

    group, _, version = api_version.rpartition("/")
    path = Path(schemas) / group / f"{kind.lower()}_{version}.json"
    if not path.is_file():
        return None
    schema = _junctions_open(json.loads(path.read_text(encoding="utf-8")), inside=False)
    return validators.validator_for(schema)(schema)


def _junctions_open(schema: Any, *, inside: bool) -> Any:
    """The schema without strictness inside anyOf, oneOf, allOf and not.

    In a CRD these only add conditions to fields that stand outside of them; schemas made strict mechanically close each
    branch as well, and would then refuse every object.
    """
    if isinstance(schema, list):
        return [_junctions_open(entry, inside=inside) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for key, value in schema.items():
        if key == "additionalProperties" and value is False and inside:
            continue
        if key == "properties" and isinstance(value, dict):
            found[key] = {name: _junctions_open(entry, inside=inside) for name, entry in value.items()}
        else:
            found[key] = _junctions_open(value, inside=inside or key in ("anyOf", "oneOf", "allOf", "not"))
    return found
