"""Gatekeeper: a ConstraintTemplate in CEL and a constraint for each of the design's policies."""

from __future__ import annotations

from typing import Any

from exporters.manifests import admission, monitors
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Copies of the webhook by availability."""
    copies = 3 if view.highly_available and view.nodes >= 3 else 1
    return {"replicas": copies, "pdb": {"controllerManager": {"minAvailable": 1 if copies > 1 else 0}}}


def _kind(policy: admission.Policy) -> str:
    return "".join(word.capitalize() for word in policy.name.split("-"))


def objects(view: View) -> list[Obj]:
    """Monitors and the templates: a constraint's kind exists only once its template was taken."""
    found: list[Obj] = monitors.of_pods(view, view.me)
    for policy in admission.policies(view):
        kind = _kind(policy)
        source: dict[str, Any] = {"validations": policy.validations()}
        if policy.variables():
            source["variables"] = policy.variables()
        target = {
            "target": "admission.k8s.gatekeeper.sh",
            "code": [{"engine": "K8sNativeValidation", "source": source}],
        }
        found.append(
            {
                "apiVersion": "templates.gatekeeper.sh/v1",
                "kind": "ConstraintTemplate",
                "metadata": {"name": kind.lower(), "annotations": policy.annotations(view, "description")},
                "spec": {"crd": {"spec": {"names": {"kind": kind}}}, "targets": [target]},
            }
        )
    return found


def policies(view: View) -> list[Obj]:
    """The constraints: where and how strictly."""
    action = "deny" if admission.enforced(view) else "warn"
    return [
        {
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": _kind(policy),
            "metadata": {"name": policy.name, "annotations": admission.of_record(view, policy.decision)},
            "spec": {
                "enforcementAction": action,
                "match": {"kinds": policy.kinds(), "namespaceSelector": admission.NAMESPACES},
            },
        }
        for policy in admission.policies(view)
    ]
