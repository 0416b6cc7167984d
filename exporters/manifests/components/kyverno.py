"""Kyverno: the design's policies in its CEL kinds, and verified signatures where images are signed."""

from __future__ import annotations

from typing import Any

from exporters.manifests import admission
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "policies.kyverno.io/v1"
_CONTROLLERS = ("admissionController", "backgroundController", "cleanupController", "reportsController")


def values(view: View) -> dict[str, Any]:
    """Three copies of what stands in the path of every change, two of the others, and monitors."""
    copies = 3 if view.highly_available and view.nodes >= 3 else 1
    found: dict[str, Any] = {}
    for name in _CONTROLLERS:
        found[name] = {"serviceMonitor": {"enabled": view.monitors}, "replicas": min(copies, 2)}
    found["admissionController"] |= {"replicas": copies, "podDisruptionBudget": {"enabled": copies > 1}}
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
    """Own images must carry a signature; what was signed is pinned by its digest."""
    host = str(view.setting("registry.host", "registry.example.com/apps")).rstrip("/")
    name = attestor["name"]
    spec: Obj = {
        "validationActions": actions,
        "failurePolicy": "Fail",
        "webhookConfiguration": {"timeoutSeconds": 30},
        "matchConstraints": {
            "namespaceSelector": admission.NAMESPACES,
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"]}
            ],
        },
        "matchImageReferences": [{"glob": f"{host}/**"}],
        "attestors": [attestor],
        "validationConfigurations": {"required": True, "verifyDigest": True, "mutateDigest": True},
        "validations": [
            {
                "expression": f"images.containers.map(image, verifyImageSignatures(image, [attestors.{name}]))"
                ".all(count, count > 0)",
                "message": "Images of this design's registry must be signed by its pipeline. Decided under image-signing in "
                "docs/decisions.",
            }
        ],
    }
    metadata = {"name": f"signed-by-{name}", "annotations": admission.of_record(view, "image-signing")}
    return {"apiVersion": _API, "kind": "ImageValidatingPolicy", "metadata": metadata, "spec": spec}
