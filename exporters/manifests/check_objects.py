"""What an API server refuses though every schema allows it: names, labels, sizes, uniqueness, fields that exclude others.

Owns the rules of metadata and of kinds without pods; `check_pods` owns those of pods. The rules are those of the
server's own validation (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and the reference of
each kind); what admission plug-ins of one cluster add is not known here.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from catalog import schedules
from exporters.manifests import check_pods
from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_references import pod_spec

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SERVICE = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_WORD = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_ANNOTATIONS = 262_144
"""Bytes that all annotations of an object may have together."""
_RBAC = "rbac.authorization.k8s.io/"


def check(objects: Sequence[Placed]) -> list[Finding]:
    """Everything that a server would refuse of the objects of one cluster."""
    levels: dict[str, dict[str, str]] = {}
    for entry in objects:
        if entry.body["kind"] == "Namespace":
            with suppress(*UNSHAPED):
                levels[entry.body["metadata"]["name"]] = _texts(entry.body["metadata"].get("labels"))
    found: list[Finding] = []
    seen: dict[tuple[str, ...], Placed] = {}
    for entry in objects:
        body = entry.body
        metadata = body.get("metadata") or {}
        key = tuple(str(part) for part in (body["apiVersion"], body["kind"], metadata.get("namespace"), metadata.get("name")))
        if key in seen and seen[key].body != body:
            found.append(entry.finding("server", f"it is said twice and differently; the other is in {seen[key].path}"))
        seen.setdefault(key, entry)
        level = levels.get(str(metadata.get("namespace")), {}).get("pod-security.kubernetes.io/enforce", "privileged")
        found += looked_at(entry, "server", partial(_all_of, body, metadata, level))
    return found


def _all_of(body: Mapping[str, Any], metadata: Mapping[str, Any], level: str) -> Iterator[str]:
    yield from _metadata(body, metadata)
    yield from _kind(body)
    pods = pod_spec(body)
    if pods is not None:
        yield from check_pods.check(body["kind"], body["spec"], pods[1])
        yield from check_pods.security(pods[1], level)


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, Mapping) else {}


# ---- names, labels, annotations


def _metadata(body: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[str]:
    name = metadata.get("name")
    if not isinstance(name, str) or not name:
        yield "it has no name"
        return
    yield from _name(body["kind"], body["apiVersion"], name)
    namespace = metadata.get("namespace")
    if namespace is not None and not (isinstance(namespace, str) and _LABEL.fullmatch(namespace)):
        yield f"namespace {namespace!r} is no name of a namespace"
    for key, value in (metadata.get("labels") or {}).items():
        yield from _key(key, "label")
        if not isinstance(value, str) or (value and not _WORD.fullmatch(value)):
            yield f"label {key} has the value {value!r}: at most 63 letters, digits, '-', '_' and '.'"
    annotations = metadata.get("annotations") or {}
    for key, value in annotations.items():
        yield from _key(key, "annotation")
        if not isinstance(value, str):
            yield f"annotation {key} is no text"
    size = sum(len(str(key).encode()) + len(str(value).encode()) for key, value in annotations.items())
    if size > _ANNOTATIONS:
        yield f"its annotations have {size} bytes, and {_ANNOTATIONS} are allowed"


def _name(kind: str, api: str, name: str) -> Iterator[str]:
    if api.startswith(_RBAC):
        if name in (".", "..") or "/" in name or "%" in name:
            yield f"name {name!r} has a part that no path can have"
    elif kind == "Namespace" and not _LABEL.fullmatch(name):
        yield f"name {name!r} is no name of a namespace: at most 63 small letters, digits and '-'"
    elif kind == "Service" and api == "v1" and not _SERVICE.fullmatch(name):
        yield f"name {name!r} is no name of a Service: at most 63 small letters, digits and '-', a letter first"
    elif kind == "CronJob" and len(name) > 52:
        yield f"name {name!r} is longer than the 52 characters that leave room for the names of its Jobs"
    elif len(name) > 253 or not _SUBDOMAIN.fullmatch(name):
        yield f"name {name!r} is no name of an object: at most 253 small letters, digits, '-' and '.'"


def _key(key: Any, what: str) -> Iterator[str]:
    prefix, slash, word = str(key).rpartition("/")
    if not _WORD.fullmatch(word) or (slash and (len(prefix) > 253 or not _SUBDOMAIN.fullmatch(prefix))):
        yield f"{what} {key!r} is no key: a DNS name, '/', and at most 63 letters, digits, '-', '_' and '.'"


# ---- kinds


def _kind(body: Mapping[str, Any]) -> Iterator[str]:
    rule = _RULES.get((body["apiVersion"].partition("/")[0], body["kind"])) or _RULES.get(("", body["kind"]))
    if rule is not None:
        yield from rule(body)


def _cron_job(body: Mapping[str, Any]) -> Iterator[str]:
    yield from _scheduled(str(body["spec"].get("schedule", "")))


def _scheduled(schedule: str) -> Iterator[str]:
    try:
        schedules.check(schedule)
    except ValueError as error:
        yield str(error)


def _backups(body: Mapping[str, Any]) -> Iterator[str]:
    """https://velero.io/docs/main/api-types/schedule/: as that of a CronJob with or without a time zone, or at an interval."""
    schedule = re.sub(r"^(CRON_)?TZ=\S+ ", "", str(body["spec"].get("schedule", "")))
    if not re.fullmatch(r"@every (\d+(\.\d+)?(h|m|s))+", schedule):
        yield from _scheduled(schedule)


