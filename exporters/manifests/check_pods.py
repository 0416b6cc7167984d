"""What an API server refuses of pods: names that stand twice, mounts of nothing, requests above limits, and pods above the
Pod Security level of their namespace (https://kubernetes.io/docs/concepts/security/pod-security-standards/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.quantities import magnitude

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_PORT_NAME = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_BASELINE_CAPABILITIES = frozenset(
    {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
     "SETPCAP", "SETUID", "SYS_CHROOT"}
)
_RESTRICTED_VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"}
)
Spec = Mapping[str, Any]


def containers(spec: Spec) -> list[Spec]:
    """Every container of a pod, first those that run before the others."""
    return [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]


def check(kind: str, outer: Spec, spec: Spec) -> Iterator[str]:
    """Complaints about the pods of an object of that kind; `outer` is the object's own spec."""
    found = containers(spec)
    if not spec.get("containers"):
        yield "its pods have no container"
    names = [str(entry.get("name")) for entry in found]
    yield from _twice(names, "container")
    yield from (f"container {name!r} has no DNS label as a name" for name in names if not _LABEL.fullmatch(name))
    volumes = [str(entry.get("name")) for entry in spec.get("volumes") or ()]
    yield from _twice(volumes, "volume")
    claims = [str(entry["metadata"].get("name")) for entry in outer.get("volumeClaimTemplates") or ()]
    for entry in found:
        yield from _container(entry, {*volumes, *claims})
    yield from _twice([str(port.get("name")) for entry in found for port in entry.get("ports") or () if port.get("name")],
                      "port name")
    policy = spec.get("restartPolicy", "Always")
    if kind in ("Job", "CronJob") and policy not in ("Never", "OnFailure"):
        yield f"the pods of a {kind} restart Never or OnFailure, not {policy}"
    if kind not in ("Job", "CronJob") and policy != "Always":
        yield f"the pods of a {kind} restart Always, not {policy}"


def _twice(values: Sequence[str], what: str) -> Iterator[str]:
    for value in sorted({entry for entry in values if values.count(entry) > 1}):
        yield f"{what} {value} is there twice"


def _container(entry: Spec, volumes: set[str]) -> Iterator[str]:
    name = entry.get("name")
    for complaint in (
        *_twice([str(variable.get("name")) for variable in entry.get("env") or ()], "variable"),
        *_twice([f"{port.get('containerPort')}/{port.get('protocol', 'TCP')}" for port in entry.get("ports") or ()], "port"),
        *_twice([str(mount.get("mountPath")) for mount in entry.get("volumeMounts") or ()], "a mount at"),
    ):
        yield f"container {name}: {complaint}"
    for port in entry.get("ports") or ():
        if "name" in port and not _PORT_NAME.fullmatch(str(port["name"])):
            yield f"container {name}: port name {port['name']!r} is no service name of at most 15 characters"
    for mount in entry.get("volumeMounts") or ():
        if mount.get("name") not in volumes:
            yield f"container {name}: it mounts volume {mount.get('name')}, which the pod does not have"
    resources = entry.get("resources") or {}
    for resource, request in (resources.get("requests") or {}).items():
        limit = (resources.get("limits") or {}).get(resource)
        if limit is not None and _number(request) > _number(limit):
            yield f"container {name}: it requests {request} of {resource} and its limit is {limit}"
    for probe in ("livenessProbe", "startupProbe"):
        if (entry.get(probe) or {}).get("successThreshold", 1) != 1:
            yield f"container {name}: the successThreshold of a {probe} is 1"


def _number(value: Any) -> float:
    """A quantity as a number; what is none is the schema's to refuse."""
    try:
        return float(magnitude(str(value), "quantity"))
    except ValueError:
        return 0.0


# ---- Pod Security


def security(spec: Spec, level: str) -> Iterator[str]:
    """What the level of the namespace forbids of these pods."""
    if level in ("baseline", "restricted"):
        yield from (f"Pod Security {level}: {text}" for text in _baseline(spec))
    if level == "restricted":
        yield from (f"Pod Security restricted: {text}" for text in _restricted(spec))


def _baseline(spec: Spec) -> Iterator[str]:
    for share in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(share):
            yield f"{share} is on"
    yield from (f"volume {volume.get('name')} is a hostPath" for volume in spec.get("volumes") or () if "hostPath" in volume)
    for entry in containers(spec):
        context = entry.get("securityContext") or {}
        if context.get("privileged"):
            yield f"container {entry.get('name')} is privileged"
        more = set((context.get("capabilities") or {}).get("add") or ()) - _BASELINE_CAPABILITIES
        if more:
            yield f"container {entry.get('name')} adds {', '.join(sorted(more))}"
        yield from (f"port {port['hostPort']} of the node is taken" for port in entry.get("ports") or () if port.get("hostPort"))


def _restricted(spec: Spec) -> Iterator[str]:
    pod = spec.get("securityContext") or {}
    for volume in spec.get("volumes") or ():
        if not _RESTRICTED_VOLUMES & set(volume):
            yield f"volume {volume.get('name')} is of a kind that is not allowed"
    for entry in containers(spec):
        name, context = entry.get("name"), entry.get("securityContext") or {}
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"container {name} may escalate its privileges"
        capabilities = context.get("capabilities") or {}
        if "ALL" not in (capabilities.get("drop") or ()) or set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}:
            yield f"container {name} does not drop all capabilities"
        if context.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            yield f"container {name} may run as root"
        if context.get("runAsUser", pod.get("runAsUser")) == 0:
            yield f"container {name} runs as root"
        profile = (context.get("seccompProfile") or pod.get("seccompProfile") or {}).get("type")
        if profile not in ("RuntimeDefault", "Localhost"):
            yield f"container {name} has no seccomp profile"
