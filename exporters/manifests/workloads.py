"""The company's own workloads: Deployment, StatefulSet, Job or CronJob with what each needs to run well and safely."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from catalog.workloads import Workload
from exporters.manifests.cluster import BATCH_PRIORITY, WORKLOAD_PRIORITY
from exporters.manifests.labels import BY_HAND, PREFIX
from exporters.manifests.references import Identity, Obj, Secret
from exporters.manifests.view import View, label, short

TRACK = f"{PREFIX}/track"
"""Label that tells the pods of a second version from those of the first; policies select both, Services one."""
STABLE, CANARY = "stable", "canary"

_USER = 10001
"""Above every user id that nodes give to people and daemons."""


def labels(view: View, workload: Workload) -> dict[str, str]:
    """What selects the workload's pods: what the topology says, so that policies and Services agree with it."""
    for node in view.topology.nodes:
        here = node.kind == "workload" and node.cluster in (None, view.kind.name)
        if here and node.name == workload.name and node.pods:
            return dict(node.pods)
    return {"app.kubernetes.io/name": workload.name}


def stable(view: View, workload: Workload) -> dict[str, str]:
    """What selects the pods of the first version; there from the beginning, because selectors cannot change later."""
    return {**labels(view, workload), TRACK: STABLE} if workload.serves else labels(view, workload)


def least(view: View, workload: Workload) -> int:
    """Copies that always run here."""
    if not view.production:
        return 1
    return workload.replicas.at_least if workload.replicas else view.replicas()


def most(view: View, workload: Workload) -> int:
    """Copies at most here."""
    if not view.production:
        return max(1, min(2, workload.replicas.at_most if workload.replicas else 2))
    return workload.replicas.at_most if workload.replicas else max(10, least(view, workload))


def scaled(view: View, workload: Workload) -> bool:
    """True when a HorizontalPodAutoscaler owns the number of replicas."""
    return (
        view.capability("pod-autoscaling")
        and workload.kind == "deployment"
        and most(view, workload) > max(1, least(view, workload))
    )


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


def objects(view: View, workload: Workload) -> list[Obj]:
    """Every object of one workload, without its routes and network policies."""
    namespace = view.workload_namespace(workload)
    identity = view.identity(workload.name, namespace) if calls_cloud(view, workload) else Identity()
    account: Obj = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": workload.name, "namespace": namespace},
        "automountServiceAccountToken": False,
    }
    if identity.annotations:
        account["metadata"]["annotations"] = dict(identity.annotations)
    pull = pull_secret(view, namespace)
    if pull is not None:
        account["imagePullSecrets"] = [{"name": pull.name}]
    found = [account, *identity.objects]
    secret = secret_of(view, workload)
    found.extend(secret.objects if secret else ())
    template = pod_template(view, workload, identity)
    found.extend(_running(view, workload, namespace, template))
    found.extend(services(view, workload, namespace))
    found.extend(_resilience(view, workload, namespace))
    if workload.canary is not None:
        found.extend(_canary(view, workload, namespace, identity))
    return found


def calls_cloud(view: View, workload: Workload) -> bool:
    """True when the workload calls object storage outside, and so signs in to the platform."""
    kinds = {external.name: external.kind for external in view.externals}
    return any(kinds.get(called) == "object-storage" for called in workload.calls)


