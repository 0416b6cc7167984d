"""What scanners of manifests are told about pods that components make: checks that do not apply, each with its reason.

The words are annotations that checkov reads
(https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html). Workloads have reasons of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_PREFIX = "checkov.io/skip"


def skips(body: Mapping[str, Any]) -> dict[str, str]:
    """Annotations for an object that makes pods; none for others, and none where it has its own."""
    pods = _pods(body)
    annotations = (body.get("metadata") or {}).get("annotations") or {}
    if pods is None or any(key.startswith(_PREFIX) for key in annotations):
        return {}
    reasons = dict(sorted(_reasons(body["kind"], pods)))
    return {f"{_PREFIX}{at}": f"{check}={reason}" for at, (check, reason) in enumerate(reasons.items(), 1)}


def _pods(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    kind, spec = body.get("kind"), body.get("spec") or {}
    if kind == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    elif kind not in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
        return None
    found: Mapping[str, Any] = spec["template"]["spec"]
    return found


def _reasons(kind: str, pods: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    containers = [*(pods.get("initContainers") or ()), *pods["containers"]]
    if any("cpu" not in ((entry.get("resources") or {}).get("limits") or {}) for entry in containers):
        yield "CKV_K8S_11", "A CPU limit throttles without need; requests and quotas share the processor fairly"
    if any(entry.get("imagePullPolicy") != "Always" for entry in containers):
        yield "CKV_K8S_15", "The image is one release, and pods start when its registry does not answer"
    if any("@sha256:" not in str(entry["image"]) for entry in containers):
        yield "CKV_K8S_43", "The release of the catalog names the image by its tag"
    if any("secretKeyRef" in (variable.get("valueFrom") or {}) for entry in containers for variable in entry.get("env") or ()):
        yield "CKV_K8S_35", "The program takes its secrets from the environment"
    if pods.get("automountServiceAccountToken", True):
        yield "CKV_K8S_38", "It asks the API server, as its own account and with its rights"
    users = [(entry.get("securityContext") or {}).get("runAsUser") for entry in containers]
    if any((user or (pods.get("securityContext") or {}).get("runAsUser") or 0) < 10_000 for user in users):
        yield "CKV_K8S_40", "The files of the image belong to this user"
    if kind != "CronJob" and any("livenessProbe" not in entry for entry in pods["containers"]):
        yield "CKV_K8S_8", "It ends by itself when it fails, and answers nothing that could be probed"
    if kind != "CronJob" and any("readinessProbe" not in entry for entry in pods["containers"]):
        yield "CKV_K8S_9", "It takes no requests"
    profiles = [(entry.get("securityContext") or {}).get("seccompProfile") or {} for entry in containers]
    if any(profile.get("type") == "Unconfined" for profile in profiles):
        ids = "Programs of the image that gain rights give a build without root its user ids"
        yield from dict.fromkeys(("CKV_K8S_20", "CKV_K8S_28", "CKV_K8S_37"), ids).items()
        yield "CKV_K8S_22", "The daemon writes its state beside the program, and builds write where they like"
        yield "CKV_K8S_31", "It makes user namespaces and mounts, which every profile of the runtime forbids"
