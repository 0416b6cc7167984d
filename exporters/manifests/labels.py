"""Who an object belongs to: the labels and annotations that every exported object carries."""

from __future__ import annotations

from catalog.design import Design
from exporters.manifests import scanned
from exporters.manifests.references import Obj
from exporters.manifests.shortened import label
from exporters.manifests.view import View

PREFIX = "k8s-wizard.dev"
DECISION = f"{PREFIX}/decision"
RECORD = f"{PREFIX}/record"
ROUTES = f"{PREFIX}/routes"
"""Label of namespaces whose routes the shared Gateway takes."""
BY_HAND = f"{PREFIX}/secrets-by-hand"
"""Annotation of an object that uses Secrets which a person creates: their names, separated by commas."""
MANAGED_BY = "k8s-wizard"
KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false", "kustomize.toolkit.fluxcd.io/prune": "disabled"}
"""Annotations of what holds data, and of namespaces: when it is no longer in Git, or in another place of it, or its whole
folder goes, the delivery tool leaves it where it is, and a person takes it out."""


def record_slug(design: Design, decision: str) -> str:
    """The slug of the record that justifies a decision: its own, or its layer's for small decisions.

    A record of its own has what was chosen for a decision that carries weight, and what a running cluster cannot take
    back. It follows from catalog and choice alone, so that a record whose choice stands is never drawn into another."""
    if decision not in design.catalog.decisions:
        return ""
    chosen = design.chosen(decision)
    if chosen and (design.decision(decision).record
                   or any(design.catalog.components[id_].undo.how != "reversible" for id_ in chosen)):
        return decision
    return f"{design.catalog.layer_of[decision]}-smaller-choices"


def kept(obj: Obj) -> Obj:
    """The object as one that no delivery tool removes, because its data would go with it."""
    metadata = obj["metadata"]
    return {**obj, "metadata": {**metadata, "annotations": {**metadata.get("annotations", {}), **KEPT}}}


def is_kept(obj: Obj) -> bool:
    """True for what no delivery tool removes."""
    return bool(KEPT.items() <= obj["metadata"].get("annotations", {}).items())


def dressed(view: View, obj: Obj, decision: str, part: str) -> Obj:
    """The object with `app.kubernetes.io/*` labels and the decision that made it; what it says itself wins."""
    metadata = obj.get("metadata", {})
    labels = {
        "app.kubernetes.io/name": part,
        "app.kubernetes.io/part-of": label(view.design.name),
        "app.kubernetes.io/managed-by": MANAGED_BY,
        **metadata.get("labels", {}),
    }
    annotations = {**metadata.get("annotations", {}), **scanned.skips(obj)}
    if decision:
        annotations.setdefault(DECISION, decision)
        slug = record_slug(view.design, decision)
        if slug:
            annotations.setdefault(RECORD, slug)
    named = {key: value for key, value in metadata.items() if key not in ("labels", "annotations")}
    named["labels"] = dict(sorted(labels.items()))
    if annotations:
        named["annotations"] = dict(sorted(annotations.items()))
    first = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "metadata": named}
    return {**first, **{key: value for key, value in obj.items() if key not in first}}
