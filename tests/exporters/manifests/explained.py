"""What one changed answer explains, written to be read.

Two designs that differ in one answer differ in some objects. An object's difference is explained when

- the object belongs to something that changed: its decision was chosen otherwise or has a setting that changed, its
  component came, went or got another release, its workload was changed;
- or it is of a kind that a component brings which came or went, or is called after a workload that changed;
- or each field that differs names something that changed (a component by its id, namespace or address, a workload, a
  host, a value said), or is one of those by which a capability, decision, setting or question shows elsewhere (`SHOWS`);
- or its component has a flow to one that came or went (the topology says so), and the field is not
  one that an object has whatever it talks to (`OWN`);
- or it is a policy of traffic, and what enforces policies changed, or each connection that it no longer lets through, or
  now does, is a flow that changed: between its pods' namespace and the other end's, at the flow's port.

A flow that comes or goes is explained itself by one of its ends that changed, or by what the catalog says opens it: a
condition, setting or capability that its definition names.

Anything else is a leak: an answer that moves what has nothing to do with it. Where a part is installed (the rank of its
folder) is not looked at here: a new part moves what comes after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from catalog.design import Design
from catalog.topology import Edge, Topology, derive, namespace_of
from exporters.manifests import units
from exporters.manifests.cluster import installed
from exporters.manifests.labels import DECISION
from exporters.manifests.plan import objects_by_cluster
from exporters.manifests.shortened import label
from exporters.manifests.view import View, views

Obj = Mapping[str, Any]
Key = tuple[str, str, str, str]
"""Cluster, kind (with its group), namespace, name."""

SHOWS = {
    # capabilities
    "prometheus-operator": r"(?i)monitor|metrics|rule|prometheus|telemetry|dashboard",
    "metrics-store": r"(?i)metrics|prometheus|datasource|pipeline|exporter",
    "dashboards": r"(?i)dashboard|grafana",
    "log-store": r"(?i)log|datasource|pipeline|exporter|output|sink",
    "log-aggregation": r"(?i)log|output|sink",
    "trace-ingest-otlp": r"(?i)trac|otel|otlp",
    "telemetry-collector": r"(?i)trac|otel|otlp",
    # Sidecars count in what a namespace may ask for, and a mesh measures the objectives of what it carries.
    "mesh": r"(?i)mesh|inject|istio|linkerd|consul|sidecar|appProtocol|drop|securityContext|^spec\.hard\.requests"
    r"|http_server_request",
    # The registry has more copies where they share a bucket.
    "object-storage": r"(?i)bucket|replicas|podDisruptionBudget|persistence|barman|-backup\b",
    # Without a Gateway whoever is entered through an Ingress ends TLS there.
    "gateway-api-crds": r"(?i)gateway|route|expose\.tls",
    # Whoever has none signs in with keys.
    "workload-identity": r"(?i)serviceAccount|role-arn|iam\.gke\.io|identity|\benv|Env\b|tokenRequests|secretRef"
    r"|access_?key|secret_?key",
    "network-policy": r"(?i)networkPolic",
    # decisions
    "tracing": r"(?i)trac|otel|otlp|datasource|pipeline|exporter|remoteWriteReceiver",  # its collector may write metrics
    "file-storage": r"drivers\.cephfs",
    "registry.host": r"k8s-wizard\.dev/configuration",  # those who build images are told where it is
    "registry": r"(?i)imagePullSecrets|image|registry",
    # Not every entrance keeps to a route's time, filters by itself, or leaves certificates to its listeners.
    "ingress": r"(?i)ingress|gateway|route|entrance|listener|timeouts|filters|backend-config"
    r"|\"kind\": \"(GCPHTTPFilter|ManagedCertificate|Certificate)\"",
    # What an authority of one's own signed is trusted by those who are told of it.
    "certificates": r"(?i)issuer|certificate|certmap|tls|certs|company-authority|k8s-wizard.dev/configuration",
    "cdn": r"(?i)cdn|cache|HTTPFilter|filters|edge",
    "waf": r"(?i)securityPolicy|waf",
    "ddos-protection": r"(?i)securityPolicy",
    "instrumentation": r"(?i)remoteWriteReceiver",
    "ci": r"(?i)attestors|signed",
    "secrets": r"(?i)secret|image.startsWith",  # what brings them may run images of its own beside workloads
    "secret-store": r"(?i)secret|remoteRef|issuer",  # it may sign the certificates
    "encryption-keys": r"(?i)kms",
    "on-call": r"(?i)receiver|alert|secret",
    "alerting": r"(?i)receiver|alert",
    "cni": r"(?i)kubeProxy|socketLB|networkPolic",
    "block-storage": r"(?i)drivers|storageClass|volume",
    "volume-snapshots": r"(?i)snapshot|features|FsBackup|MoveData",
    "metrics": r"(?i)metrics|monitor|prometheus|alert|rule|dashboard",
    "certificate-automation": r"(?i)issuer|certificate|tls|https|listener|sectionName",
    "deployment": r"(?i)roleRef|not-chosen-deployment",
    "address-announcement": r"(?i)bgp|router",
    "load-balancer": r"(?i)bgp|IPPool",
    # settings and facts of the use case
    "kubernetes.maintenance-window": r"(?i)window|reboot|schedule|startTime|endTime|timeZone|budgets",
    "secrets.refresh": r"refreshInterval",
    # What saves a store by itself keeps as long as the backups do.
    "backup.retention": r"retentionPolicy",
    "delivery.interval": r"(?i)interval|reconciliation",
    # A store in parts takes traces in and answers by other Services than one process.
    "traces.layout": r"(?i)trac|otlp|datasource",
    # Tools close their own accounts where a sign-on is said.
    "sign-on": r"(?i)admin.enabled|oidc|\bini\.(auth|server)\b",
    "sign-on.issuer": r"(?i)admin.enabled|oidc|issuer|\bini\.(auth|server)\b",
    "policy.mode": r"(?i)validationActions|enforce",
    "mesh.mtls": r"(?i)mtls|PeerAuthentication",
    "edge.redirect-https": r"(?i)redirect",
    "traffic": r"(?i)replicas",
    "compliance": r"(?i)encrypt|validationActions|securityPolicy|audit|msgr2",
    # Whoever writes to each copy of a store has an exporter for each of them.
    "availability": r"(?i)replica|instances|(?-i:\bcount|Count\b|\bmin|Min|\bmax|Max)|budget|pdb|spread|affinity|zone|quorum"
    r"|copies|regional|isr|failureDomain|synchronous|database|redis|highAvail|\bha\b|strategy|default-class"
    r"|remotewrite/?\d?|\b(premium|standard)-(lrs|zrs)\b",
    "acme.challenge": r"solvers|-dns\b",
    "ingress.request-timeout": r"timeout",
    "recovery-point": r"\"kind\": \"Schedule\"",
}
"""What changed (a capability, a decision, a setting, a question) to the fields that are about it, wherever they stand."""

_COMMON = re.compile(r"[0-9.]+[a-zA-Z]*|True|False")
"""Values of settings that may stand anywhere and name nothing."""

DRESS = re.compile(r"metadata\.(labels|annotations)|.*\bpriorityClassName\b")
"""Fields that no setting of its decision explains."""

OWN = re.compile(
    r"metadata\.|.*\b(resources|replicas|replicaCount|priorityClassName|securityContext|tolerations|nodeSelector"
    r"|terminationGracePeriodSeconds)\b"
)
"""Fields that no flow of its component explains."""

TRAFFIC = {
    "NetworkPolicy",
    "CiliumNetworkPolicy",
    "GlobalNetworkPolicy",
    "AuthorizationPolicy",
    "ServiceEntry",
    "Server",
    "ServiceIntentions",
    "MeshTLSAuthentication",
    "NetworkAuthentication",
}


class Moved(NamedTuple):
    """A flow that came or went, seen from one end."""

    namespace: str
    """Of this end."""
    other: frozenset[str]
    """Words that name the other end; empty where it has no pods of its own, so that its port alone tells it."""
    port: int | None


@dataclass
class Delta:
    """What differs between two designs, as a reader of `diff` would have it."""

    decisions: set[str] = field(default_factory=set)
    components: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    """Decisions that have a setting with another value."""
    context: set[str] = field(default_factory=set)
    workloads: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    """Namespaces of workloads that changed."""
    capabilities: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    """API groups that components bring which came or went."""
    quiet: set[str] = field(default_factory=set)
    """Components and workloads that both designs have as they were."""
    flows: list[Moved] = field(default_factory=list)
    """Flows that came or went, seen from each of their ends."""
    odd: list[str] = field(default_factory=list)
    """Flows that came or went though nothing opens or ends them."""
    talking: set[str] = field(default_factory=set)
    """Components that were there before and after, with a flow to one that came or went."""
    named: set[str] = field(default_factory=set)
    """Settings that have another value."""
    turned: set[str] = field(default_factory=set)
    """Settings' values before and after, as a field that says just these shows them."""
    tokens: set[str] = field(default_factory=set)
    """Words by which a field names what changed."""
    shown: list[str] = field(default_factory=list)
    """Patterns of `SHOWS` for what changed."""


