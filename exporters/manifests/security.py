"""Rights of people: roles for the groups named, bound in the namespaces that are theirs. Admission is the engine's."""

from __future__ import annotations

from exporters.manifests.cluster import workload_namespaces
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_RBAC = "rbac.authorization.k8s.io"


def teams(view: View) -> dict[str, str]:
    """Namespace to the group that owns it: the team of its workloads, or the design-wide group of developers."""
    developers = str(view.setting("access.developer-group", "developers"))
    found: dict[str, str] = {}
    for workload in view.workloads:
        found.setdefault(view.workload_namespace(workload), workload.team or developers)
    return found


def groups(view: View) -> list[Obj]:
    """Operators may do all; viewers read everything but Secrets; a team works in its own namespaces."""
    operators = str(view.setting("access.admin-group", "platform-admins"))
    viewers = str(view.setting("access.viewer-group", "viewers"))
    found: list[Obj] = [
        _binding("ClusterRoleBinding", "operators", None, "cluster-admin", operators),
        _binding("ClusterRoleBinding", "viewers", None, "view", viewers),
    ]
    owners = teams(view)
    for namespace in workload_namespaces(view):
        # In production a team looks and restarts; what runs comes from Git.
        role = "view" if view.production and view.capability("gitops") else "edit"
        found.append(_binding("RoleBinding", "team", namespace, role, owners[namespace]))
    return found


def _binding(kind: str, name: str, namespace: str | None, role: str, group: str) -> Obj:
    metadata: Obj = {"name": name if namespace else f"k8s-wizard:{name}"}
    if namespace:
        metadata["namespace"] = namespace
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": group}],
    }


def authorization(view: View) -> list[Obj]:
    """Who may call whom in the mesh, from the same flows as the network policies."""
    from exporters.manifests.pods import labels
    from exporters.manifests.routes import behind

    askers = view.gather("authorize", "mesh")
    if not askers:
        return []
    workloads = {workload.name: workload for workload in view.workloads}
    nodes = {node.id: node for node in view.topology.nodes if node.cluster in (None, view.kind.name)}
    entry = view.entry()
    found: list[Obj] = []
    for workload in view.workloads:
        # What only tells its metrics is asked too, where the mesh lets in nobody else.
        port = workload.port or workload.metrics_port
        if port is None:
            continue
        target = _party(
            view,
            workload.name,
            view.workload_namespace(workload),
            labels(view, workload),
            port,
            workload.protocol if workload.port else "http",
        )
        target["services"] = behind(view, workload)
        callers = []
        for edge in view.topology.edges:
            source, aim = nodes.get(edge.source), nodes.get(edge.target)
            if source is None or aim is None or aim.kind != "workload" or aim.name != workload.name:
                continue
            if source.kind == "workload" and source.name in workloads:
                other = workloads[source.name]
                callers.append(
                    _party(
                        view,
                        other.name,
                        view.workload_namespace(other),
                        labels(view, other),
                        edge.port,
                        edge.application,
                    )
                )
            elif edge.kind == "request":
                pods = dict(entry.pods) if entry is not None else {}
                callers.append(
                    _party(
                        view,
                        "entry",
                        (entry.namespace if entry else None) or source.namespace or "",
                        pods,
                        edge.port,
                        edge.application,
                    )
                )
            else:
                # A collector of the platform itself has no namespace of ours, and asks all the same.
                callers.append(
                    _party(
                        view,
                        source.name,
                        source.namespace or "",
                        dict(edge.source_pods or source.pods),
                        edge.port,
                        edge.application,
                    )
                )
        for ask in askers:
            found.extend(ask(target, callers))
    return found


def _party(view: View, name: str, namespace: str, pods: dict[str, str], port: int | None, protocol: str | None) -> Obj:
    return {
        "name": name,
        "namespace": namespace,
        "service_account": name,
        "labels": pods,
        "port": port,
        "protocol": protocol,
    }
