"""References that resolve, among the objects that one cluster gets: selectors, Secrets, accounts, backends, parents.

Looks only at objects that we export; what charts bring is not seen, so a reference to it is either known to be theirs
(a StorageClass in a tree that makes none: the platform's own) and listed as open, or a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_classes import of_platform
from exporters.manifests.cluster import BUILT_IN
from exporters.manifests.labels import BY_HAND

_BUILT_IN_ROLES = ("cluster-admin", "admin", "edit", "view", "system:")
_POD_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
_CLUSTER_KINDS = frozenset(
    {
        "Namespace",
        "PriorityClass",
        "StorageClass",
        "ClusterRole",
        "ClusterRoleBinding",
        "PersistentVolume",
        "CustomResourceDefinition",
        "RuntimeClass",
        "IngressClass",
        "CSIDriver",
    }
)


def pod_spec(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """(pod labels, pod spec) of what makes pods; None for anything else."""
    if body["kind"] not in _POD_KINDS:
        return None
    spec = body["spec"]["jobTemplate"]["spec"] if body["kind"] == "CronJob" else body["spec"]
    template = spec["template"]
    return template.get("metadata", {}).get("labels", {}), template["spec"]


class _Index:
    """What the cluster's objects are called."""

    def __init__(self, objects: Sequence[Placed]) -> None:
        self.names: dict[str, set[tuple[str, str]]] = {}
        self.services: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.gateways: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.pods: list[tuple[str, Mapping[str, Any]]] = []
        self.namespaces: dict[str, Mapping[str, str]] = {name: {} for name in BUILT_IN}
        templates: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        for entry in objects:
            with suppress(*UNSHAPED):
                self._add(entry.body, templates)
        for entry in objects:
            with suppress(*UNSHAPED):
                space = entry.body["metadata"].get("namespace", "")
                for service in _services_made(entry.body, space, templates):
                    self.services.setdefault((space, service["metadata"]["name"]), service)

    def _add(self, body: Mapping[str, Any], templates: dict[tuple[str, str, str], Mapping[str, Any]]) -> None:
        metadata = body["metadata"]
        place = (metadata.get("namespace", ""), metadata["name"])
        self.names.setdefault(body["kind"], set()).add(place)
        if body["kind"] == "Service":
            self.services[place] = body
        elif body["kind"] == "Gateway":
            self.gateways[place] = body
        elif body["kind"] == "Namespace":
            # The API server adds a label with the name of each.
            self.namespaces[place[1]] = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": place[1]}
        for name, _ in secrets_made(body):
            self.names.setdefault("Secret", set()).add((place[0], name))
        pods = pod_spec(body)
        if pods is not None:
            self.pods.append((place[0], pods[0]))
            templates[body["kind"], *place] = pods[1]

    def has(self, kind: str, namespace: str, name: str) -> bool:
        return (namespace, name) in self.names.get(kind, ())

    def selected(self, namespace: str, labels: Mapping[str, str]) -> bool:
        return any(space == namespace and labels.items() <= own.items() for space, own in self.pods)


def secrets_made(body: Mapping[str, Any]) -> Iterator[tuple[str, set[str] | None]]:
    """Names of the Secrets that an object makes appear, with their keys; None where only the cluster knows those."""
    spec = body.get("spec") or {}
    name = body["metadata"]["name"]
    kind = body["kind"]
    if kind == "ExternalSecret":
        target = spec.get("target") or {}
        shaped = "dataFrom" in spec or "template" in target
        yield target.get("name") or name, None if shaped else {entry["secretKey"] for entry in spec.get("data") or ()}
    elif kind == "SealedSecret":
        template = spec.get("template") or {}
        called = (template.get("metadata") or {}).get("name") or name
        yield called, set(template.get("data") or {}) | set(spec.get("encryptedData") or {})
    elif kind == "Certificate":
        yield spec.get("secretName", name), {"tls.crt", "tls.key", "ca.crt"}
    elif kind == "Elasticsearch":
        # The Elastic operator makes a user of its own for each cluster, and publishes the cluster's authority.
        yield from ((f"{name}-es-elastic-user", None), (f"{name}-es-http-certs-public", None))
    elif kind.startswith("Vault") and isinstance(spec.get("destination"), Mapping):
        yield spec["destination"].get("name", name), None
    elif kind == "SecretProviderClass":
        for entry in spec.get("secretObjects") or ():
            yield entry.get("secretName", name), None
    elif kind in ("Gateway", "Ingress") and any("issuer" in key for key in body["metadata"].get("annotations", {})):
        # An issuer named by annotation makes the certificates that listeners refer to.
        for listener in spec.get("listeners") or spec.get("tls") or ():
            for reference in (listener.get("tls") or {}).get("certificateRefs") or ():
                yield reference["name"], None
            if "secretName" in listener:
                yield listener["secretName"], None