def delta(before: Design, after: Design) -> Delta:
    """The differences of two designs."""
    found = Delta()
    about: set[str] = set()
    known = before.catalog
    old = {(entry.decision, entry.kind): entry.chosen for entry in before.decisions}
    new = {(entry.decision, entry.kind): entry.chosen for entry in after.decisions}
    for key in old.keys() | new.keys():
        one, other = old.get(key, ()), new.get(key, ())
        if one != other:
            found.decisions.add(key[0])
            found.components |= set(one) ^ set(other)
            # Whose place in an order or role changed is said by neither coming nor going.
            found.components |= {id_ for id_ in {*one, *other} if one and other and one[0] != other[0]}
    found.components |= {
        id_ for id_ in before.releases.keys() | after.releases.keys() if before.releases.get(id_) != after.releases.get(id_)
    }
    found.components &= set(known.components)
    kinds = list(zip(before.kinds, after.kinds, strict=False))
    for one, other in [(before.settings, after.settings), *((a.settings, b.settings) for a, b in kinds)]:
        for name in one.keys() | other.keys():
            values = {str(side[name].value) for side in (one, other) if name in side}
            if len(values) == 2 or (name in one) != (name in other):
                found.settings.add(known.setting_decision[name])
                if name in one and name in other:
                    found.turned.add(f"{json.dumps(one[name].value)} -> {json.dumps(other[name].value)}")
                # A number or a short word may stand anywhere; of its own decision's objects every field may follow it.
                found.tokens |= {value for value in values if len(value) > 3 and not _COMMON.fullmatch(value)}
                about.add(name)
                found.named.add(name)
    found.context = {
        name
        for name in before.context.keys() | after.context.keys()
        if getattr(before.context.get(name), "value", None) != getattr(after.context.get(name), "value", None)
    }
    for a, b in kinds:
        found.context |= {
            name
            for name in a.context.keys() | b.context.keys()
            if getattr(a.context.get(name), "value", None) != getattr(b.context.get(name), "value", None)
        }
    one, other = {w.name: w for w in before.workloads}, {w.name: w for w in after.workloads}
    found.workloads = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    for name in found.workloads:
        found.tokens.add(name)
        found.homes |= {namespace_of(w, before) for w in (one.get(name), other.get(name)) if w is not None}
        hosts = {str(w.host) for w in (one.get(name), other.get(name)) if w is not None and w.host}
        found.tokens |= hosts | {label(host) for host in hosts}
    for id_ in found.components:
        component = known.components[id_]
        found.tokens |= {id_, component.title}
        found.tokens |= {f"not-chosen-{decision}" for decision in found.decisions}
        if component.install is not None:
            found.tokens.add(component.install.namespace)
            found.groups |= set(component.install.crds)
            for chart in component.install.charts:
                found.tokens |= {chart.release, chart.chart, chart.namespace or component.install.namespace}
    for kind in {entry.kind for entry in before.decisions} | {entry.kind for entry in after.decisions} | {None}:
        found.capabilities |= before.capabilities(kind) ^ after.capabilities(kind)
    about |= found.capabilities | found.decisions | found.context
    found.shown = [SHOWS[name] for name in sorted(about) if name in SHOWS]
    for design, topology, edge in _moved(before, after):
        found.flows += _seen(topology, edge)
        if not _opened(design, topology, edge, found):
            found.odd.append(f"{edge.source} > {edge.target}:{edge.port} ({edge.because})")
    kept = {w.name for w in before.workloads} & {w.name for w in after.workloads}
    stay = {component.id for component in before.selected()} & {component.id for component in after.selected()}
    found.quiet = (stay - found.components) | (kept - found.workloads)
    found.talking = _talking(before, found.components, stay) | _talking(after, found.components, stay)
    return found


