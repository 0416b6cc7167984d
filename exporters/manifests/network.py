"""Network policies from the topology: nothing is allowed, then exactly the flows that the design has.

Between workloads the policies say each flow and no more. Platform namespaces may also talk within themselves, resolve
names and call the API server, because charts do so in ways that no design lists. What standard NetworkPolicy cannot
say is said with the dataplane's own kinds where its module answers (`crossing`), else widely; `residue` lists that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from catalog.components import Component, Endpoint
from catalog.topology import INTERNET, Edge, Node
from catalog.workloads import External
from exporters.manifests import namespace_policies as namespaces
from exporters.manifests.cluster import BUILT_IN, charts, installed, platform_namespaces, workload_namespaces
from exporters.manifests.modules import hook
from exporters.manifests.references import Crossing, Obj
from exporters.manifests.shortened import short
from exporters.manifests.view import View

Direction = Literal["ingress", "egress"]
SYSTEM = namespaces.SYSTEM


def enforced(view: View) -> bool:
    """True when something enforces NetworkPolicy in this cluster."""
    return view.capability("network-policy") or view.capability("bundled-network-policy")


@dataclass
class Policies:
    """The objects of one cluster, and the sentences about what they cannot say."""

    objects: list[Obj] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)


def objects(view: View) -> list[Obj]:
    """Every network policy of a cluster."""
    return policies(view).objects


def residue(view: View) -> list[str]:
    """What the policies allow beyond the flows, or cannot say, in plain sentences (for the overview)."""
    return policies(view).residue


def policies(view: View) -> Policies:
    """All policies and their residue; computed once per cluster."""
    found: Policies = view.memoized("policies", lambda: _Writer(view).write())
    return found


@dataclass
class _Writer:
    """Collects rules per selected pods, then writes one policy for each."""

    view: View
    rules: dict[tuple[str, str], _Subject] = field(default_factory=dict)
    found: Policies = field(default_factory=Policies)
    crossed: dict[tuple[str, str], Crossing] = field(default_factory=dict)
    """Crossings said with the dataplane's own kinds, by namespace and name."""

    def write(self) -> Policies:
        if not enforced(self.view):
            self.found.residue.append(
                f"Nothing enforces NetworkPolicy in {self.view.cluster.name}; no policies are exported for it."
            )
            return self.found
        stance = next(iter(self.view.gather("stance", "network-policy")), "deny")
        if stance == "open":
            self.found.residue.append(
                f"Every pod in {self.view.cluster.name} may talk to every other: the open network was chosen."
            )
            return self.found
        platform = tuple(name for name in sorted(platform_namespaces(self.view)))
        own = workload_namespaces(self.view)
        for namespace in (*platform, *own):
            self.found.objects.append(namespaces.deny_all(namespace))
            if stance == "namespace":
                self.found.objects.append(namespaces.free_within(namespace))
            self.found.objects.append(namespaces.names(self.view, namespace))
        self.found.objects.extend(namespaces.answering(self.view, platform))
        for namespace in platform:
            self.found.objects.append(namespaces.within(namespace))
            self._cross(Crossing("platform-api-server", namespace, {}, "egress", "kubernetes-api", ((443, "TCP"), (6443, "TCP"))))
        for answer in self.view.gather("dataplane", "cni", "mesh", "network-policy"):
            self.found.objects.extend(answer.get("objects", ()))
            self.found.residue.extend(answer.get("residue", ()))
        nodes = {node.id: node for node in self.view.topology.nodes if here(node, self.view)}
        for edge in self.view.topology.edges:
            source, target = nodes.get(edge.source), nodes.get(edge.target)
            if source is not None and target is not None:
                self._edge(edge, source, target)
        for subject in self.rules.values():
            self.found.objects.extend(self._policy(subject))
        self._routed_extras(own)
        if stance == "namespace":
            self.found.residue.append(
                f"Pods of one namespace in {self.view.cluster.name} talk freely and may call anything outside."
            )
        if platform:
            self.found.residue.append(
                "Parts of the platform may talk within their own namespace and call the API server; "
                "their charts do so in ways that a design does not list."
            )
        self.found.residue = list(dict.fromkeys(self.found.residue))
        return self.found

    # ---- one flow

    def _edge(self, edge: Edge, source: Node, target: Node) -> None:
        if edge.source_namespace is not None:
            source = replace(source, namespace=edge.source_namespace, pods={})
        if edge.port is None and edge.kind == "control" and target.name == "nodes":
            return
        if managed(source, self.view):
            self._rule(source, edge.source_pods, "egress", edge, target)
        if managed(target, self.view):
            self._rule(target, edge.target_pods, "ingress", edge, source)

    def _rule(self, mine: Node, narrow: Mapping[str, str], direction: Direction, edge: Edge, other: Node) -> None:
        assert mine.namespace is not None
        pods = dict(narrow or mine.pods)
        subject = self._subject(mine, pods)
        ports = [_port(edge)] if edge.port else []
        hands = self._hands_on(other, mine) if direction == "ingress" and edge.kind == "request" else None
        if direction == "ingress" and edge.kind == "request":
            ports += self._other_entrances(mine, edge)
        # What only leads requests here sends none of its own: they come with the addresses of their callers.
        passes = hands is not None and not hands.pods
        peer = None if passes else self._peer(other, edge.target_pods if direction == "egress" else edge.source_pods)
        if peer is not None:
            subject.add(direction, {"ports": ports, "peers": [peer]})
            return
        if direction == "ingress" and other.kind == "platform" and other.name == "kubernetes-api":
            agents = [agent for ask in self.view.gather("api_agents", "kubernetes") for agent in ask]
            if agents:
                subject.add(direction, {"ports": ports, "peers": [namespaces.of_system(agent) for agent in agents]})
        crossing = self._crossing(subject, direction, edge, other, hands)
        if crossing is not None and self._cross(crossing):
            return
        peers = self._addresses(mine, direction, edge, other)
        if passes and peers == [{"ipBlock": {"cidr": namespaces.ANYWHERE}}]:
            # Nodes hand users' requests on under their own addresses, which dataplanes with identities find in no range
            # (https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/): anybody may.
            peers = []
        subject.add(direction, {"ports": ports, "peers": peers})

    def _subject(self, node: Node, pods: dict[str, str]) -> _Subject:
        assert node.namespace is not None
        if not pods:
            # Nothing tells the component's pods apart: the rule holds for its namespace.
            key = (node.namespace, "all")
        else:
            key = (node.namespace, ",".join(f"{name}={value}" for name, value in sorted(pods.items())))
        if key not in self.rules:
            name = node.name if pods in ({}, node.pods) else f"{node.name}-{'-'.join(pods[name] for name in sorted(pods))}"
            taken = {entry.name for entry in self.rules.values() if entry.namespace == node.namespace}
            name = short("".join(char if char.isalnum() or char == "-" else "-" for char in name.lower()).strip("-"), 57)
            while f"flows-{name}" in taken:
                name += "-x"
            self.rules[key] = _Subject(f"flows-{name}", node.namespace, pods, node.roles[0] if node.roles else "network-policy")
        return self.rules[key]

    def _peer(self, other: Node, narrow: Mapping[str, str]) -> Obj | None:
        """Pods of this cluster as a peer, or None for what has no pods of its own."""
        if not runs_pods(other, self.view):
            return None
        pods = dict(narrow or other.pods)
        peer: Obj = {"namespaceSelector": {"matchLabels": {namespaces.NAMESPACE: namespace_of(other)}}}
        if pods:
            peer["podSelector"] = namespaces.selector(pods)
        return peer

    def _hands_on(self, other: Node, mine: Node) -> Endpoint | None:
        """By what a component hands requests on: its entrance where it is the entry, else its balancer; None for others."""
        component = self.view.design.catalog.components.get(other.name) if other.kind == "component" else None
        role = "ingress" if "ingress" in other.roles and "ingress" not in mine.roles else "load-balancer"
        if component is None or role not in other.roles:
            return None
        return next((entry for entry in _served(component, role, other)), None)

    def _other_entrances(self, mine: Node, edge: Edge) -> list[Obj]:
        """Who may call the entry at one of its ports may at the others: plain HTTP leads to HTTPS, and proves names."""
        component = self.view.design.catalog.components.get(mine.name) if mine.kind == "component" else None
        if component is None or "ingress" not in mine.roles:
            return []
        serving = [entry for entry in _served(component, "ingress", mine) if not entry.host_network]
        if edge.port not in {entry.port for entry in serving}:
            return []
        return [{"protocol": entry.protocol, "port": entry.port} for entry in serving if entry.port != edge.port]

    def _crossing(
        self, subject: _Subject, direction: Direction, edge: Edge, other: Node, hands: Endpoint | None
    ) -> Crossing | None:
        ports = ((edge.port, edge.protocol),) if edge.port else ()
        stem = f"{subject.name.removeprefix('flows-')}-{direction}-{other.name}"
        name = short("".join(char if char.isalnum() else "-" for char in stem).strip("-"), 63)
        if other.kind == "platform":
            place: Any = "kubernetes-api" if other.name == "kubernetes-api" else "nodes"
            return Crossing(name, subject.namespace, subject.pods, direction, place, ports)
        if hands is not None and hands.host_network and "ingress" in hands.serves:
            return Crossing(name, subject.namespace, subject.pods, direction, "entry", ports)
        if other.host_network and hands is None:
            at: Any = "entry" if direction == "ingress" and edge.kind == "request" else "nodes"
            return Crossing(name, subject.namespace, subject.pods, direction, at, ports)
        if direction == "egress" and other.kind == "external":
            external = self._external(other)
            if external is None or external.cidr is None:
                host = external.host if external is not None else other.name
                return Crossing(name, subject.namespace, subject.pods, direction, "host", ports, host)
            return None
        return Crossing(name, subject.namespace, subject.pods, direction, "internet", ports)

    def _cross(self, crossing: Crossing) -> bool:
        """Say a crossing with the dataplane's own kinds; False when it has none (API access is then said widely)."""
        before = self.crossed.get((crossing.namespace, crossing.name))
        if before == crossing:
            return True
        if before is not None:
            # Two ports of the same pods to the same place: each is an object of its own.
            ending = "-".join(str(port) for port, _ in crossing.ports) or "any"
            return self._cross(replace(crossing, name=f"{short(crossing.name, 62 - len(ending))}-{ending}"))
        for ask, mine in self._crossers():
            made = ask(mine, crossing)
            if made:
                self.found.objects.extend(made)
                self.crossed[crossing.namespace, crossing.name] = crossing
                return True
        if crossing.name == "platform-api-server":
            self.found.objects.append(
                namespaces.policy(
                    crossing.name,
                    crossing.namespace,
                    {},
                    egress=[
                        {
                            "to": [{"ipBlock": {"cidr": namespaces.ANYWHERE}}],
                            "ports": [{"protocol": protocol, "port": port} for port, protocol in crossing.ports],
                        }
                    ],
                )
            )
            self._wide_api()
        return False

    def _crossers(self) -> Iterator[tuple[Any, View]]:
        for component in self.view.chosen("cni"):
            ask = hook(component, "crossing")
            if ask is not None:
                yield ask, self.view.of(component)

    def _addresses(self, mine: Node, direction: Direction, edge: Edge, other: Node) -> list[Obj]:
        """Address ranges for what has no pods; an empty list means from or to anywhere on that port."""
        if other.kind == "external":
            external = self._external(other)
            if external is not None and external.cidr is not None:
                return [{"ipBlock": {"cidr": external.cidr}}]
            self.found.residue.append(
                f"{mine.name} may open port {edge.port} to any address, because the addresses of "
                + (f"{external.host} are not known; give {external.name} a cidr to narrow it." if external is not None
                   else f"{other.name} are not known; an entry under `externals` with this host and its cidr narrows it.")
            )
            return [{"ipBlock": {"cidr": namespaces.ANYWHERE}}]
        if other.kind == "platform" and other.name == "kubernetes-api":
            self._wide_api()
        elif (other.host_network and self._hands_on(other, mine) is None) or other.kind == "platform":
            ranges = self.view.cluster.ranges.nodes
            if ranges:
                return [{"ipBlock": {"cidr": ranges}}]
            self.found.residue.append(
                f"{mine.title} and nodes are joined on port {edge.port} without naming addresses, because the node "
                f"range of {self.view.cluster.name} is not stated."
            )
        elif direction == "ingress" and "ingress" in other.roles and (sources := self._sources()):
            return [{"ipBlock": {"cidr": source}} for source in sources]
        elif direction == "ingress":
            self.found.residue.append(
                f"{mine.title} takes port {edge.port} from any address, so that {other.title} can reach it from outside."
            )
        else:
            reached = other.title.lower() if other.kind == "actor" else other.title
            reached = f"the {reached}" if other.name == INTERNET else reached
            self.found.residue.append(f"{mine.title} may open port {edge.port} to any address, to reach {reached}.")
        return [{"ipBlock": {"cidr": namespaces.ANYWHERE}}]

    def _external(self, node: Node) -> External | None:
        """What the design says of a system outside; None where only a setting names its host."""
        return next((entry for entry in self.view.externals if entry.name == node.name), None)

    def _sources(self) -> tuple[str, ...]:
        entry = self.view.entry()
        return entry.sources if entry is not None else ()

    def _wide_api(self) -> None:
        self.found.residue.append(
            "Rules to and from the API server name its ports but no address: standard NetworkPolicy cannot name it."
        )

    # ---- writing

    def _policy(self, subject: _Subject) -> Iterator[Obj]:
        rules: dict[str, list[Obj]] = {}
        for direction in ("ingress", "egress"):
            word = "from" if direction == "ingress" else "to"
            rules[direction] = [
                {**({word: peers} if peers else {}), **({"ports": ports} if ports else {})}
                for peers, ports in subject.rules(direction)
            ]
        if not rules["ingress"] and not rules["egress"]:
            return
        made = namespaces.policy(
            subject.name,
            subject.namespace,
            subject.pods,
            ingress=rules["ingress"] or None,
            egress=rules["egress"] or None,
        )
        made["metadata"]["annotations"] = {"k8s-wizard.dev/decision": subject.decision}
        yield made

    def _routed_extras(self, own: Iterable[str]) -> None:
        """What the dataplane or the mesh adds to every workload namespace."""
        for answer in self.view.gather("dataplane", "cni", "mesh", "network-policy"):
            ingress, egress = answer.get("ingress"), answer.get("egress")
            if ingress or egress:
                for namespace in own:
                    name = "dataplane" if not answer.get("name") else f"dataplane-{answer['name']}"
                    self.found.objects.append(namespaces.policy(name, namespace, {}, ingress=ingress, egress=egress))


