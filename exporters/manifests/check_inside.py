"""What one object says of another's inside: names of ports, keys of ConfigMaps and Secrets, mounts, what is scaled.

The API server takes all of it, and the pods then never start or are never reached. Looks, as `check_references` does,
only at objects that we export: where those that are meant come from a chart, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_references import pod_spec, secrets_made

Body = Mapping[str, Any]
Place = tuple[str, str]
"""Namespace and name."""

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_AIMS = {
    "ScaledObject": "scaleTargetRef", "VerticalPodAutoscaler": "targetRef", "Canary": "targetRef", "Rollout": "workloadRef",
}
"""Kinds that act on a workload, and where they name it."""


_ACTION = "use-annotation"
"""Port of a backend that is an action of an Application Load Balancer, told in annotations."""


class _Pods(NamedTuple):
    namespace: str
    labels: Mapping[str, str]
    spec: Body

    def ports(self) -> set[str]:
        """Names of the ports of all containers."""
        return {name for container in _containers(self.spec) for name in _named_ports(container)}


class _Inside:
    """What is in the cluster's objects."""

    def __init__(self, objects: Sequence[Placed]) -> None:
        self.pods: list[_Pods] = []
        self.names: set[tuple[str, str, str]] = set()
        self.services: dict[Place, set[str]] = {}
        self.steered: set[Place] = set()
        """Ingresses whose actions a controller writes while it tries versions."""
        self.keys: dict[tuple[str, str, str], set[str] | None] = {}
        """By kind and place of a ConfigMap or Secret; None where only the cluster knows its keys."""
        for entry in objects:
            with suppress(*UNSHAPED):
                self._add(entry.body)

    def _add(self, body: Body) -> None:
        kind, metadata = body["kind"], body["metadata"]
        place = (metadata.get("namespace", ""), metadata["name"])
        self.names.add((kind, *place))
        made = pod_spec(body)
        if made is not None:
            self.pods.append(_Pods(place[0], made[0], made[1]))
        if kind == "Service":
            self.services[place] = {port["name"] for port in body["spec"].get("ports") or () if "name" in port}
        if kind == "Rollout":
            canary = (body["spec"].get("strategy") or {}).get("canary") or {}
            router = (canary.get("trafficRouting") or {}).get("alb") or {}
            self.steered |= {(place[0], router["ingress"])} if "ingress" in router else set()
        for sort, name, keys in _kept(body):
            known = self.keys.get((sort, place[0], name), set())
            self.keys[sort, place[0], name] = None if keys is None or known is None else known | keys

    def selected(self, namespace: str, labels: Mapping[str, str]) -> list[_Pods]:
        """Pods that a selector means."""
        return [pods for pods in self.pods if pods.namespace == namespace and labels.items() <= pods.labels.items()]


def check(objects: Sequence[Placed], before: Sequence[Placed] = ()) -> list[Finding]:
    """What leads into an object and to nothing there. `before` are objects that are there already."""
    inside = _Inside([*objects, *before])
    return [finding for entry in objects for finding in looked_at(entry, "reference", partial(_of, entry.body, inside))]


def _action(body: Body, name: str, inside: _Inside) -> Iterator[str]:
    """An action needs its annotation, or somebody who writes it."""
    metadata = body["metadata"]
    said = any(key.endswith(f"/actions.{name}") for key in metadata.get("annotations") or {})
    if not said and (metadata.get("namespace", ""), metadata["name"]) not in inside.steered:
        yield f"its backend {name} is an action that no annotation and no Rollout tells"