def _talking(design: Design, moved: set[str], stay: set[str]) -> set[str]:
    """Components that stay and have a flow to one that came or went."""
    topology = derive(design)
    owner = {node.id: node.name for node in topology.nodes}
    ends = [(owner[edge.source], owner[edge.target]) for edge in topology.edges]
    return {str(source) for source, target in ends if target in moved and source in stay}


def _moved(before: Design, after: Design) -> Iterator[tuple[Design, Topology, Edge]]:
    """Flows that only one of the designs has, with that one and its topology."""

    def told(edge: Edge) -> str:
        return repr(replace(edge, because=""))

    one, other = derive(before), derive(after)
    for design, mine, theirs in ((before, one, other), (after, other, one)):
        there = {told(edge) for edge in theirs.edges}
        yield from ((design, mine, edge) for edge in mine.edges if told(edge) not in there)


def _seen(topology: Topology, edge: Edge) -> Iterator[Moved]:
    source, target = topology.node(edge.source), topology.node(edge.target)
    ends = [(source, edge.source_namespace or source.namespace), (target, target.namespace)]
    for (mine, place), (other, where) in (ends, ends[::-1]):
        if place is not None or mine.kind == "component":
            inside = where is not None and not other.host_network and other.kind in ("component", "workload")
            yield Moved(place or "kube-system", frozenset({where} if inside and where else ()), edge.port)


