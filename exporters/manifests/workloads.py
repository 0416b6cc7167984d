"""The company's own workloads: Deployment, StatefulSet, Job or CronJob with what each needs to run well and safely."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from catalog.workloads import POD_NAMES, SECOND_VERSION, Workload
from exporters.manifests.labels import BY_HAND, dressed
from exporters.manifests.pods import (
    CANARY,
    TRACK,
    labels,
    owned,
    pod_template,
    port_name,
    pull_secret,
    released,
    secret_of,
    stable,
    volume_name,
)
from exporters.manifests.references import Identity, Obj
from exporters.manifests.shortened import short
from exporters.manifests.view import View


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


def objects(view: View, workload: Workload) -> list[Obj]:
    """Every object of one workload, without its routes and network policies."""
    namespace = view.workload_namespace(workload)
    identity = view.identity(workload.name, namespace) if calls_cloud(view, workload) else Identity()
    found = [_account(view, workload.name, namespace, identity), *identity.objects]
    secret = secret_of(view, workload)
    found.extend(secret.objects if secret else ())
    template = pod_template(view, workload, identity)
    found.extend(_running(view, workload, namespace, template))
    found.extend(services(view, workload, namespace))
    found.extend(_resilience(view, workload, namespace))
    if workload.canary is not None:
        found.extend(_canary(view, workload, namespace, identity))
    return found


def _account(view: View, name: str, namespace: str, identity: Identity) -> Obj:
    account: Obj = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": namespace},
        "automountServiceAccountToken": False,
    }
    if identity.annotations:
        account["metadata"]["annotations"] = dict(identity.annotations)
    pull = pull_secret(view, namespace)
    if pull is not None:
        account["imagePullSecrets"] = [{"name": pull.name}]
    return account


def calls_cloud(view: View, workload: Workload) -> bool:
    """True when the workload calls object storage outside, and so signs in to the platform."""
    kinds = {external.name: external.kind for external in view.externals}
    return any(kinds.get(called) == "object-storage" for called in workload.calls)


def _running(view: View, workload: Workload, namespace: str, template: Obj) -> list[Obj]:
    metadata: Obj = {"name": workload.name, "namespace": namespace, "labels": labels(view, workload)}
    secrets = (secret_of(view, workload), pull_secret(view, namespace))
    by_hand = [secret.name for secret in secrets if secret is not None and secret.by_hand]
    metadata["annotations"] = {**({BY_HAND: ",".join(by_hand)} if by_hand else {}), **_skips(workload, workload.image)}
    selector = {"matchLabels": {**stable(view, workload), **released(view, workload)}}
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
    # Who tries versions also says how many pods each has.
    if not scaled(view, workload) and not owned(view, workload):
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
                "metadata": {"name": volume_name(at)},
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
    return {f"checkov.io/skip{at}": f"{check}={reason}" for at, (check, reason) in enumerate(sorted(reasons.items()), 1)}


def headless(workload: Workload) -> str:
    """The Service that gives a StatefulSet's pods their names."""
    return short(f"{workload.name}{POD_NAMES}", 63)


def digest(value: Any) -> str:
    """Eight characters that change when the value does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


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


def plain_services(view: View) -> list[Obj]:
    """For a copy of the workloads without progressive delivery: the Services that it makes of them otherwise."""
    return [
        service(workload.name, view.workload_namespace(workload), stable(view, workload), ports)
        for workload in view.workloads
        if "services" in owned(view, workload) and (ports := service_ports(workload))
    ]


def services(view: View, workload: Workload, namespace: str) -> list[Obj]:
    """The Service by which a workload is called, and for a StatefulSet the one that names its pods."""
    if "services" in owned(view, workload):
        return []
    found = []
    ports = service_ports(workload)
    registered = any(view.gather("account_of_service", "mesh")) and not (ports and workload.serves)
    if registered:
        # Nobody calls it, and yet the mesh lets its pods start only as pods of a Service.
        found.append(_nameless(workload.name, namespace, labels(view, workload), []))
    if not workload.serves:
        return found
    chosen = stable(view, workload)
    if ports:
        body = service(workload.name, namespace, chosen, ports)
        asked = view.gather("service_annotations", "ingress")
        annotations = {key: value for ask in asked for key, value in ask(workload).items()}
        if annotations:
            body["metadata"]["annotations"] = annotations
        found.append(body)
    if workload.kind == "statefulset":
        body = _nameless(headless(workload), namespace, chosen, ports)
        if found:
            for extra in view.gather("further_service", "mesh"):
                body["metadata"]["labels"] |= extra
        found.append(body)
    return found


def _nameless(name: str, namespace: str, selector: dict[str, str], ports: list[Obj]) -> Obj:
    """A Service without an address of its own; it may be without ports too."""
    body = service(name, namespace, selector, ports)
    body["spec"] = {"clusterIP": "None", **body["spec"]}
    if not ports:
        del body["spec"]["ports"]
    return body


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
        # A Rollout runs the pods of the Deployment that it took over.
        rollout = "replicas" in owned(view, workload)
        api, kind = ("argoproj.io/v1alpha1", "Rollout") if rollout else ("apps/v1", "Deployment")
        found.append(
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": metadata,
                "spec": {
                    "scaleTargetRef": {"apiVersion": api, "kind": kind, "name": workload.name},
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
    return short(f"{workload.name}{SECOND_VERSION}", 63)


def _canary(view: View, workload: Workload, namespace: str, identity: Identity) -> list[Obj]:
    """The second version, with pods and a Service of its own; routes decide on its share of the traffic."""
    assert workload.canary is not None
    for ask in view.gather("canary", "progressive-delivery"):
        made: list[Obj] = ask(workload, namespace)
        if made:
            return [dressed(view, obj, "progressive-delivery", workload.name) for obj in made]
    chosen = {**labels(view, workload), TRACK: CANARY}
    own_account = any(view.gather("account_of_service", "mesh"))
    account = canary_name(workload) if own_account else workload.name
    template = pod_template(view, workload, identity, workload.canary.image, CANARY, account)
    skips = _skips(workload, workload.canary.image)
    metadata = {"name": canary_name(workload), "namespace": namespace, "labels": chosen, "annotations": skips}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"replicas": 1, "selector": {"matchLabels": chosen}, "template": template, "revisionHistoryLimit": 5},
    }
    found = [deployment, service(canary_name(workload), namespace, chosen, service_ports(workload))]
    return [_account(view, account, namespace, identity), *found] if own_account else found
