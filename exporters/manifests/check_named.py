"""Objects that others name by kind and name: stores, issuers, targets of policies, templates, certificates, accounts.

A server takes such a name whatever it says, and a controller then waits for it without end. Looks only where what is
meant has to be in the tree: a kind of which the tree has objects, or that no chart brings objects of. What charts bring
of core kinds lives outside of the namespaces of workloads, so only in those is a core kind looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_references import pod_spec, secrets_made, services
from exporters.manifests.cluster import BUILT_IN

Body = Mapping[str, Any]

_UNSAID = {
    "secretStoreRef": "SecretStore", "issuerRef": "Issuer", "templateRef": "MetricTemplate",
    "elasticsearchRef": "Elasticsearch", "elasticsearchRefs": "Elasticsearch", "peerConfigRef": "CiliumBGPPeerConfig",
    "authenticationRef": "TriggerAuthentication",
}
"""The kind that a field means where it names none."""
_OURS = frozenset({
    "SecretStore", "ClusterSecretStore", "Issuer", "ClusterIssuer", "MetricTemplate", "AnalysisTemplate", "Elasticsearch",
    "TriggerAuthentication", "ValidatingAdmissionPolicy",
})
"""Kinds that no chart brings objects of."""
_CORE = frozenset({"Service", "ServiceAccount", "Secret", "ConfigMap", "Deployment", "StatefulSet", "DaemonSet", "Job"})
_ELSEWHERE = frozenset({"roleRef", "sourceRef", "chartRef", "scaleTargetRef", "workloadRef", "backendRefs", "secretRef"})
"""Fields that other checks look at."""
_OWN_LABELS = ("app.kubernetes.io/", "k8s-wizard.dev/")


class _Names:
    """What is in the cluster by kind and name, and which of its namespaces are the workloads'."""

    def __init__(self, objects: Sequence[Placed]) -> None:
        self.of: dict[str, set[tuple[str, str]]] = {}
        self.pods: list[tuple[str, Body]] = []
        self.spaces: set[str] = set(BUILT_IN)
        self.workloads: set[str] = set()
        for entry in objects:
            with suppress(*UNSHAPED):
                self._add(entry.body)

    def _add(self, body: Body) -> None:
        metadata = body["metadata"]
        place = (metadata.get("namespace", ""), metadata["name"])
        self.of.setdefault(body["kind"], set()).add(place)
        for name, _ in secrets_made(body):
            self.of.setdefault("Secret", set()).add((place[0], name))
        made = pod_spec(body)
        if made is not None:
            self.pods.append((place[0], made[0]))
        if body["kind"] == "Namespace":
            self.spaces.add(place[1])
            if (metadata.get("labels") or {}).get("k8s-wizard.dev/kind") == "workloads":
                self.workloads.add(place[1])

    def lacks(self, kind: str, namespace: str, name: str) -> bool:
        """True where that object has to be in the tree and is not."""
        if kind in _CORE:
            return namespace in self.workloads and (namespace, name) not in self.of.get(kind, ())
        if kind not in _OURS and kind not in self.of:
            return False
        return not {(namespace, name), ("", name)} & self.of.get(kind, set())


def check(objects: Sequence[Placed], before: Sequence[Placed] = ()) -> list[Finding]:
    """What is named and is nowhere. `before` are objects that are there already."""
    everything = [*objects, *before]
    names = _Names(everything)
    if made := services(everything):  # those that controllers make among them
        names.of.setdefault("Service", set()).update(made)
    return [finding for entry in objects for finding in looked_at(entry, "reference", partial(_of, entry.body, names))]