def _database_backups(body: Mapping[str, Any]) -> Iterator[str]:
    """https://cloudnative-pg.io/documentation/current/backup/#scheduled-backups: seconds stand first."""
    schedule = str(body["spec"].get("schedule", ""))
    second, _, rest = schedule.partition(" ")
    if schedule.startswith("@"):
        yield from _backups(body)
    elif len(schedule.split()) != 6 or not re.fullmatch(r"[0-5]?\d|\*|\*/\d+", second):
        yield f"{schedule!r} is no schedule of a ScheduledBackup: second minute hour day month weekday"
    else:
        yield from _scheduled(rest)


def _budgets(body: Mapping[str, Any]) -> Iterator[str]:
    """https://karpenter.sh/docs/concepts/disruption/#nodepool-disruption-budgets"""
    for budget in (body["spec"].get("disruption") or {}).get("budgets") or ():
        if "schedule" in budget:
            yield from _scheduled(str(budget["schedule"]))
            if "duration" not in budget:
                yield f"its budget has the schedule {budget['schedule']!r} and no duration"


def _service(body: Mapping[str, Any]) -> Iterator[str]:
    ports = body["spec"].get("ports") or []
    names = [port.get("name") for port in ports]
    if len(ports) > 1 and None in names:
        yield "it has several ports, and one of them has no name"
    yield from _twice([name for name in names if name is not None], "port name")
    yield from _twice([f"{port.get('port')}/{port.get('protocol', 'TCP')}" for port in ports], "port")
    for name in names:
        if name is not None and not _LABEL.fullmatch(str(name)):
            yield f"port name {name!r} is no DNS label"


def _twice(values: Sequence[str], what: str) -> Iterator[str]:
    for value in sorted({entry for entry in values if values.count(entry) > 1}):
        yield f"{what} {value} is there twice"


def _budget(body: Mapping[str, Any]) -> Iterator[str]:
    if len({"minAvailable", "maxUnavailable"} & set(body["spec"])) != 1:
        yield "it needs one of minAvailable and maxUnavailable"