def _services_made(
    body: Mapping[str, Any], namespace: str, templates: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Services that an object makes appear: Flagger makes those of the workloads that it releases.

    https://docs.flagger.app/usage/how-it-works#canary-service
    """
    if body["kind"] != "Canary" or not body["apiVersion"].startswith("flagger.app/"):
        return
    aim, wanted = body["spec"]["targetRef"], body["spec"]["service"]
    ports = [{"name": wanted.get("portName", "http"), "port": wanted["port"]}]
    if wanted.get("portDiscovery"):
        pods = templates.get((aim["kind"], namespace, aim["name"]), {})
        ports += [
            {"name": port.get("name"), "port": port["containerPort"]}
            for container in pods.get("containers") or ()
            for port in container.get("ports") or ()
        ]
    for suffix, whose in (("", "apex"), ("-primary", "primary"), ("-canary", "canary")):
        name = wanted.get("name", aim["name"]) + suffix
        yield {"metadata": {"name": name, "labels": (wanted.get(whose) or {}).get("labels", {})}, "spec": {"ports": ports}}


def services(objects: Sequence[Placed]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Services by namespace and name, those that controllers make among them."""
    return _Index(objects).services


def check(objects: Sequence[Placed], before: Sequence[Placed] = ()) -> tuple[list[Finding], list[str]]:
    """(references that lead nowhere, references to what may come from outside of the tree).

    `before` are objects that are there already: those of the bootstrap.
    """
    index = _Index([*objects, *before])
    findings: list[Finding] = []
    open_ends: list[str] = []
    for entry in objects:
        findings.extend(looked_at(entry, "reference", partial(_all_of, entry.body, index, open_ends)))
    return findings, open_ends


Backend = tuple[Placed, str, str, int | None]
"""(object, namespace and name of a Service that it sends requests to, port)."""


def left_to_charts(objects: Sequence[Placed], before: Sequence[Placed] = ()) -> list[Backend]:
    """Services in namespaces of the platform that no object is: a chart brings each of them, or nobody."""
    index = _Index([*objects, *before])
    found: list[Backend] = []
    for entry in objects:
        with suppress(*UNSHAPED):
            found += [(entry, namespace, name, port) for namespace, name, port in _backends(entry.body)
                      if (namespace, name) not in index.services and _of_platform(namespace, index)]
    return found


def _of_platform(namespace: str, index: _Index) -> bool:
    return index.namespaces.get(namespace, {}).get("k8s-wizard.dev/kind") == "platform"


def _backends(body: Mapping[str, Any]) -> Iterator[tuple[str, str, int | None]]:
    """Namespace, name and port of each Service that a route or an Ingress sends requests to."""
    namespace, spec = body["metadata"].get("namespace", ""), body.get("spec") or {}
    if body["kind"] in _ROUTES:
        for rule in spec.get("rules") or ():
            for backend in rule.get("backendRefs") or ():
                if backend.get("kind", "Service") == "Service":
                    yield backend.get("namespace", namespace), backend["name"], backend.get("port")
    elif body["kind"] == "Ingress":
        for rule in spec.get("rules") or ():
            for path in (rule.get("http") or {}).get("paths") or ():
                service = path["backend"].get("service", {})
                yield namespace, service.get("name", ""), service.get("port", {}).get("number")


_ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute")


def _all_of(body: Mapping[str, Any], index: _Index, open_ends: list[str]) -> Iterator[str]:
    namespace = body["metadata"].get("namespace", "")
    if namespace and namespace not in index.namespaces:
        yield f"its namespace {namespace} is nowhere"
    yield from _of(body, namespace, index)
    yield from _storage(body, index, open_ends)


def _of(body: Mapping[str, Any], namespace: str, index: _Index) -> Iterator[str]:
    kind, spec = body["kind"], body.get("spec") or {}
    pods = pod_spec(body)
    if pods is not None:
        yield from _pod(body, *pods, namespace, index)
        selector = (spec.get("selector") or {}).get("matchLabels") if kind not in ("Job", "CronJob") else None
        if selector is not None and not selector.items() <= pods[0].items():
            yield "its selector does not select its own pods"
    elif (kind == "Service" and spec.get("selector") and not index.selected(namespace, spec["selector"])) or (
        kind == "PodDisruptionBudget" and not index.selected(namespace, spec["selector"].get("matchLabels", {}))
    ):
        yield "its selector selects no pods"
    elif kind == "HorizontalPodAutoscaler":
        aim = spec["scaleTargetRef"]
        if not index.has(aim["kind"], namespace, aim["name"]):
            yield f"it scales {aim['kind']} {aim['name']}, which is nowhere"
    elif kind in (*_ROUTES, "Ingress"):
        if kind in _ROUTES:
            yield from _parents(spec, namespace, index)
        for place, name, port in _backends(body):
            yield from _service(name, port, place, index)
    elif kind == "Gateway" and body["apiVersion"].startswith("gateway.networking.k8s.io/"):
        for listener in spec.get("listeners") or ():
            for reference in (listener.get("tls") or {}).get("certificateRefs") or ():
                if not index.has("Secret", reference.get("namespace", namespace), reference["name"]):
                    yield f"its certificate {reference['name']} is made by nothing"
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        role = spec_of(body, "roleRef")
        built_in = role["kind"] == "ClusterRole" and role["name"].startswith(_BUILT_IN_ROLES)
        where = namespace if role["kind"] == "Role" else ""
        if not built_in and not index.has(role["kind"], where, role["name"]):
            yield f"it binds {role['kind']} {role['name']}, which is nowhere"
    elif kind == "ServiceMonitor":
        yield from _monitor(spec, namespace, index)


def spec_of(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A top-level mapping of an object, empty when it has none."""
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _pod(
    body: Mapping[str, Any],
    labels: Mapping[str, Any],
    spec: Mapping[str, Any],
    namespace: str,
    index: _Index,
) -> Iterator[str]:
    by_hand = body["metadata"].get("annotations", {}).get(BY_HAND, "").split(",")
    account = spec.get("serviceAccountName", "default")
    if account != "default" and not index.has("ServiceAccount", namespace, account):
        yield f"its ServiceAccount {account} is nowhere"
    priority = spec.get("priorityClassName")
    if priority and not priority.startswith("system-") and not index.has("PriorityClass", "", priority):
        yield f"its PriorityClass {priority} is nowhere"
    for kind, name in _mentioned(spec):
        if name in by_hand:
            continue
        if not index.has(kind, namespace, name):
            yield f"it uses {kind} {name}, which nothing makes"
    for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ())):
        image = str(container.get("image", ""))
        tag = image.rpartition("/")[2].partition(":")[2]
        if "@" not in image and tag in ("", "latest"):
            lacks = "the tag latest and no digest" if tag else "neither tag nor digest"
            yield f"its image {image} has {lacks}: what runs would change by itself"


def _storage(body: Any, index: _Index, open_ends: list[str]) -> Iterator[str]:
    """Volumes of a class that nothing makes, wherever an object asks for them: pods, claims, databases of an operator."""
    entries = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list) else ()
    for key, value in entries:
        if key in ("storageClassName", "storageClass") and isinstance(value, str):
            whose = of_platform("StorageClass", value)
            if whose is not None and not index.has("StorageClass", "", value):
                open_ends.append(f"StorageClass {value}: not in the tree, it has to come from the platform ({whose})")
            elif value and "StorageClass" not in index.names:
                open_ends.append(f"StorageClass {value}: not in the tree, it has to come from the platform or a chart")
            elif value and not index.has("StorageClass", "", value):
                yield f"its StorageClass {value} is nowhere"
        else:
            yield from _storage(value, index, open_ends)


def _mentioned(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Secrets, ConfigMaps and claims that a pod cannot start without."""
    for pull in spec.get("imagePullSecrets") or ():
        yield "Secret", pull["name"]
    for volume in spec.get("volumes") or ():
        if "secret" in volume and not volume["secret"].get("optional"):
            yield "Secret", volume["secret"]["secretName"]
        if "configMap" in volume and not volume["configMap"].get("optional"):
            yield "ConfigMap", volume["configMap"]["name"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
    for container in (*(spec.get("initContainers") or ()), *(spec.get("containers") or ())):
        for source in container.get("envFrom") or ():
            for key, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
                if key in source and not source[key].get("optional"):
                    yield kind, source[key]["name"]
        for variable in container.get("env") or ():
            value = variable.get("valueFrom") or {}
            for key, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                if key in value and not value[key].get("optional"):
                    yield kind, value[key]["name"]


def _parents(spec: Mapping[str, Any], namespace: str, index: _Index) -> Iterator[str]:
    for parent in spec.get("parentRefs") or ():
        if parent.get("kind", "Gateway") != "Gateway":
            continue
        place = (parent.get("namespace", namespace), parent["name"])
        gateway = index.gateways.get(place)
        if gateway is None:
            yield f"its parent Gateway {'/'.join(place)} is nowhere"
            continue
        section = parent.get("sectionName")
        listeners = [entry for entry in gateway["spec"]["listeners"] if section in (None, entry["name"])]
        if not listeners:
            yield f"its parent Gateway {'/'.join(place)} has no listener {section}"
        elif not any(_allowed(entry, place[0], namespace, index) for entry in listeners):
            yield f"its parent Gateway {'/'.join(place)} takes no routes from namespace {namespace}"


def _allowed(listener: Mapping[str, Any], own: str, namespace: str, index: _Index) -> bool:
    rule = (listener.get("allowedRoutes") or {}).get("namespaces") or {"from": "Same"}
    if rule.get("from", "Same") == "All":
        return True
    if rule.get("from", "Same") == "Same":
        return own == namespace
    wanted = (rule.get("selector") or {}).get("matchLabels") or {}
    return bool(wanted.items() <= index.namespaces.get(namespace, {}).items())


def _service(name: str, port: int | None, namespace: str, index: _Index) -> Iterator[str]:
    service = index.services.get((namespace, name))
    if service is None and _of_platform(namespace, index):
        return  # see left_to_charts
    if service is None:
        yield f"its backend Service {namespace}/{name} is nowhere"
    elif port is not None and port not in [entry["port"] for entry in service["spec"].get("ports") or ()]:
        yield f"its backend Service {namespace}/{name} has no port {port}"


def _monitor(spec: Mapping[str, Any], namespace: str, index: _Index) -> Iterator[str]:
    if spec.get("namespaceSelector"):
        return
    wanted = (spec.get("selector") or {}).get("matchLabels") or {}
    fitting = [
        body
        for (space, _), body in index.services.items()
        if space == namespace and wanted.items() <= body["metadata"].get("labels", {}).items()
    ]
    if not fitting:
        yield "its selector selects no Service"
        return
    ports = {entry.get("name") for body in fitting for entry in body["spec"].get("ports") or ()}
    for endpoint in spec.get("endpoints") or ():
        if endpoint.get("port") and endpoint["port"] not in ports:
            yield f"no selected Service has a port named {endpoint['port']}"
