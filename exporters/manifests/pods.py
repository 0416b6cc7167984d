"""The pods of a workload: restricted, spread, with probes, resources, environment and what they mount."""

from __future__ import annotations

import json
from collections.abc import Mapping

from catalog.workloads import Workload
from exporters.manifests.cluster import BATCH_PRIORITY, WORKLOAD_PRIORITY
from exporters.manifests.labels import PREFIX
from exporters.manifests.references import Identity, Obj, Secret
from exporters.manifests.shortened import label, short
from exporters.manifests.view import View

TRACK = f"{PREFIX}/track"
"""Label that tells the pods of a second version from those of the first; policies select both, Services one."""

STABLE, CANARY = "stable", "canary"

_USER = 10001
"""Above every user id that nodes give to people and daemons."""


def labels(view: View, workload: Workload) -> dict[str, str]:
    """What selects the workload's pods: what the topology says, so that policies and Services agree with it."""
    def all_of_them() -> dict[str, Mapping[str, str]]:
        here = (node for node in view.topology.nodes if node.kind == "workload" and node.cluster in (None, view.kind.name))
        found: dict[str, Mapping[str, str]] = {}
        for node in here:
            if node.pods:
                found.setdefault(node.name, node.pods)
        return found

    known: dict[str, Mapping[str, str]] = view.memoized("labels", all_of_them)
    return dict(known.get(workload.name) or {"app.kubernetes.io/name": workload.name})


def stable(view: View, workload: Workload) -> dict[str, str]:
    """What selects the pods of the first version; there from the beginning, because selectors cannot change later."""
    return {**labels(view, workload), TRACK: STABLE} if workload.serves else labels(view, workload)


def released(view: View, workload: Workload) -> dict[str, str]:
    """What tells the pods in Git from copies that progressive delivery makes of them; empty where nothing does."""
    for ask in view.gather("release_label", "progressive-delivery"):
        found: dict[str, str] = ask(workload)
        return found
    return {}


def owned(view: View, workload: Workload) -> tuple[str, ...]:
    """What progressive delivery makes of a workload instead of us: `services`, `route`."""
    for ask in view.gather("owns_traffic", "progressive-delivery"):
        found: tuple[str, ...] = ask(workload)
        return found
    return ()


def matcher(name: str, values: tuple[str, ...]) -> str:
    """A label matcher of PromQL for any of these values."""
    return f'{name}="{values[0]}"' if len(values) == 1 else f'{name}=~"{"|".join(values)}"'


def secret_of(view: View, workload: Workload) -> Secret | None:
    """The Secret that the workload's environment is filled from."""
    if not workload.secrets:
        return None
    keys = {entry.env: entry.key for entry in workload.secrets}
    return view.secret(short(f"{workload.name}-env", 63), keys, view.workload_namespace(workload))


def pull_secret(view: View, namespace: str) -> Secret | None:
    """The Secret with which the nodes pull images, where the registry needs one."""
    for found in view.gather("pull_secret", "registry"):
        secret: Secret = found(namespace)
        return secret
    return None


def volume_name(at: int) -> str:
    return "data" if at == 0 else f"data-{at}"


def pod_template(
    view: View,
    workload: Workload,
    identity: Identity,
    image: str | None = None,
    track: str = STABLE,
    account: str | None = None,
) -> Obj:
    """The pod of a workload: restricted, spread, with probes, resources and what it mounts."""
    chosen = {**labels(view, workload), TRACK: track} if workload.serves else labels(view, workload)
    annotations: dict[str, str] = {}
    own = released(view, workload) if track == STABLE else {}
    pod_labels = {**chosen, **own, "app.kubernetes.io/part-of": label(view.design.name), **identity.pod_labels}
    for member in view.gather("sidecars", "mesh"):
        pod_labels |= member.get("pod_labels", {})
        annotations |= member.get("pod_annotations", {})
        annotations |= member["annotations_of"](workload) if "annotations_of" in member and workload.serves else {}
        if not workload.serves:
            pod_labels |= member.get("job_labels", {})
            annotations |= member.get("job_annotations", {})
    spec: Obj = {
        "serviceAccountName": account or workload.name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": WORKLOAD_PRIORITY if workload.serves else BATCH_PRIORITY,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(view, workload, image or workload.image)],
        "volumes": [{"name": name, "emptyDir": {}} for name in ("tmp", *_writable(workload))],
    }
    if workload.serves:
        spec["topologySpreadConstraints"] = view.spread(chosen)
        spec["terminationGracePeriodSeconds"] = 45
    else:
        spec["restartPolicy"] = "Never"
    spec |= _placement(view, workload)
    metadata: Obj = {"labels": dict(sorted(pod_labels.items()))}
    if annotations:
        metadata["annotations"] = dict(sorted(annotations.items()))
    return {"metadata": metadata, "spec": spec}