@dataclass
class _Subject:
    """Pods that one policy selects, and the rules collected for them."""

    name: str
    namespace: str
    pods: dict[str, str]
    decision: str
    collected: dict[str, list[Obj]] = field(default_factory=lambda: {"ingress": [], "egress": []})

    def add(self, direction: Direction, rule: Obj) -> None:
        if rule not in self.collected[direction]:
            self.collected[direction].append(rule)

    def rules(self, direction: str) -> Iterator[tuple[list[Obj], list[Obj]]]:
        """(peers, ports), rules to the same ports joined and rules to the same peer joined."""
        by_ports: list[tuple[list[Obj], list[Obj]]] = []
        for rule in self.collected[direction]:
            for peers, ports in by_ports:
                if ports == rule["ports"] and bool(peers) == bool(rule["peers"]):  # no peers are all
                    peers.extend(peer for peer in rule["peers"] if peer not in peers)
                    break
            else:
                by_ports.append((list(rule["peers"]), list(rule["ports"])))
        yield from by_ports


def here(node: Node, view: View) -> bool:
    """True for what this cluster has, or what stands outside of clusters; a central delivery tool is in one only."""
    if node.cluster not in (None, view.kind.name):
        return False
    component = view.design.catalog.components.get(node.name) if node.kind == "component" else None
    if component is None or component.support != "installable" or component.install is None or node.cluster is None:
        return True
    return component.id in {entry.id for entry in installed(view)}


def managed(node: Node, view: View) -> bool:
    """True for what runs as pods in a namespace of ours, so that a policy can select it."""
    if not runs_pods(node, view) or namespace_of(node) in BUILT_IN:
        return False
    return node.kind == "workload" or node.namespace in platform_namespaces(view)


def runs_pods(node: Node, view: View) -> bool:
    """True for what has pods with addresses of their own in this cluster; a provider's controller has none."""
    if node.cluster is None or node.host_network or node.kind not in ("component", "workload"):
        return False
    if node.kind == "workload":
        return True
    component = view.design.catalog.components[node.name]
    charted = component.install is not None and bool(charts(view, component))
    return charted or any(endpoint.pods for endpoint in component.endpoints)


def namespace_of(node: Node) -> str:
    """Where a node's pods are; what the platform itself brings is in the namespace of the system."""
    return node.namespace or SYSTEM


def _served(component: Component, capability: str, node: Node) -> Iterator[Endpoint]:
    """The endpoints of a component that serve a capability in the roles that it has."""
    for entry in component.endpoints:
        if capability in entry.serves and (not entry.roles or set(entry.roles) & set(node.roles)):
            yield entry


def _port(edge: Edge) -> Obj:
    return {"protocol": edge.protocol, "port": edge.port}
