"""Kyverno: the design's policies in its CEL kinds, and verified signatures where images are signed."""

from __future__ import annotations

from typing import Any

from exporters.manifests import admission, authority, pods
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_API = "policies.kyverno.io/v1"
_CONTROLLERS = ("admissionController", "backgroundController", "cleanupController", "reportsController")
_READERS = {"admissionController": "kyverno-admission-controller", "reportsController": "kyverno-reports-controller"}
"""What reads signatures, and so signs in to the registry, with its service account."""


def _verifies(view: View) -> bool:
    return bool(view.gather("attestor", "image-signing"))


def _key(view: View) -> Secret | None:
    """What signatures are read with: without it the registry says nothing, and every pod would be refused."""
    return pods.pull_secret(view, view.namespace) if _verifies(view) else None


def _root(view: View) -> Secret | None:
    return authority.of_registry(view, view.namespace) if _verifies(view) else None


def objects(view: View) -> list[Obj]:
    """What it signs in to the registry with, and the certificate that it trusts there."""
    accounts = _READERS.values() if _verifies(view) and _key(view) is None else ()
    found = [obj for account in accounts for obj in view.identity(account).objects]
    return found + [obj for secret in (_key(view), _root(view)) if secret is not None for obj in secret.objects]


def _reader(view: View, name: str) -> dict[str, Any]:
    """Values of a controller that reads signatures (https://kyverno.io/docs/policy-types/image-validating-policy/)."""
    found: dict[str, Any] = {}
    if _key(view) is None:
        identity = view.identity(_READERS[name])
        if identity.annotations:
            found["rbac"] = {"serviceAccount": {"annotations": dict(identity.annotations)}}
        if identity.pod_labels:
            found["podLabels"] = dict(identity.pod_labels)
    root = _root(view)
    if root is not None:
        # Beside the public authorities, which are in a file that the chart's own setting would replace.
        trusted = [authority.variable()]
        found["extraVolumes"], found["extraVolumeMounts"] = [authority.volume(root)], [authority.mount()]
        found |= {"container": {"extraEnvVars": trusted}} if name == "admissionController" else {"extraEnvVars": trusted}
    return found


def values(view: View) -> dict[str, Any]:
    """Three copies of what stands in the path of every change, two of the others, and monitors."""
    copies = 3 if view.highly_available and view.nodes >= 3 else 1
    found: dict[str, Any] = {}
    for name in _CONTROLLERS:
        found[name] = {"serviceMonitor": {"enabled": view.monitors}, "replicas": min(copies, 2)}
    found["admissionController"] |= {"replicas": copies, "podDisruptionBudget": {"enabled": copies > 1}}
    for name in _READERS if _verifies(view) else ():
        found[name] |= _reader(view, name)
    found["grafana"] = {"enabled": bool(view.gather("collects_dashboards", "dashboards"))}
    return found


def policies(view: View) -> list[Obj]:
    """A ValidatingPolicy for each, and one ImageValidatingPolicy for each way of signing."""
    actions = ["Deny"] if admission.enforced(view) else ["Audit"]
    found: list[Obj] = []
    for policy in admission.policies(view):
        spec: Obj = {
            "validationActions": actions,
            "matchConstraints": {"namespaceSelector": admission.NAMESPACES, "resourceRules": policy.rules()},
            "validations": policy.validations(),
            # Controllers are matched by themselves; generated rules would say everything twice.
            "autogen": {"podControllers": {"controllers": []}},
        }
        if policy.variables():
            spec["variables"] = policy.variables()
        if not policy.core:  # its reports run under rights that do not reach kinds of others
            spec["evaluation"] = {"background": {"enabled": False}}
        annotations = policy.annotations(view, "policies.kyverno.io/description")
        metadata = {"name": policy.name, "annotations": annotations}
        found.append({"apiVersion": _API, "kind": "ValidatingPolicy", "metadata": metadata, "spec": spec})
    for attestor in view.gather("attestor", "image-signing"):
        found.append(_signatures(view, attestor, actions))
    return found


def _signatures(view: View, attestor: dict[str, Any], actions: list[str]) -> Obj:
    """Own images must carry a signature; what was signed is pinned by its digest. While nobody has said what signatures are
    checked by, none can be good: then it only reports."""
    host = str(view.setting("registry.host", "registry.example.com/apps")).rstrip("/")
    name, unknown = attestor["name"], attestor.get("unknown")
    attestor = {key: said for key, said in attestor.items() if key != "unknown"}
    spec: Obj = {
        "validationActions": ["Audit"] if unknown else actions,
        "failurePolicy": "Fail",
        "webhookConfiguration": {"timeoutSeconds": 30},
        "matchConstraints": {
            "namespaceSelector": admission.NAMESPACES,
            "resourceRules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["pods", admission.EPHEMERAL],
                }
            ],
        },
        "matchImageReferences": [{"glob": f"{host}/**"}],
        "attestors": [attestor],
        "validationConfigurations": {"required": True, "verifyDigest": True, "mutateDigest": True},
        "validations": [
            {
                "expression": "(images.containers + images.initContainers + images.ephemeralContainers)"
                f".map(image, verifyImageSignatures(image, [attestors.{name}])).all(count, count > 0)",
                "message": "Images of this design's registry must be signed by its pipeline. Decided under image-signing in "
                "docs/decisions.",
            }
        ],
    }
    key = _key(view)
    if key is not None:
        spec["credentials"] = {"secrets": [key.name]}
    told = f"Own images are signed by the pipeline.{f' It only reports until the answers say {unknown}.' if unknown else ''}"
    annotations = {"policies.kyverno.io/description": told, **admission.of_record(view, "image-signing")}
    metadata = {"name": f"signed-by-{name}", "annotations": annotations}
    return {"apiVersion": _API, "kind": "ImageValidatingPolicy", "metadata": metadata, "spec": spec}