def _running(view: View, workload: Workload, namespace: str, template: Obj) -> list[Obj]:
    metadata: Obj = {"name": workload.name, "namespace": namespace, "labels": labels(view, workload)}
    secrets = (secret_of(view, workload), pull_secret(view, namespace))
    by_hand = [secret.name for secret in secrets if secret is not None and secret.by_hand]
    metadata["annotations"] = {**({BY_HAND: ",".join(by_hand)} if by_hand else {}), **_skips(workload, workload.image)}
    selector = {"matchLabels": stable(view, workload)}
    if workload.kind == "job":
        spec = {"backoffLimit": 3, "template": template}
        # A Job's template cannot change: another template is another Job, and the delivery tool removes the old one.
        metadata["name"] = f"{short(workload.name, 54)}-{digest(spec)}"
        return [{"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}]
    if workload.kind == "cronjob":
        metadata["name"] = short(workload.name, 52)
        spec = {
            "schedule": workload.schedule,
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 300,
            "successfulJobsHistoryLimit": 1,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {"spec": {"backoffLimit": 2, "template": template}},
        }
        return [{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": spec}]
    spec = {"selector": selector, "template": template, "revisionHistoryLimit": 5}
    if not scaled(view, workload):
        spec = {"replicas": least(view, workload), **spec}
    if workload.kind == "deployment":
        spec["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}
        return [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}]
    spec["serviceName"] = headless(workload)
    spec["persistentVolumeClaimRetentionPolicy"] = {"whenDeleted": "Retain", "whenScaled": "Retain"}
    if workload.volumes:
        storage_class = view.storage_class()
        spec["volumeClaimTemplates"] = [
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"name": _volume(at)},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    **({"storageClassName": storage_class} if storage_class else {}),
                    "resources": {"requests": {"storage": volume.size}},
                },
            }
            for at, volume in enumerate(workload.volumes)
        ]
    return [{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata, "spec": spec}]


def _skips(workload: Workload, image: str) -> dict[str, str]:
    """Checks of checkov that do not apply, each with its reason (https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html)."""
    reasons = {"CKV_K8S_11": "A CPU limit throttles without need; requests and quotas share the processor fairly"}
    if "@sha256:" in image:
        reasons["CKV_K8S_15"] = "The image is named by its digest and cannot change"
    else:
        reasons["CKV_K8S_43"] = "The answers name the image by its tag"
    if workload.secrets:
        reasons["CKV_K8S_35"] = "The application takes its secrets from the environment"
    if not workload.serves or workload.port is None:
        for check in ("CKV_K8S_8", "CKV_K8S_9"):
            reasons[check] = "It listens on no port that could be probed"
    return {
        f"checkov.io/skip{at}": f"{check}={reason}" for at, (check, reason) in enumerate(sorted(reasons.items()), 1)
    }


def _volume(at: int) -> str:
    return "data" if at == 0 else f"data-{at}"


def headless(workload: Workload) -> str:
    """The Service that gives a StatefulSet's pods their names."""
    return short(f"{workload.name}-pods", 63)


def digest(value: Any) -> str:
    """Eight characters that change when the value does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def pod_template(
    view: View, workload: Workload, identity: Identity, image: str | None = None, track: str = STABLE
) -> Obj:
    """The pod of a workload: restricted, spread, with probes, resources and what it mounts."""
    chosen = {**labels(view, workload), TRACK: track} if workload.serves else labels(view, workload)
    annotations: dict[str, str] = {}
    pod_labels = {**chosen, "app.kubernetes.io/part-of": label(view.design.name), **identity.pod_labels}
    for member in view.gather("sidecars", "mesh"):
        pod_labels |= member.get("pod_labels", {})
        annotations |= member.get("pod_annotations", {})
        if not workload.serves:
            pod_labels |= member.get("job_labels", {})
            annotations |= member.get("job_annotations", {})
    spec: Obj = {
        "serviceAccountName": workload.name,
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
        "volumes": [{"name": "tmp", "emptyDir": {}}],
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
    found |= _probes(workload)
    found["resources"] = {
        "requests": {"cpu": workload.cpu, "memory": workload.memory},
        "limits": {"memory": workload.memory},
    }
    found["securityContext"] = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounts = [{"name": "tmp", "mountPath": "/tmp"}]
    mounts += [{"name": _volume(at), "mountPath": volume.path} for at, volume in enumerate(workload.volumes)]
    found["volumeMounts"] = mounts
    return found


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


def _probes(workload: Workload) -> Obj:
    """Probes by what is known: stated paths, gRPC health, or an open port; nothing for what listens nowhere."""
    if not workload.serves or workload.port is None:
        return {}
    ready: Obj
    live: Obj
    if workload.protocol == "grpc":
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


def service_ports(workload: Workload) -> list[Obj]:
    """The ports of a workload's Service."""
    ports: list[Obj] = []
    if workload.port is not None:
        port: Obj = {"name": port_name(workload), "port": workload.port, "targetPort": port_name(workload)}
        if workload.protocol == "grpc":
            port["appProtocol"] = "kubernetes.io/h2c"
        elif workload.protocol == "http":
            port["appProtocol"] = "http"
        ports.append(port)
    if workload.metrics_port is not None and workload.metrics_port != workload.port:
        ports.append({"name": "metrics", "port": workload.metrics_port, "targetPort": "metrics"})
    return ports


def services(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """The Service by which a workload is called, and for a StatefulSet the one that names its pods."""
    if not workload.serves:
        return []
    found = []
    chosen = stable(view, workload)
    ports = service_ports(workload)
    if ports:
        found.append(service(workload.name, namespace, chosen, ports))
    if workload.kind == "statefulset":
        body = service(headless(workload), namespace, chosen, ports)
        body["spec"] = {"clusterIP": "None", **body["spec"]}
        if not ports:
            del body["spec"]["ports"]
        found.append(body)
    return found


def service(name: str, namespace: str, selector: dict[str, str], ports: list[Obj]) -> Obj:
    """A Service of type ClusterIP: workloads are reached from outside through routes only."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": dict(selector)},
        "spec": {"type": "ClusterIP", "selector": dict(selector), "ports": ports},
    }


def _resilience(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """Disruption budget and autoscaler."""
    found: list[Obj] = []
    metadata = {"name": workload.name, "namespace": namespace, "labels": labels(view, workload)}
    if workload.serves and least(view, workload) > 1:
        found.append(
            {
                "apiVersion": "policy/v1",
                "kind": "PodDisruptionBudget",
                "metadata": metadata,
                "spec": {
                    "maxUnavailable": 1,
                    "unhealthyPodEvictionPolicy": "AlwaysAllow",
                    "selector": {"matchLabels": stable(view, workload)},
                },
            }
        )
    if scaled(view, workload):
        found.append(
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": metadata,
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.name},
                    "minReplicas": max(1, least(view, workload)),
                    "maxReplicas": most(view, workload),
                    "metrics": [
                        {
                            "type": "Resource",
                            "resource": {
                                "name": "cpu",
                                "target": {
                                    "type": "Utilization",
                                    "averageUtilization": int(view.setting("pod-autoscaling.cpu", 70)),
                                },
                            },
                        }
                    ],
                    "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
                },
            }
        )
    return found


def canary_name(workload: Workload) -> str:
    """Deployment and Service of the second version."""
    return short(f"{workload.name}-canary", 63)


def _canary(view: View, workload: Workload, namespace: str, identity: Identity) -> list[Obj]:
    """The second version, with pods and a Service of its own; routes decide on its share of the traffic."""
    assert workload.canary is not None
    for ask in view.gather("canary", "progressive-delivery"):
        made: list[Obj] = ask(workload, namespace)
        if made:
            return made
    chosen = {**labels(view, workload), TRACK: CANARY}
    template = pod_template(view, workload, identity, workload.canary.image, CANARY)
    skips = _skips(workload, workload.canary.image)
    metadata = {"name": canary_name(workload), "namespace": namespace, "labels": chosen, "annotations": skips}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"replicas": 1, "selector": {"matchLabels": chosen}, "template": template, "revisionHistoryLimit": 5},
    }
    return [deployment, service(canary_name(workload), namespace, chosen, service_ports(workload))]