def _opened(design: Design, topology: Topology, edge: Edge, change: Delta) -> bool:
    """Whether one of its ends changed, or something that its definition names."""
    catalog = design.catalog
    ends = {topology.node(edge.source).name, topology.node(edge.target).name}
    if ends & (change.components | change.workloads):
        return True
    if edge.because == "request path":  # what a request passes before and after is an end of it
        return any(catalog.decisions[name].hop is not None for name in change.decisions if name in catalog.decisions)
    about = change.context | change.decisions | change.settings | change.capabilities | change.components | change.named
    for component in (catalog.components[name] for name in ends if name in catalog.components):
        if any(role in change.decisions for role in design.selected_roles(component.id)):
            return True
        for flow in component.flows:
            mine = edge.because in (flow.why, f"{component.title}: {flow.kind} to {flow.to}")
            if mine and about & set(re.findall(r"[A-Za-z0-9.-]+", flow.model_dump_json(by_alias=True))):
                return True
    return False


def contents(design: Design) -> dict[Key, Obj]:
    """Every object and every chart (its values) of every cluster."""
    found: dict[Key, Obj] = {}
    for name, objects in objects_by_cluster(design).items():
        for body in objects:
            metadata = body["metadata"]
            group = body["apiVersion"].rpartition("/")[0]
            found[name, f"{body['kind']}.{group}", metadata.get("namespace", ""), metadata["name"]] = body
    for view in views(design):
        for key, body in _charts(view):
            found[key] = body
    return found


def _charts(view: View) -> Iterator[tuple[Key, Obj]]:
    for component in installed(view):
        assert component.install is not None
        for release in (*units.first_releases(view, component), *units.releases(view, component)):
            metadata = {
                "name": release.chart.release,
                "annotations": {DECISION: release.decision},
                "labels": {"app.kubernetes.io/name": component.id},
            }
            body = {
                "metadata": metadata,
                "chart": release.chart.chart,
                "version": release.chart.version,
                "namespace": release.namespace,
                "values": release.values,
            }
            yield (view.cluster.name, "chart", release.namespace, f"{release.chart.release}"), body


def leaks(before: Design, after: Design) -> dict[Key, list[str]]:
    """Objects that differ though nothing that changed explains it, each with the fields in question."""
    old, new = contents(before), contents(after)
    change = delta(before, after)
    found: dict[Key, list[str]] = {("", "flow", "", ""): change.odd} if change.odd else {}
    for key in old.keys() | new.keys():
        one, other = old.get(key), new.get(key)
        if one == other:
            continue
        odd = unexplained(change, one, other)
        if odd:
            found[key] = odd
    return found


def unexplained(change: Delta, before: Obj | None, after: Obj | None) -> list[str]:
    """The fields that differ and that nothing explains; empty where the object itself or all of them are explained."""
    body = after or before
    assert body is not None
    whole = before is None or after is None
    if any(_belongs(change, side, whole=whole) for side in (before, after) if side is not None):
        return []
    if body.get("kind") in TRAFFIC and _traffic(change, before, after):
        return []
    if whole:
        return [] if body.get("kind") not in TRAFFIC and _named(change, "", body) else ["the whole object"]
    part = body["metadata"].get("labels", {}).get("app.kubernetes.io/name", "")
    talks = part in change.talking
    set_ = body["metadata"].get("annotations", {}).get(DECISION, "") in change.settings
    room = body.get("kind") == "ResourceQuota" and body["metadata"]["namespace"] in change.homes  # for all of a namespace
    return [
        f"{path}: {text[:160]}"
        for path, text in differences(before, after)
        if not (_named(change, path, text) and (body.get("kind") not in TRAFFIC or path.startswith("metadata")))
        and not (room and path.startswith("spec.hard.")) and not (talks and not OWN.match(path))
        and not (set_ and not DRESS.match(path))
    ]


