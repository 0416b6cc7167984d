"""What one changed answer explains, written to be read.

Two designs that differ in one answer differ in some objects. An object's difference is explained when

- the object belongs to something that changed: its decision was chosen otherwise or has a setting that changed, its
  component came, went or got another release, its workload was changed;
- or it is of a kind that a component brings which came or went, or is called after a workload that changed;
- or each field that differs names something that changed (a component by its id, namespace or address, a workload, a
  host, a value said), or is one of those by which a capability, decision, setting or question shows elsewhere (`SHOWS`);
- or it is a policy of traffic, and what enforces policies changed, or each connection that it no longer lets through, or
  now does, is a flow that changed: between its pods' namespace and the other end's, at the flow's port.

Anything else is a leak: an answer that moves what has nothing to do with it. Where a part is installed (the rank of its
folder) is not looked at here: a new part moves what comes after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from typing import Any

from catalog.design import Design
from exporters.manifests.labels import DECISION
from tests.exporters.manifests.contents import Key, Obj, contents, differences
from tests.exporters.manifests.delta import Delta, Moved, delta
from tests.exporters.manifests.shows import DRESS, MESHED, PEERS, TRAFFIC


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
    if any(belongs(change, side, whole=whole) for side in (before, after) if side is not None):
        return []
    if body.get("kind") in TRAFFIC and _traffic(change, before, after):
        return []
    if whole and "mesh" in change.decisions and (body.get("kind"), body["metadata"]["name"]) in change.silent:
        return []
    if whole:
        return [] if body.get("kind") not in TRAFFIC and _called(change, body) else ["the whole object"]
    set_ = body["metadata"].get("annotations", {}).get(DECISION, "") in change.settings
    room = body.get("kind") == "ResourceQuota" and body["metadata"]["namespace"] in change.homes  # for all of a namespace
    return [
        f"{path}: {text[:160]}"
        for path, text in differences(before, after)
        if not (_named(change, path, text) and (body.get("kind") not in TRAFFIC or path.startswith("metadata")))
        and not (room and path.startswith("spec.hard."))
        and not (set_ and body.get("kind") not in TRAFFIC and not DRESS.match(path))
    ]


def belongs(change: Delta, body: Obj, *, whole: bool) -> bool:
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
    body = after or before
    assert body is not None
    whole = before is None or after is None
    if _enforced(change, body, whole=whole):
        return True
    if whole and body["kind"] != "NetworkPolicy" and _says(change.hosts, json.dumps(body.get("spec"))):
        return True
    here = [flow for flow in change.flows if flow.namespace == body["metadata"].get("namespace", "")]
    moved = _connections(before) ^ _connections(after)
    if not moved and before is not None and after is not None:  # labels, say: no connection
        return False
    if "cni" in change.decisions:  # what has no pods is called otherwise, or in a kind of its own: never who may call whom
        moved = {text for text in moved if "podSelector" in text}
        if not moved:
            return True
    if not whole:
        moved = {text for text in moved if not any(words & change.decisions and said in text for said, words in PEERS.items())}
        if not moved:
            return True
    chosen = json.dumps([body.get("spec", {}).get(name) for name in ("podSelector", "endpointSelector", "selector")])
    if any(f'"{name}"' in chosen for name in change.workloads):  # it is the policy of that workload
        return True
    return bool(here) and all(any(_through(flow, text) for flow in here) for text in moved)


def _enforced(change: Delta, body: Obj, *, whole: bool) -> bool:
    """Whether what enforces policies of this kind changed: then they come and go as a whole, in the kinds that it reads."""
    kind, metadata = body["kind"], body["metadata"]
    if metadata["name"].startswith("acme-"):  # who proves names over HTTP asks at the entrance
        return bool((change.decisions | change.named) & {"ingress", "certificates", "certificate-automation", "acme.challenge"})
    if metadata["name"] == "allow-names" and "service-discovery" in change.decisions:
        return True
    if kind in MESHED or metadata["name"] == "dataplane-mesh":
        return "mesh" in change.decisions
    if whole and metadata.get("namespace") in change.spaces:
        return True
    return whole and bool(change.decisions & ({"network-policy"} if kind == "NetworkPolicy" else {"network-policy", "cni"}))


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


def _called(change: Delta, body: Obj) -> bool:
    """Whether an object as a whole is called after something that came or went, or is of a kind that shows what changed: what
    else it says does not explain that it is there."""
    metadata = body["metadata"]
    if {metadata["name"], metadata.get("namespace")} & change.names or _says(change.names, f" {metadata['name']} "):
        return True
    if "chart" in body:  # a chart comes with a component; a part of one says so
        card, patterns = f'"chart": "{body["chart"]}"', [pattern for pattern in change.shown if "chart" in pattern]
    else:
        card, patterns = json.dumps({"kind": body.get("kind"), "name": metadata["name"]}), change.shown
    return any(re.search(pattern, card) for pattern in patterns)


def _says(words: Set[str], text: str) -> bool:
    return any(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text) for word in words if len(word) > 1
    )


def _named(change: Delta, path: str, text: Any) -> bool:
    if isinstance(text, str) and text in change.turned:
        return True
    said = f"{path} {text if isinstance(text, str) else json.dumps(text, sort_keys=True)}"
    return _says(change.tokens, said) or any(re.search(pattern, said) for pattern in change.shown)
