"""Rules as clauses: written ones, and those that follow from clouds, lifecycle and releases.

Owns where a rule is applied (once, or to each kind of cluster). Rules that only warn never come here.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog import implicit
from catalog.catalog import PlacedRule
from catalog.components import Component
from catalog.conditions import Bound, Condition
from catalog.implicit import CLOUD, CLOUDS, RELEASES, STATUS, SUPPORTS
from catalog.layers import NONE
from catalog.rules import Rule
from catalog.settings import KUBERNETES_VERSION
from wizard.solver.encode import Encoded
from wizard.solver.formula import DESIGN, RuleKey

REFUSED = ("unobtainable", "unsupported", "archived")


def add_rules(encoded: Encoded) -> None:
    """Every binding rule in catalog order; a component's implicit rules follow its written ones."""
    catalog = encoded.catalog
    waivable: set[str] = set()
    of_component: dict[str, list[PlacedRule]] = {component: [] for component in catalog.components}
    for placed in catalog.rules.values():
        if placed.rule.waivable:
            waivable.add(placed.rule.id)
        if placed.component is not None and placed.component != NONE:
            of_component[placed.component].append(placed)
        elif placed.rule.binding:
            _written(encoded, placed)
    for component in catalog.components.values():
        for placed in of_component[component.id]:
            if placed.rule.binding:
                _written(encoded, placed)
        _clouds(encoded, component)
        status = component.status(catalog.as_of)
        if status in REFUSED:
            if status != "unobtainable":
                waivable.add(f"{STATUS}{component.id}")
            for role in component.roles:
                for scope in encoded.decision_scopes(role):
                    refused = encoded.choice[scope, role, component.id]
                    encoded.rule(RuleKey(f"{STATUS}{component.id}", scope), [-refused])
        if component.id in encoded.bound_releases:
            _releases(encoded, component)
    encoded.waivable = frozenset(waivable)


def subject_scope(encoded: Encoded, placed: PlacedRule) -> str | None:
    """`cluster` or `design` for the subject of a rule; None where it has no subject."""
    if placed.component is None:
        return None
    if placed.decision is not None:
        return encoded.catalog.decisions[placed.decision].scope
    return "cluster" if encoded.clustered_component(placed.component) else "design"


def instances(encoded: Encoded, placed: PlacedRule) -> Sequence[int]:
    """The scopes in which a rule is applied."""
    rule, scope = placed.rule, subject_scope(encoded, placed)
    ends = (rule.requires, rule.excludes, rule.warns, rule.warns_without)
    literals = [*rule.when, *(condition for end in ends for condition in end or ())]
    about_clusters = any(encoded.clustered(condition) for condition in literals) or any(
        encoded.decision_scopes(encoded.catalog.setting_decision[name]) != (DESIGN,) for name in rule.sets or ()
    )
    if scope == "cluster":
        return range(encoded.kinds)
    if not about_clusters:
        return (DESIGN,)
    if scope is None or rule.sets:
        return range(encoded.kinds)
    return range(encoded.kinds) if across(encoded, placed) == "each" else (DESIGN,)


def across(encoded: Encoded, placed: PlacedRule) -> str:
    """Whether conditions about clusters have to hold in each of them or in some."""
    if placed.rule.across is not None:
        return placed.rule.across
    if placed.component is None or placed.component == NONE:
        return "each" if placed.component is None else "some"
    return "each" if encoded.catalog.components[placed.component].support == "installable" else "some"


def subject(encoded: Encoded, placed: PlacedRule, scope: int) -> int:
    """The literal that a rule starts from in one of its scopes."""
    if placed.component is None:
        return encoded.true
    if placed.decision is not None:
        place = scope if encoded.catalog.decisions[placed.decision].scope == "cluster" else DESIGN
        return encoded.choice[place, placed.decision, placed.component]
    return encoded.selected(placed.component, scope)


def clauses(encoded: Encoded, placed: PlacedRule, scope: int) -> list[list[int]]:
    """What a binding rule says in one of its scopes."""
    rule = placed.rule
    starts = [-subject(encoded, placed, scope), *(-encoded.literal(condition, scope) for condition in rule.when)]
    if rule.requires is not None:
        return [[*starts, *(encoded.literal(condition, scope) for condition in rule.requires)]]
    if rule.excludes is not None:
        return [[*starts, -encoded.literal(condition, scope)] for condition in rule.excludes]
    return [[*starts, literal] for literal in _sets(encoded, rule, scope)]


def _sets(encoded: Encoded, rule: Rule, scope: int) -> list[int]:
    return [
        encoded.literal(Condition(setting={name: Bound(equals=value)}), scope)
        for name, value in (rule.sets or {}).items()
    ]


def _written(encoded: Encoded, placed: PlacedRule) -> None:
    for scope in instances(encoded, placed):
        for clause in clauses(encoded, placed, scope):
            encoded.rule(RuleKey(placed.rule.id, scope), clause)


def _clouds(encoded: Encoded, component: Component) -> None:
    """In each kind of cluster for what is decided there; in some kind for what the design has once."""
    question = encoded.catalog.questions.get(CLOUD)
    if not component.clouds or question is None:
        return
    clustered = question.scope == "cluster"
    places = {
        kind: [encoded.context[kind if clustered else DESIGN, CLOUD, cloud] for cloud in component.clouds]
        for kind in range(encoded.kinds)
    }
    anywhere = list(dict.fromkeys(literal for literals in places.values() for literal in literals))
    for role in component.roles:
        for scope in encoded.decision_scopes(role):
            chosen = encoded.choice[scope, role, component.id]
            encoded.rule(
                RuleKey(f"{CLOUDS}{component.id}", scope), [-chosen, *(anywhere if scope == DESIGN else places[scope])]
            )


def _releases(encoded: Encoded, component: Component) -> None:
    """Ties the releases of a component to the Kubernetes minor of the cluster and to releases of other components."""
    catalog = encoded.catalog
    is_kubernetes = implicit.provides_kubernetes(component)
    for kind in range(encoded.kinds):
        absent = _absent(encoded, component.id, kind)
        minors: dict[str, int] = {}
        if KUBERNETES_VERSION in catalog.settings:
            scope = kind if encoded.setting_scopes(KUBERNETES_VERSION) != (DESIGN,) else DESIGN
            minors = encoded.texts[scope, KUBERNETES_VERSION]
        for release in component.releases:
            literal = encoded.release[kind, component.id][release.version]
            fitting = [implicit.minor(release.version)] if is_kubernetes else release.kubernetes
            if minors and fitting:
                encoded.rule(
                    RuleKey(f"{RELEASES}{component.id}", kind),
                    [*absent, -literal, *(minors[name] for name in fitting if name in minors)],
                )
            for other, versions in release.supports.items():
                for version, theirs in encoded.release.get((kind, other), {}).items():
                    if version not in versions:
                        encoded.rule(
                            RuleKey(f"{SUPPORTS}{component.id}:{other}", kind),
                            [*absent, *_absent(encoded, other, kind), -literal, -theirs],
                        )


def _absent(encoded: Encoded, component: str, kind: int) -> list[int]:
    """The way out of a clause about a release for a kind of cluster that is without the component. A release that
    only this kind can have says by itself that the component is there."""
    if encoded.kinds == 1 or not encoded.clustered_component(component) or (
            encoded.release_scopes(component) != (DESIGN,)):
        return []
    return [-encoded.selected(component, kind)]