def _of(body: Body, inside: _Inside) -> Iterator[str]:
    kind, spec, namespace = body["kind"], body.get("spec") or {}, body["metadata"].get("namespace", "")
    made = pod_spec(body)
    if made is not None:
        yield from _pods(spec, made[1], namespace, inside)
    if kind == "Service" and spec.get("selector"):
        found = inside.selected(namespace, spec["selector"])
        for port in spec.get("ports") or ():
            aim = port.get("targetPort")
            if found and isinstance(aim, str) and not any(aim in pods.ports() for pods in found):
                yield f"its port {port.get('name', port['port'])} leads to a port named {aim}, which no pod that it selects has"
    elif kind == "Ingress":
        for rule in spec.get("rules") or ():
            for path in (rule.get("http") or {}).get("paths") or ():
                service = path["backend"].get("service") or {}
                name = (service.get("port") or {}).get("name")
                known = inside.services.get((namespace, service.get("name", "")))
                if name == _ACTION:
                    yield from _action(body, service.get("name", ""), inside)
                elif name and known is not None and name not in known:
                    yield f"its backend Service {namespace}/{service['name']} has no port named {name}"
    elif kind == "PodMonitor" and not spec.get("namespaceSelector"):
        found = inside.selected(namespace, (spec.get("selector") or {}).get("matchLabels") or {})
        for endpoint in spec.get("podMetricsEndpoints") or ():
            if found and endpoint.get("port") and not any(endpoint["port"] in pods.ports() for pods in found):
                yield f"no selected pod has a port named {endpoint['port']}"
    if kind in _AIMS and _AIMS[kind] in spec:
        aim = spec[_AIMS[kind]]
        if (aim.get("kind", "Deployment"), namespace, aim["name"]) not in inside.names:
            yield f"it acts on {aim.get('kind', 'Deployment')} {aim['name']}, which is nowhere"
    if kind == "Rollout":
        canary = (spec.get("strategy") or {}).get("canary") or {}
        for name in filter(None, (canary.get("stableService"), canary.get("canaryService"))):
            if (namespace, name) not in inside.services:
                yield f"its Service {name} is nowhere"


def _pods(owner: Body, spec: Body, namespace: str, inside: _Inside) -> Iterator[str]:
    claims = {claim["metadata"]["name"] for claim in owner.get("volumeClaimTemplates") or ()}
    volumes = claims | {volume["name"] for volume in spec.get("volumes") or ()}
    if owner.get("serviceName") and (namespace, owner["serviceName"]) not in inside.services:
        yield f"its Service {owner['serviceName']} is nowhere"
    for container in _containers(spec):
        name = container["name"]
        own = _named_ports(container)
        for place, port in _asked(container):
            if isinstance(port, str) and not port.isdigit() and port not in own:
                yield f"the {place} of container {name} asks a port named {port}, which it does not have"
        for mount in (*(container.get("volumeMounts") or ()), *(container.get("volumeDevices") or ())):
            if mount["name"] not in volumes:
                yield f"container {name} mounts the volume {mount['name']}, which its pod does not have"
        yield from _unset(container)
        for variable in container.get("env") or ():
            source = variable.get("valueFrom") or {}
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                if field in source and not source[field].get("optional"):
                    yield from _key(kind, source[field]["name"], source[field]["key"], namespace, inside)
    for volume in spec.get("volumes") or ():
        for field, kind, called in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            source = volume.get(field) or {}
            for item in () if source.get("optional") else source.get("items") or ():
                yield from _key(kind, source[called], item["key"], namespace, inside)


_VARIABLE = re.compile(r"(?<!\$)\$\(([A-Z_][A-Z0-9_]*)\)")
"""A variable in a command; in small letters it may be a shell's own."""


def _unset(container: Body) -> Iterator[str]:
    """Variables that a command names and that the container does not have: they would stay as they are written."""
    there = {variable["name"] for variable in container.get("env") or ()}
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    for name in () if container.get("envFrom") else dict.fromkeys(_VARIABLE.findall("\n".join(map(str, words)))):
        if name not in there:
            yield f"container {container['name']} is started with the variable {name}, which it does not have"


def _key(kind: str, name: str, key: str, namespace: str, inside: _Inside) -> Iterator[str]:
    known = inside.keys.get((kind, namespace, name))
    if known is not None and key not in known:
        yield f"it reads the key {key} of {kind} {name}, which has none of that name"


def _containers(spec: Body) -> Iterator[Body]:
    yield from spec.get("initContainers") or ()
    yield from spec.get("containers") or ()


def _named_ports(container: Body) -> set[str]:
    return {port["name"] for port in container.get("ports") or () if "name" in port}


def _asked(container: Body) -> Iterator[tuple[str, Any]]:
    """Ports that the kubelet asks: where that is said, and which."""
    hooks = container.get("lifecycle") or {}
    for place, asking in (*((name, container.get(name)) for name in _PROBES), *hooks.items()):
        for way in ("httpGet", "tcpSocket"):
            if asking and way in asking:
                yield place, asking[way].get("port")


def _kept(body: Body) -> Iterator[tuple[str, str, set[str] | None]]:
    """ConfigMaps and Secrets that an object is, or makes appear: kind, name and keys."""
    if body["kind"] in ("ConfigMap", "Secret"):
        keys = {key for field in ("data", "stringData", "binaryData") for key in body.get(field) or {}}
        yield body["kind"], body["metadata"]["name"], keys
    yield from (("Secret", name, keys) for name, keys in secrets_made(body))
