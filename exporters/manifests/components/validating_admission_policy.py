"""ValidatingAdmissionPolicy: the design's policies, judged by the API server itself."""

from __future__ import annotations

from exporters.manifests import admission
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "admissionregistration.k8s.io/v1"


def policies(view: View) -> list[Obj]:
    """A policy and its binding for each."""
    actions = ["Deny"] if admission.enforced(view) else ["Warn", "Audit"]
    found: list[Obj] = []
    for policy in admission.policies(view):
        metadata = {"name": policy.name, "annotations": policy.annotations(view, "kubernetes.io/description")}
        constraints = {"namespaceSelector": admission.NAMESPACES, "resourceRules": policy.rules()}
        spec: Obj = {
            "failurePolicy": "Fail",
            "matchConstraints": constraints,
            "validations": policy.validations(),
        }
        if policy.variables():
            spec["variables"] = policy.variables()
        found.append({"apiVersion": _API, "kind": "ValidatingAdmissionPolicy", "metadata": metadata, "spec": spec})
        found.append(
            {
                "apiVersion": _API,
                "kind": "ValidatingAdmissionPolicyBinding",
                "metadata": {"name": policy.name, "annotations": admission.of_record(view, policy.decision)},
                "spec": {"policyName": policy.name, "validationActions": actions},
            }
        )
    return found