def _belongs(change: Delta, body: Obj, *, whole: bool) -> bool:
    """Whether the object is of something that changed; `whole` where only one of the designs has it."""
    metadata = body["metadata"]
    decision = metadata.get("annotations", {}).get(DECISION, "")
    part = metadata.get("labels", {}).get("app.kubernetes.io/name", "")
    name = metadata["name"]
    group = body.get("apiVersion", "").rpartition("/")[0]
    if part in change.components or part in change.workloads or (whole and group and group in change.groups):
        return True
    if part not in change.quiet and any(name == workload or name.startswith(f"{workload}-") for workload in change.workloads):
        return True
    # How workloads are delivered is a decision too, and changes none of them; who stays in a decision is not moved by others.
    return decision != "deployment" and decision in change.decisions and part not in change.quiet


def _traffic(change: Delta, before: Obj | None, after: Obj | None) -> bool:
    if change.decisions & {"cni", "network-policy", "mesh"}:
        return True
    body = after or before
    assert body is not None
    here = [flow for flow in change.flows if flow.namespace == body["metadata"].get("namespace", "")]
    moved = _connections(before) ^ _connections(after)
    if not moved and before is not None and after is not None:  # labels, say: no connection
        return False
    chosen = json.dumps([body.get("spec", {}).get(name) for name in ("podSelector", "endpointSelector", "selector")])
    if any(f'"{name}"' in chosen for name in change.workloads):  # it is the policy of that workload
        return True
    return bool(here) and all(any(_through(flow, text) for flow in here) for text in moved)


def _through(flow: Moved, text: str) -> bool:
    """Whether a connection that a policy lets through is this flow."""

    def says(word: object) -> bool:
        return re.search(rf"(?<![A-Za-z0-9-]){re.escape(str(word))}(?![A-Za-z0-9-])", text) is not None

    # Whoever has no identity is told by nothing but the port that it asks.
    named = re.search(r"namespace|/ns/|matchLabels", text) is not None
    if named and not flow.other:
        return False
    known = flow.other if named else ()
    return all(map(says, known)) and (flow.port is None or says(flow.port) or (named and not re.search(r"\d{2,}", text)))


def _connections(body: Obj | None) -> set[str]:
    """What a policy lets through, one text for each pair of a peer and a port; of other kinds each rule."""
    found: set[str] = set()
    spec = (body or {}).get("spec", {})
    for name, rules in spec.items():
        for rule in rules if isinstance(rules, (list, tuple)) else ():
            if not isinstance(rule, Mapping):
                continue
            ports = [*rule.get("ports", ()), *(port for entry in rule.get("toPorts", ()) for port in entry.get("ports", ()))]
            others = [(key, value) for key, value in rule.items() if key not in ("ports", "toPorts")]
            peers = [{key: peer} for key, entries in others if isinstance(entries, (list, tuple)) for peer in entries]
            found |= {json.dumps([name, peer, port], sort_keys=True) for peer in peers or [None] for port in ports or [None]}
    if not found and body is not None:
        found.add(json.dumps(spec, sort_keys=True))
    return found


def _named(change: Delta, path: str, text: Any) -> bool:
    if isinstance(text, str) and text in change.turned:
        return True
    said = f"{path} {text if isinstance(text, str) else json.dumps(text, sort_keys=True)}"
    if any(re.search(rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9])", said) for token in change.tokens if len(token) > 1):
        return True
    return any(re.search(pattern, said) for pattern in change.shown)


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and text (before, after) of each field that differs; of lists of other lengths the entries that only one has."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            if before.get(name) != after.get(name):
                yield from differences(before.get(name), after.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        if len(before) == len(after):
            for at, (one, other) in enumerate(zip(before, after, strict=True)):
                if one != other:
                    yield from differences(one, other, f"{path}[{at}]")
        else:
            gone = [entry for entry in before if entry not in after]
            come = [entry for entry in after if entry not in before]
            for entry in (*gone, *come):
                yield f"{path}[]", json.dumps(entry, sort_keys=True)
            if not gone and not come:
                yield path, f"{json.dumps(before)} -> {json.dumps(after)}"
    elif before != after:
        yield path, f"{json.dumps(before, sort_keys=True)} -> {json.dumps(after, sort_keys=True)}"