def _placement(view: View, workload: Workload) -> Obj:
    """Processor architecture, and nodes that can be taken away where the workload allows them."""
    found: Obj = {}
    if workload.architecture and any(pool.architecture != "amd64" for pool in view.cluster.pools):
        found["nodeSelector"] = {"kubernetes.io/arch": workload.architecture}
    tolerations: list[Obj] = []
    if workload.architecture == "arm64" or workload.spot:
        for pool in view.cluster.pools:
            if (pool.spot and workload.spot) or (pool.architecture == "arm64" and workload.architecture == "arm64"):
                tolerations.extend(_toleration(taint) for taint in pool.taints)
    if workload.spot:
        for place in view.gather("spot", "kubernetes"):
            tolerations.extend(place.get("tolerations", ()))
            if place.get("affinity"):
                found["affinity"] = place["affinity"]
    unique = {json.dumps(entry, sort_keys=True): entry for entry in tolerations}
    if unique:
        found["tolerations"] = list(unique.values())
    return found


def _toleration(taint: str) -> Obj:
    """`key=value:Effect` as a toleration."""
    name, _, effect = taint.partition(":")
    key, equals, value = name.partition("=")
    found: Obj = {"key": key, "operator": "Equal", "value": value} if equals else {"key": key, "operator": "Exists"}
    return {**found, "effect": effect} if effect else found


def _container(view: View, workload: Workload, image: str) -> Obj:
    found: Obj = {
        "name": workload.name,
        "image": image,
        "imagePullPolicy": "IfNotPresent" if "@sha256:" in image else "Always",
    }
    if workload.command:
        found["command"] = list(workload.command)
    if workload.args:
        found["args"] = list(workload.args)
    ports = []
    if workload.port is not None:
        ports.append({"name": port_name(workload), "containerPort": workload.port})
    if workload.metrics_port is not None and workload.metrics_port != workload.port:
        ports.append({"name": "metrics", "containerPort": workload.metrics_port})
    if ports:
        found["ports"] = ports
    env = _environment(view, workload)
    if env:
        found["env"] = env
    found |= _probes(view, workload)
    found["resources"] = {
        "requests": {"cpu": workload.cpu, "memory": workload.memory},
        "limits": {"memory": workload.memory},
    }
    found["securityContext"] = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounts = [{"name": volume_name(at), "mountPath": volume.path} for at, volume in enumerate(workload.volumes)]
    if "/tmp" not in {mount["mountPath"].rstrip("/") for mount in mounts}:
        mounts.insert(0, {"name": "tmp", "mountPath": "/tmp"})
    mounts += [{"name": name, "mountPath": place} for name, place in _writable(workload).items()]
    found["volumeMounts"] = mounts
    return found


def _writable(workload: Workload) -> dict[str, str]:
    """Volumes that live as long as a pod, and where each is mounted."""
    return {f"writable-{at}": place for at, place in enumerate(dict.fromkeys(workload.writable), 1)}


def port_name(workload: Workload) -> str:
    """The port's name, which meshes and gateways read the protocol from."""
    return {"http": "http", "grpc": "grpc", "thrift": "tcp-thrift", "tcp": "tcp"}[workload.protocol]


def _environment(view: View, workload: Workload) -> list[Obj]:
    env: list[Obj] = [{"name": name, "value": value} for name, value in workload.env.items()]
    secret = secret_of(view, workload)
    if secret is not None:
        env += [
            {"name": entry.env, "valueFrom": {"secretKeyRef": {"name": secret.name, "key": entry.env}}}
            for entry in workload.secrets
        ]
    if view.tracing and workload.serves:
        said = {entry["name"] for entry in env}
        given = {
            "OTEL_SERVICE_NAME": workload.name,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{view.tracing}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_RESOURCE_ATTRIBUTES": f"service.namespace={view.workload_namespace(workload)},"
            f"deployment.environment.name={view.environment}",
        }
        env += [{"name": name, "value": value} for name, value in given.items() if name not in said]
    return env


def _probes(view: View, workload: Workload) -> Obj:
    """Probes by what is known: stated paths, gRPC health (where the mesh lets the kubelet ask), or an open port; nothing
    for what listens nowhere."""
    if not workload.serves or workload.port is None:
        return {}
    ready: Obj
    live: Obj
    heard = all(member.get("grpc_probes", True) for member in view.gather("sidecars", "mesh"))
    if workload.protocol == "grpc" and heard:
        ready = live = {"grpc": {"port": workload.port}}
    elif workload.protocol == "http" and workload.health is not None:
        port = port_name(workload)
        ready = {"httpGet": {"path": workload.health.ready, "port": port}}
        live = {"httpGet": {"path": workload.health.live, "port": port}}
    else:
        ready = live = {"tcpSocket": {"port": port_name(workload)}}
    return {
        "startupProbe": {**live, "periodSeconds": 5, "failureThreshold": 30},
        "readinessProbe": {**ready, "periodSeconds": 5, "timeoutSeconds": 3},
        "livenessProbe": {**live, "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 6},
        # Endpoints disappear a moment after the pod is asked to stop; requests in flight get that moment.
        "lifecycle": {"preStop": {"sleep": {"seconds": 10}}},
    }
