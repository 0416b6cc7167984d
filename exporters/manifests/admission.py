"""What the decisions of a design imply for objects that are admitted, as CEL that every engine translates for itself.

Each policy holds objects to one decision, and names its record. Only namespaces of workloads are judged. Every pod is
judged, whoever says that he owns it: `ownerReferences` are what the author of a pod wrote there, and nobody proves them.
Templates are judged as well, so that whoever writes one is told at once; that is a courtesy, and the pod is what counts
(https://kubernetes.io/docs/concepts/security/pod-security-admission/#workload-resources-and-pod-templates). What a mesh or a
tool of the design adds to pods has to pass too: its images are allowed by name (the hook `images`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.design import Design
from exporters.manifests import restricted
from exporters.manifests.labels import DECISION, PREFIX, RECORD, record_slug
from exporters.manifests.references import Entry
from exporters.manifests.rejected import own, rejected
from exporters.manifests.routes import GATEWAY
from exporters.manifests.view import View, views

NAMESPACES: dict[str, Any] = {"matchLabels": {f"{PREFIX}/kind": "workloads"}}
"""Selector of the namespaces that are judged."""

Kinds = Mapping[str, tuple[tuple[str, str], ...]]
"""API group to (plural, kind) of what is judged."""

_PODS: Kinds = {
    "apps": (("deployments", "Deployment"), ("statefulsets", "StatefulSet"), ("daemonsets", "DaemonSet"),
             ("replicasets", "ReplicaSet")),
    "batch": (("jobs", "Job"), ("cronjobs", "CronJob")),
    "": (("pods", "Pod"), ("replicationcontrollers", "ReplicationController")),
}

EPHEMERAL = "pods/ephemeralcontainers"
"""Where a container is put into a pod that runs; whoever asks about pods alone is not asked about it."""

VARIABLES = (
    # A pod cannot be mended, so one that was there before the policy may still lose a finalizer or get a label.
    ("unchanged", "object.kind == 'Pod' && oldObject != null && oldObject.spec == object.spec"),
    (
        "pod",
        "object.kind == 'Pod' ? object.spec : "
        "object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec",
    ),
    (
        "lasting",
        "variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])",
    ),
    (
        "containers",
        "dyn(variables.lasting) + dyn(has(variables.pod.ephemeralContainers) ? variables.pod.ephemeralContainers : [])",
    ),
)
"""Variables of every policy about pods, in order: later ones use earlier ones."""


_BESIDE = ("secrets-delivery", "mesh", "certificate-automation", "cluster-backup")
"""Who may run something in namespaces of workloads: proxies, holders of mounts, what answers an authority, what waits for a
volume to be restored."""


@dataclass(frozen=True)
class Check:
    """One thing that has to be true."""

    expression: str
    message: str


@dataclass(frozen=True)
class Policy:
    """Checks that belong together and hold objects to one decision."""

    name: str
    why: str
    checks: tuple[Check, ...]
    decision: str
    """The decision that it holds objects to."""
    about: Kinds = field(default_factory=lambda: _PODS)

    @property
    def pods(self) -> bool:
        """True when it is about pods and their controllers."""
        return self.about is _PODS

    @property
    def core(self) -> bool:
        """True when it is about kinds of Kubernetes itself, which every engine may list."""
        return all("." not in group or (group.endswith(".k8s.io") and "gateway" not in group) for group in self.about)

    def rules(self) -> list[dict[str, Any]]:
        """`resourceRules` of the policy."""
        return [
            {
                "apiGroups": [group],
                "apiVersions": ["v1"] if self.core else ["*"],
                "operations": ["CREATE", "UPDATE"],
                "resources": [*(plural for plural, _ in kinds), *([EPHEMERAL] if self.pods and not group else [])],
            }
            for group, kinds in self.about.items()
        ]

    def kinds(self) -> list[dict[str, Any]]:
        """The same as kinds."""
        return [{"apiGroups": [group], "kinds": [kind for _, kind in kinds]} for group, kinds in self.about.items()]

    def annotations(self, view: View, description: str) -> dict[str, str]:
        """Annotations of the objects that are this policy: what it is for, under the engine's own name for that, and
        the decision and record that it holds objects to."""
        return {description: self.why, **of_record(view, self.decision)}

    def variables(self) -> list[dict[str, str]]:
        """Named parts of the object."""
        return [{"name": name, "expression": text} for name, text in VARIABLES] if self.pods else []

    def validations(self) -> list[dict[str, str]]:
        """Each check with what it says when it fails."""
        return [
            {
                "expression": f"variables.unchanged || ({check.expression})" if self.pods else check.expression,
                "message": f"{check.message} Decided under {self.decision} in docs/decisions.",
            }
            for check in self.checks
        ]


def of_record(view: View, decision: str) -> dict[str, str]:
    """Annotations of what holds objects to a decision: the decision and its record."""
    slug = record_slug(view.design, decision)
    return {DECISION: decision, RECORD: slug} if slug else {}


def enforced(view: View) -> bool:
    """True where objects that break a policy are refused, not only reported."""
    return str(view.setting("policy.mode", "audit")) == "enforce"


def registries(view: View) -> tuple[str, ...]:
    """Beginnings of the references that images may have: the design's registry, where its workloads' images
    are, and what other parts of the design run beside them."""
    found = [str(view.setting("registry.host", "registry.example.com/apps")).rstrip("/") + "/"]
    for workload in view.workloads:
        for image in (str(workload.image), *((str(workload.canary.image),) if workload.canary else ())):
            bare = image.split("@", 1)[0]
            folder, slash, _ = bare.rpartition("/")
            found.append(f"{folder}/" if slash else bare.split(":", 1)[0])
    found += [beginning for images in view.gather("images", *_BESIDE) for beginning in images]
    return tuple(dict.fromkeys(found))


def policies(view: View) -> list[Policy]:
    """Every policy that this design implies."""
    found = [_origin(view), _resources()]
    if any(view.gather("judged_by_engine", "pod-security")):
        found.append(_restricted())
    entry = view.entry()
    if entry is not None:
        found += [_entrance(), *_routes(entry)]
    return [*found, *_volumes(view), *_certificates(view), *_not_chosen(view)]


def held(design: Design) -> dict[str, tuple[str, ...]]:
    """Record slug to the names of the policies that hold objects to what it decides, over all clusters; empty where no
    policy engine is chosen."""
    found: dict[str, dict[str, None]] = {}
    for view in views(design):
        for made in view.gather("policies", "policy-engine"):
            for obj in made:
                slug = obj["metadata"].get("annotations", {}).get(RECORD)
                if slug:
                    found.setdefault(slug, {})[obj["metadata"]["name"]] = None
    return {slug: tuple(names) for slug, names in found.items()}


def _origin(view: View) -> Policy:
    allowed = ", ".join(f"'{beginning}'" for beginning in registries(view))
    return Policy(
        "image-origin",
        "Images come from the registries of the design, under a name that says which version they are.",
        (
            Check(
                f"variables.containers.all(c, [{allowed}].exists(r, c.image.startsWith(r)))",
                "Images must come from a registry of this design.",
            ),
            Check(
                "variables.containers.all(c, c.image.contains('@sha256:') || "
                "(c.image.split('/')[c.image.split('/').size() - 1].contains(':') && !c.image.endsWith(':latest')))",
                "Images must have a tag other than latest, or a digest.",
            ),
        ),
        "registry",
    )


def _resources() -> Policy:
    return Policy(
        "resources",
        "Without requests the scheduler guesses, and without a memory limit one pod takes a node down.",
        (
            Check(
                "variables.lasting.all(c, has(c.resources) && has(c.resources.requests) && "
                "'cpu' in c.resources.requests && 'memory' in c.resources.requests)",
                "Containers must request processor and memory.",
            ),
            Check(
                "variables.lasting.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
                "Containers must limit their memory.",
            ),
        ),
        "policy-engine",
    )


def _restricted() -> Policy:
    return Policy(
        "restricted-pods",
        "What the Pod Security Standard called restricted asks for.",
        tuple(Check(expression, message) for expression, message in restricted.checks()),
        "pod-security",
    )


def _entrance() -> Policy:
    return Policy(
        "one-entrance",
        "Requests from outside come through the entrance of the design, where they are filtered and encrypted.",
        (
            Check(
                "!has(object.spec.type) || !(object.spec.type in ['NodePort', 'LoadBalancer'])",
                "Services of workloads must not be reachable from outside; use a route.",
            ),
        ),
        "service-exposure",
        {"": (("services", "Service"),)},
    )


def _routes(entry: Entry) -> list[Policy]:
    """Routes go through the chosen entrance, not through another one that somebody brought along."""
    found = []
    if entry.gateway_class is not None:
        found.append(Policy(
            "routes-through-the-entrance",
            "Routes of workloads belong to the shared Gateway of the design.",
            (Check(
                "!has(object.spec.parentRefs) || object.spec.parentRefs.all(p, "
                f"(has(p.kind) && p.kind != 'Gateway') || p.name == '{GATEWAY}')",
                f"Routes of workloads must have the shared Gateway {GATEWAY} as their parent.",
            ),),
            "ingress",
            {"gateway.networking.k8s.io": (("httproutes", "HTTPRoute"), ("grpcroutes", "GRPCRoute"))},
        ))
    if entry.ingress_class is not None and "kubernetes.io/ingress.class" not in entry.annotations:
        found.append(Policy(
            "ingresses-through-the-entrance",
            "Ingresses of workloads belong to the chosen controller.",
            (Check(
                f"has(object.spec.ingressClassName) && object.spec.ingressClassName == '{entry.ingress_class}'",
                f"Ingresses must name the class {entry.ingress_class}.",
            ),),
            "ingress",
            {"networking.k8s.io": (("ingresses", "Ingress"),)},
        ))
    return found


def _volumes(view: View) -> list[Policy]:
    """Volumes come from the chosen storage; nothing where a class is not known by name."""
    wanted = [purpose for purpose in ("block", "file") if view.capability(f"{purpose}-storage")]
    names = [view.storage_class(purpose) for purpose in wanted]
    if not names or None in names:
        return []
    allowed = ", ".join(f"'{name}'" for name in dict.fromkeys(names))
    return [Policy(
        "volumes-from-the-design",
        "Volumes of workloads come from the storage of the design, which is backed up and watched.",
        (Check(
            f"!has(object.spec.storageClassName) || object.spec.storageClassName in ['', {allowed}]",
            f"Volumes must have a storage class of this design: {', '.join(str(name) for name in dict.fromkeys(names))}.",
        ),),
        "block-storage",
        {"": (("persistentvolumeclaims", "PersistentVolumeClaim"),)},
    )]


def _certificates(view: View) -> list[Policy]:
    """Certificates come from the chosen authority."""
    issuer = view.issuer()
    if issuer is None or issuer.kind is None or issuer.group != "cert-manager.io":
        return []
    return [Policy(
        "certificates-from-the-issuer",
        "Certificates of workloads come from the authority of the design.",
        (Check(f"object.spec.issuerRef.name == '{issuer.name}'", f"Certificates must be issued by {issuer.name}."),),
        "certificates",
        {"cert-manager.io": (("certificates", "Certificate"),)},
    )]


def _not_chosen(view: View) -> list[Policy]:
    """Nothing of what was decided against: one policy a decision, where this design installs what was chosen."""
    found = []
    entries = [entry for entry in view.design.decisions
               if entry.kind in (None, view.kind.name) and own(view.design, entry)]
    for decision, groups in rejected(view.design, entries).items():
        titles = ", ".join(dict.fromkeys(groups[group] for group in sorted(groups)))
        found.append(Policy(
            f"not-chosen-{decision}",
            "Parts that the design decided against do not come in by the back door.",
            (Check("false", f"This kind belongs to what was not chosen ({titles})."),),
            decision,
            dict.fromkeys(sorted(groups), (("*", "*"),)),
        ))
    return found
