"""What every cluster needs before anything else: namespaces with their Pod Security level, priorities, quotas."""

from __future__ import annotations

from fractions import Fraction

from catalog.components import Component
from exporters.manifests.labels import KEPT, PREFIX, ROUTES
from exporters.manifests.modules import hook
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_LEVELS = ("restricted", "baseline", "privileged")
BUILT_IN = ("kube-system", "kube-public", "kube-node-lease", "default")
"""Namespaces that exist in every cluster and that are not ours to own."""

PLATFORM_PRIORITY = "platform"
WORKLOAD_PRIORITY = "workloads"
BATCH_PRIORITY = "batch"


_DEFAULT_REQUEST = {"cpu": "50m", "memory": "64Mi"}
"""What a container in a workload namespace gets that asks for nothing."""


def installed(view: View) -> tuple[Component, ...]:
    """Components that are installed into this cluster, in catalog order. A delivery tool that serves all clusters from
    the first one is installed there only."""
    found: tuple[Component, ...] = view.memoized("installed", lambda: _installed(view))
    return found


def _installed(view: View) -> tuple[Component, ...]:
    from exporters.manifests import through

    elsewhere = () if through.hub(view) else view.chosen("deployment")
    return tuple(
        entry
        for entry in view.design.selected(view.kind.name)
        if entry.support == "installable" and entry.install is not None and entry.id not in elsewhere
    )


def shows_control_plane(view: View) -> bool:
    """True where controller manager and scheduler may be asked for metrics on their machines' addresses; the benchmarks
    that supervision asks for keep both to themselves."""
    return view.capability("control-plane-metrics") and str(view.context("compliance")) != "regulated"


def charts(view: View, component: Component) -> tuple[View, ...]:
    """A view for each chart of a component that its roles here ask for."""
    mine = view.of(component)
    assert component.install is not None
    return tuple(
        mine.charted(chart)
        for chart in component.install.charts
        if chart.comes(set(mine.roles), mine.capabilities, mine.setting)
    )


def platform_namespaces(view: View) -> dict[str, tuple[str, str, str]]:
    """Namespace to (Pod Security level, reason, decision), for everything installed; the least strict need wins."""
    found: dict[str, tuple[str, str, str]] = view.memoized("platform", lambda: _platform_namespaces(view))
    return found


def _platform_namespaces(view: View) -> dict[str, tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for component in installed(view):
        install = component.install
        assert install is not None
        if not charts(view, component) and hook(component.id, "objects") is None:
            continue  # a pattern: nothing of its own runs anywhere
        decision = view.roles_of(component.id)[0]
        names = {entry.namespace for entry in charts(view, component)}
        if hook(component.id, "objects") is not None:
            names.add(install.namespace)
        for name in sorted(names):
            level, reason = install.pod_security, install.pod_security_because or ""
            before = found.get(name)
            if before is None or _LEVELS.index(level) > _LEVELS.index(before[0]):
                found[name] = (level, reason, decision)
    return {name: entry for name, entry in found.items() if name not in BUILT_IN}


def workload_namespaces(view: View) -> tuple[str, ...]:
    """Namespaces of the company's own workloads, in the order of the answers."""
    return tuple(dict.fromkeys(view.workload_namespace(workload) for workload in view.workloads))


def namespaces(view: View) -> list[Obj]:
    """Every namespace, with the Pod Security level it is held to."""
    found = []
    for name, (level, reason, decision) in sorted(platform_namespaces(view).items()):
        annotations = {f"{PREFIX}/decision": decision}
        if reason:
            annotations[f"{PREFIX}/pod-security-because"] = reason
        found.append(namespace(name, level, {f"{PREFIX}/kind": "platform"}, annotations))
    routed = {view.workload_namespace(workload) for workload in view.workloads if workload.host}
    for name in workload_namespaces(view):
        labels = {f"{PREFIX}/kind": "workloads"}
        if name in routed:
            labels[ROUTES] = "true"
        annotations = {}
        for member in view.gather("sidecars", "mesh"):
            labels |= member.get("namespace_labels", {})
            annotations |= member.get("namespace_annotations", {})
        found.append(namespace(name, "restricted", labels, annotations))
    return found


def namespace(name: str, level: str, labels: dict[str, str], annotations: dict[str, str]) -> Obj:
    security = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}
    # Deleting a namespace deletes what is in it: no delivery tool may do that on its own.
    metadata = {"name": name, "labels": {**security, **labels}, "annotations": {**annotations, **KEPT}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def priorities(view: View) -> list[Obj]:
    """Priority classes: the platform before services, services before batch jobs, which never push others out."""
    said = (
        (
            PLATFORM_PRIORITY,
            1_000_000,
            "PreemptLowerPriority",
            False,
            "Parts of the platform that workloads depend on.",
        ),
        (WORKLOAD_PRIORITY, 100_000, "PreemptLowerPriority", True, "Services; what a pod gets that names nothing."),
        (BATCH_PRIORITY, 1_000, "Never", False, "Jobs that wait for room and never take it from others."),
    )
    return [
        {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "metadata": {"name": name},
            "value": value,
            "preemptionPolicy": policy,
            "globalDefault": default,
            "description": text,
        }
        for name, value, policy, default, text in said
    ]


def _proxies(view: View) -> tuple[Fraction, Fraction]:
    """Processors and bytes that a mesh's proxy asks for in each pod; what the namespace gives to who asks for nothing."""
    from catalog.settings import magnitude

    if not view.capability("mesh-sidecars"):
        return Fraction(0), Fraction(0)
    wanted: dict[str, str] = dict(_DEFAULT_REQUEST)
    for member in view.gather("sidecars", "mesh"):
        wanted |= member.get("requests", {})
    return magnitude(wanted["cpu"], "quantity"), magnitude(wanted["memory"], "quantity")


def quotas(view: View) -> list[Obj]:
    """Defaults and upper limits of workload namespaces: what was asked for, and as much again for rollouts."""
    from catalog.settings import magnitude

    found: list[Obj] = []
    for name in workload_namespaces(view):
        own = [workload for workload in view.workloads if view.workload_namespace(workload) == name]
        most = [(workload.replicas.at_most if workload.replicas else 10 if workload.serves else 4, workload) for workload in own]
        pods = sum(count for count, _ in most)
        beside = _proxies(view)
        cpu = sum(count * (magnitude(workload.cpu, "quantity") + beside[0]) for count, workload in most)
        memory = sum(count * (magnitude(workload.memory, "quantity") + beside[1]) for count, workload in most)
        hard = {
            "pods": str(2 * pods + 10),
            "requests.cpu": str(max(2, -(-2 * cpu // 1))),
            "requests.memory": f"{max(2, int(-(-2 * memory // 2**30)))}Gi",
            "services.nodeports": "0",
        }
        found.append(
            {
                "apiVersion": "v1",
                "kind": "ResourceQuota",
                "metadata": {"name": "workloads", "namespace": name},
                "spec": {"hard": hard},
            }
        )
        limits = {
            "type": "Container",
            "defaultRequest": dict(_DEFAULT_REQUEST),
            "default": {"memory": "256Mi"},
        }
        found.append(
            {
                "apiVersion": "v1",
                "kind": "LimitRange",
                "metadata": {"name": "defaults", "namespace": name},
                "spec": {"limits": [limits]},
            }
        )
    return found
