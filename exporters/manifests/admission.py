"""What the decisions of a design imply for objects that are admitted, as CEL that every engine translates for itself.

Only namespaces of workloads are judged. Pods that a controller made are not judged again: their template was, before a
mesh or an agent added containers that the design does not own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exporters.manifests.labels import PREFIX
from exporters.manifests.view import View

NAMESPACES: dict[str, Any] = {"matchLabels": {f"{PREFIX}/kind": "workloads"}}
"""Selector of the namespaces that are judged."""

_CONTROLLERS = {
    "apps": ("deployments", "statefulsets", "daemonsets", "replicasets"),
    "batch": ("jobs", "cronjobs"),
    "": ("pods",),
}
_KINDS = {
    "apps": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "batch": ("Job", "CronJob"),
    "": ("Pod",),
}

VARIABLES = (
    ("owned", "object.kind == 'Pod' && has(object.metadata.ownerReferences)"),
    (
        "pod",
        "object.kind == 'Pod' ? object.spec : "
        "object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec",
    ),
    (
        "containers",
        "variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])",
    ),
)
"""Variables of every policy about pods, in order: later ones use earlier ones."""


@dataclass(frozen=True)
class Check:
    """One thing that has to be true."""

    expression: str
    message: str


@dataclass(frozen=True)
class Policy:
    """Checks that belong together. `pods`: about pods and their controllers, else about Services."""

    name: str
    why: str
    checks: tuple[Check, ...]
    pods: bool = True

    def rules(self) -> list[dict[str, Any]]:
        """`resourceRules` of the policy."""
        groups = _CONTROLLERS if self.pods else {"": ("services",)}
        return [
            {
                "apiGroups": [group],
                "apiVersions": ["v1"],
                "operations": ["CREATE", "UPDATE"],
                "resources": list(resources),
            }
            for group, resources in groups.items()
        ]

    def kinds(self) -> list[dict[str, Any]]:
        """The same as kinds."""
        groups = _KINDS if self.pods else {"": ("Service",)}
        return [{"apiGroups": [group], "kinds": list(kinds)} for group, kinds in groups.items()]

    def variables(self) -> list[dict[str, str]]:
        """Named parts of the object."""
        return [{"name": name, "expression": text} for name, text in VARIABLES] if self.pods else []

    def validations(self) -> list[dict[str, str]]:
        """Each check with what it says when it fails."""
        return [
            {
                "expression": f"variables.owned || ({check.expression})" if self.pods else check.expression,
                "message": check.message,
            }
            for check in self.checks
        ]


def enforced(view: View) -> bool:
    """True where objects that break a policy are refused, not only reported."""
    return str(view.setting("policy.mode", "audit")) == "enforce"


def registries(view: View) -> tuple[str, ...]:
    """Beginnings of the references that images may have: the design's registry, where its workloads' images
    are, and what the tool that delivers secrets needs beside them."""
    found = [str(view.setting("registry.host", "registry.example.com/apps")).rstrip("/") + "/"]
    for workload in view.workloads:
        for image in (str(workload.image), *((str(workload.canary.image),) if workload.canary else ())):
            bare = image.split("@", 1)[0]
            folder, slash, _ = bare.rpartition("/")
            found.append(f"{folder}/" if slash else bare.split(":", 1)[0])
    found += [beginning for images in view.gather("images", "secrets-delivery", "mesh") for beginning in images]
    return tuple(dict.fromkeys(found))


def policies(view: View) -> list[Policy]:
    """Every policy that this design implies."""
    found = [_origin(view), _resources()]
    if any(view.gather("judged_by_engine", "pod-security")):
        found.append(_restricted())
    if view.entry() is not None:
        found.append(_entrance())
    return found


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
    )


def _resources() -> Policy:
    return Policy(
        "resources",
        "Without requests the scheduler guesses, and without a memory limit one pod takes a node down.",
        (
            Check(
                "variables.containers.all(c, has(c.resources) && has(c.resources.requests) && "
                "'cpu' in c.resources.requests && 'memory' in c.resources.requests)",
                "Containers must request processor and memory.",
            ),
            Check(
                "variables.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
                "Containers must limit their memory.",
            ),
        ),
    )


def _restricted() -> Policy:
    root = (
        "(has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && "
        "variables.pod.securityContext.runAsNonRoot) || variables.containers.all(c, has(c.securityContext) && "
        "has(c.securityContext.runAsNonRoot) && c.securityContext.runAsNonRoot)"
    )
    profile = (
        "has(variables.pod.securityContext) && has(variables.pod.securityContext.seccompProfile) && "
        "variables.pod.securityContext.seccompProfile.type in ['RuntimeDefault', 'Localhost']"
    )
    host = " && ".join(f"(!has(variables.pod.{name}) || !variables.pod.{name})" for name in ("hostNetwork", "hostPID", "hostIPC"))
    return Policy(
        "restricted-pods",
        "What the Pod Security Standard called restricted asks for.",
        (
            Check(root, "Pods must run as a user other than root."),
            Check(profile, "Pods must use the runtime's seccomp profile."),
            Check(host, "Pods must not share the network, processes or memory of their node."),
            Check(
                "variables.containers.all(c, has(c.securityContext) && "
                "has(c.securityContext.allowPrivilegeEscalation) && !c.securityContext.allowPrivilegeEscalation)",
                "Containers must not gain privileges.",
            ),
            Check(
                "variables.containers.all(c, has(c.securityContext) && has(c.securityContext.capabilities) && "
                "has(c.securityContext.capabilities.drop) && 'ALL' in c.securityContext.capabilities.drop)",
                "Containers must drop all capabilities.",
            ),
            Check(
                "!has(variables.pod.volumes) || variables.pod.volumes.all(v, !has(v.hostPath))",
                "Pods must not mount folders of their node.",
            ),
        ),
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
        pods=False,
    )