def _scaler(body: Mapping[str, Any]) -> Iterator[str]:
    spec = body["spec"]
    least = spec.get("minReplicas", 1)
    if least < 1:
        yield f"minReplicas is {least}; without a metric from outside it is at least 1"
    if "maxReplicas" not in spec:
        yield "it has no maxReplicas"
    elif spec["maxReplicas"] < least:
        yield f"maxReplicas {spec.get('maxReplicas')} is below minReplicas {least}"


def _ingress(body: Mapping[str, Any]) -> Iterator[str]:
    for rule in body["spec"].get("rules") or ():
        for entry in (rule.get("http") or {}).get("paths") or ():
            path, kind = str(entry.get("path", "")), entry.get("pathType")
            if kind not in ("Exact", "Prefix", "ImplementationSpecific"):
                yield f"path {path!r} has no pathType"
            elif kind != "ImplementationSpecific" and (not path.startswith("/") or re.search(r"//|/\.\.?(/|$)|%2f", path, re.I)):
                yield f"path {path!r} is no path of an Ingress"


def _gateway(body: Mapping[str, Any]) -> Iterator[str]:
    """https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec: listeners differ in name, and in what they listen to."""
    listeners = body["spec"].get("listeners") or []
    yield from _twice([str(entry.get("name")) for entry in listeners], "listener")
    places = [f"{one.get('hostname', 'any host')} at port {one.get('port')} by {one.get('protocol')}" for one in listeners]
    yield from _twice(places, "a listener for")


def _policy(body: Mapping[str, Any]) -> Iterator[str]:
    for direction, word in (("ingress", "from"), ("egress", "to")):
        for rule in body["spec"].get(direction) or ():
            for peer in rule.get(word) or ():
                yield from _peer(peer)
            for port in rule.get("ports") or ():
                if "endPort" in port and port["endPort"] < port.get("port", 0):
                    yield f"ports {port.get('port')} to {port['endPort']} are no range"


def _peer(peer: Mapping[str, Any]) -> Iterator[str]:
    if not peer or ("ipBlock" in peer and len(peer) > 1):
        yield "a peer names an ipBlock or selectors, and not both"
    block = peer.get("ipBlock")
    if block is None:
        return
    try:
        outer = ipaddress.ip_network(block["cidr"])
        inner = [ipaddress.ip_network(cut) for cut in block.get("except") or ()]
    except ValueError as error:
        yield f"ipBlock: {error}"
        return
    for cut in inner:
        if cut.version != outer.version or cut == outer or not cut.subnet_of(outer):  # type: ignore[arg-type]
            yield f"ipBlock: {cut} is excepted from {outer} and does not lie within it"


def _webhooks(body: Mapping[str, Any]) -> Iterator[str]:
    for hook in body.get("webhooks") or ():
        if len({"url", "service"} & set(hook.get("clientConfig") or ())) != 1:
            yield f"webhook {hook.get('name')} needs one of url and service"


def _admission(body: Mapping[str, Any]) -> Iterator[str]:
    validations = body["spec"].get("validations") or ()
    if not validations and not body["spec"].get("auditAnnotations"):
        yield "it judges nothing: it has neither validations nor auditAnnotations"
    for entry in validations:
        expression = str(entry.get("expression", ""))
        if not expression.strip() or any(expression.count(a) != expression.count(b) for a, b in ("()", "[]", "{}")):
            yield f"its expression {json.dumps(expression)[:80]} is not whole"


_RULES: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Iterator[str]]] = {
    ("batch", "CronJob"): _cron_job,
    ("velero.io", "Schedule"): _backups,
    ("postgresql.cnpg.io", "ScheduledBackup"): _database_backups,
    ("karpenter.sh", "NodePool"): _budgets,
    ("v1", "Service"): _service,
    ("policy", "PodDisruptionBudget"): _budget,
    ("autoscaling", "HorizontalPodAutoscaler"): _scaler,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("networking.k8s.io", "NetworkPolicy"): _policy,
    ("gateway.networking.k8s.io", "Gateway"): _gateway,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _webhooks,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _webhooks,
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): _admission,
}