def _of(body: Body, names: _Names) -> Iterator[str]:
    kind, spec, namespace = body["kind"], body.get("spec") or {}, body["metadata"].get("namespace", "")
    for field, wanted, space, name in _references(spec, namespace):
        if names.lacks(wanted, space, name):
            yield f"its {field} names {wanted} {name}, which is nowhere"
    if kind == "Rollout":
        yield from _analyses(spec, namespace, names)
    elif kind == "ValidatingAdmissionPolicyBinding" and names.lacks("ValidatingAdmissionPolicy", "", spec["policyName"]):
        yield f"it binds ValidatingAdmissionPolicy {spec['policyName']}, which is nowhere"
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _subjects(body.get("subjects") or (), namespace, names)
    elif kind == "Ingress":
        for entry in spec.get("tls") or ():
            if "secretName" in entry and names.lacks("Secret", namespace, entry["secretName"]):
                yield f"its certificate {entry['secretName']} is made by nothing"
        yield from _default(spec, namespace, names)
    elif kind == "NetworkPolicy":
        yield from _policy(spec, namespace, names)
    made = pod_spec(body)
    for volume in (made[1].get("volumes") or ()) if made is not None else ():
        for source in (volume.get("projected") or {}).get("sources") or ():
            for field, wanted in (("secret", "Secret"), ("configMap", "ConfigMap")):
                meant = source.get(field) or {"optional": True}
                if not meant.get("optional") and names.lacks(wanted, namespace, meant["name"]):
                    yield f"its volume {volume['name']} uses {wanted} {meant['name']}, which nothing makes"


def _references(value: Any, namespace: str) -> Iterator[tuple[str, str, str, str]]:
    """(field, kind, namespace, name) of what an object names in fields that end in Ref or Refs."""
    if isinstance(value, list):
        for entry in value:
            yield from _references(entry, namespace)
    if not isinstance(value, Mapping):
        return
    for field, inner in value.items():
        if field in _ELSEWHERE:
            continue
        if not str(field).endswith(("Ref", "Refs")):
            yield from _references(inner, namespace)
            continue
        for entry in inner if isinstance(inner, list) else [inner]:
            kind = entry.get("kind", _UNSAID.get(field)) if isinstance(entry, Mapping) else None
            if kind is not None and "name" in entry:
                yield field, kind, entry.get("namespace", namespace), entry["name"]


def _analyses(spec: Body, namespace: str, names: _Names) -> Iterator[str]:
    for way in (spec.get("strategy") or {}).values():
        steps = [step.get("analysis") for step in way.get("steps") or ()]
        for analysis in filter(None, (way.get("analysis"), *steps)):
            for template in analysis.get("templates") or ():
                kind = "ClusterAnalysisTemplate" if template.get("clusterScope") else "AnalysisTemplate"
                if names.lacks(kind, namespace, template["templateName"]):
                    yield f"it is judged by {kind} {template['templateName']}, which is nowhere"


def _subjects(subjects: Sequence[Body], namespace: str, names: _Names) -> Iterator[str]:
    for subject in subjects:
        if subject.get("kind") != "ServiceAccount":
            continue
        space = subject.get("namespace", namespace)
        if space not in names.spaces:
            yield f"it gives rights to a ServiceAccount of namespace {space}, which is nowhere"
        elif subject["name"] != "default" and names.lacks("ServiceAccount", space, subject["name"]):
            yield f"it gives rights to ServiceAccount {space}/{subject['name']}, which is nowhere"


def _default(spec: Body, namespace: str, names: _Names) -> Iterator[str]:
    service = (spec.get("defaultBackend") or {}).get("service") or {}
    if "name" in service and names.lacks("Service", namespace, service["name"]):
        yield f"its default backend Service {namespace}/{service['name']} is nowhere"


def _policy(spec: Body, namespace: str, names: _Names) -> Iterator[str]:
    """Pods of workloads that a policy means and that nobody makes. Operators' pods bear labels of the operators."""
    peers = [
        (peer.get("namespaceSelector"), peer.get("podSelector"))
        for direction, word in (("ingress", "from"), ("egress", "to"))
        for rule in spec.get(direction) or ()
        for peer in rule.get(word) or ()
        if "ipBlock" not in peer
    ]
    for spaces, pods in ((None, spec.get("podSelector")), *peers):
        labels = (pods or {}).get("matchLabels") or {}
        space = namespace if spaces is None else (spaces.get("matchLabels") or {}).get("kubernetes.io/metadata.name")
        if space not in names.workloads or not labels or not all(key.startswith(_OWN_LABELS) for key in labels):
            continue
        if not any(there == space and labels.items() <= own.items() for there, own in names.pods):
            said = ", ".join(f"{key}={value}" for key, value in sorted(labels.items()))
            yield f"no pod in namespace {space} has the labels that it means: {said}"
