"""Small random catalogs and answers: few questions, decisions, components and rules, but every kind of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from catalog.catalog import Catalog
from catalog.rules import PRIORITIES
from tests import tiny
from wizard.answers import Answers

DECISIONS = ("d0", "d1", "d2")
COMPONENTS = ("c0", "c1", "c2", "c3", "c4")
CAPABILITIES = ("p0", "p1")
MINORS = ("1.34", "1.35")


@dataclass(frozen=True)
class Drawn:
    """A catalog with the named facts that it mentions."""

    catalog: Catalog
    facts: tuple[str, ...]


def one_of(draw: Any, *values: Any) -> Any:
    return draw(st.sampled_from(values))


@st.composite
def catalogs(draw: st.DrawFn, *, clustered: bool = True, features: str | None = None) -> Drawn:
    """A catalog of one layer. Each draws one of the special features, so that worlds stay few enough to list."""
    feature = features or one_of(draw, "plain", "number", "fact", "nodes", "releases", "words", "duration")
    scoped = [one_of(draw, "design", "cluster") if clustered else "design" for _ in DECISIONS]
    manys = [one_of(draw, "one", "optional", "optional", "several") for _ in DECISIONS]
    questions = [
        tiny.question("q0", ["a", "b", "c"], ordered=one_of(draw, "rising", "falling", None)),
        tiny.question("cloud", ["gcp", "aws"], scope="cluster" if clustered and draw(st.booleans()) else "design"),
    ]
    if feature == "plain" and draw(st.booleans()):
        questions[0] = tiny.question("q0", ["a", "b", "c"], several=True, assume=["a", "b"])
    ordered = questions[0].get("ordered") is not None
    facts: tuple[str, ...] = {"fact": ("takes-daemonsets",), "nodes": ("nodes",)}.get(feature, ())
    settings: list[list[dict[str, Any]]] = [[], [], []]
    number = {"id": "s.n", "title": "n", "type": "integer", "why": "Because it counts.", "at-least": 1, "at-most": 4}
    if feature in ("number", "nodes"):
        settings[0].append(
            {**number, "default": [{"when": [{"context": {"q0": "b"}}], "value": 3}, {"value": one_of(draw, 1, 2, 4)}]}
        )
    if feature == "number":
        settings[1].append({**number, "id": "s.m", "default": [{"value": one_of(draw, 1, 3)}]})
    if feature == "words":
        settings[0].append(
            {
                "id": "s.w",
                "title": "w",
                "type": "choice",
                "why": "Because it reads.",
                "choices": ["x", "y", "z"],
                "default": [{"value": one_of(draw, "x", "y")}],
            }
        )
        settings[1].append(
            {
                "id": "s.b",
                "title": "b",
                "type": "boolean",
                "why": "Because it is.",
                "default": [{"value": draw(st.booleans())}],
            }
        )
    if feature == "releases":
        settings[0].append(
            {
                "id": "kubernetes.version",
                "title": "v",
                "type": "choice",
                "why": "Because it ages.",
                "choices": list(MINORS),
                "default": [{"value": one_of(draw, *MINORS)}],
            }
        )

    roles = {}
    for name in COMPONENTS:
        roles[name] = sorted(draw(st.sets(st.sampled_from(DECISIONS), min_size=1, max_size=2)))

    def literal(*, context_only: bool = False) -> dict[str, Any]:
        kinds = ["value", "cloud"] + (["bound"] if ordered else [])
        if not context_only:
            kinds += ["chosen", "component", "capability", "capability"]
            kinds += {
                "number": ["number", "number", "compare"],
                "fact": ["fact", "fact"],
                "nodes": ["nodes", "against"],
                "words": ["word", "boolean"],
                "releases": ["minor"],
            }.get(feature, [])
        kind = one_of(draw, *kinds)
        found: dict[str, Any]
        if kind == "value":
            found = {"context": {"q0": one_of(draw, "a", "b", ["a", "c"])}}
        elif kind == "cloud":
            found = {"context": {"cloud": one_of(draw, "gcp", "aws")}}
        elif kind == "bound":
            found = {"context": {"q0": {one_of(draw, "at-least", "at-most"): one_of(draw, "a", "b", "c")}}}
        elif kind == "chosen":
            name = one_of(draw, *COMPONENTS)
            found = {"chosen": {one_of(draw, *roles[name]): name}}
        elif kind == "component":
            found = {"component": one_of(draw, *COMPONENTS)}
        elif kind == "capability":
            found = {"capability": one_of(draw, *CAPABILITIES)}
        elif kind == "number":
            found = {
                "setting": {
                    one_of(draw, "s.n", "s.m"): {
                        one_of(draw, "at-least", "at-most", "equals"): one_of(draw, 1, 2, 3, 4)
                    }
                }
            }
        elif kind == "compare":
            found = {"setting": {"s.n": {one_of(draw, "at-most", "at-least"): "s.m"}}}
        elif kind == "against":
            found = {"setting": {"s.n": {"at-most": "nodes"}}}
        elif kind == "fact":
            found = {"fact": "takes-daemonsets"}
        elif kind == "nodes":
            found = {"fact": {"nodes": {one_of(draw, "at-least", "at-most", "equals"): one_of(draw, 1, 3, 5)}}}
        elif kind == "word":
            found = {"setting": {"s.w": one_of(draw, "x", "y", "z")}}
        elif kind == "boolean":
            found = {"setting": {"s.b": draw(st.booleans())}}
        else:
            found = {"setting": {"kubernetes.version": one_of(draw, *MINORS)}}
        return {"not": found} if draw(st.integers(0, 3)) == 0 else found

    def rules(prefix: str, most: int, own: list[str], *, subject: bool = True) -> list[dict[str, Any]]:
        found = []
        for place in range(draw(st.integers(0, most))):
            said: dict[str, Any] = {"waivable": draw(st.integers(0, 4)) == 0}
            effect = one_of(
                draw, "requires", "excludes", "requires", "sets" if feature in ("number", "words") else "excludes"
            )
            when = draw(st.integers(0 if subject else 1, 1))
            said["when"] = [literal() for _ in range(when)]
            if effect == "sets":
                said["sets"] = {"s.n": one_of(draw, 1, 3)} if feature == "number" else {"s.w": one_of(draw, "x", "z")}
            else:
                said[effect] = [literal() for _ in range(draw(st.integers(1, 2)))]
            if subject and own and draw(st.booleans()):
                said["as"] = one_of(draw, *own)
            if subject:
                across = one_of(draw, None, None, "each", "some")
                if across:
                    said["across"] = across
            found.append(tiny.rule(f"{prefix}-{place}", **said))
        return found

    components = []
    for name in COMPONENTS:
        described: dict[str, Any] = {}
        for role in roles[name]:
            described[role] = {
                "provides": draw(st.sets(st.sampled_from(CAPABILITIES), max_size=1)) if draw(st.booleans()) else []
            }
            if draw(st.integers(0, 3)) == 0:
                described[role]["recommended-when"] = [
                    {"when": [literal(context_only=True)], "because": "It fits well."}
                ]
        extra: dict[str, Any] = {}
        if draw(st.integers(0, 3)) == 0:
            extra.update(clouds=[one_of(draw, "gcp", "aws")], clouds_because="It is only there.")
        if draw(st.integers(0, 5)) == 0:
            extra["status"] = one_of(draw, "deprecated", "unsupported", "unobtainable")
        if draw(st.integers(0, 3)) == 0:
            extra["goes_with"] = [one_of(draw, *(other for other in COMPONENTS if other != name))]
        if feature == "releases" and name in COMPONENTS[:2]:
            extra["releases"] = [
                {
                    "version": version,
                    "kubernetes": sorted(draw(st.sets(st.sampled_from(MINORS), max_size=1))),
                    "supports": {"c1": [one_of(draw, "1.0.0", "1.35")]} if name == "c0" and draw(st.booleans()) else {},
                    "end-of-support": one_of(draw, None, None, "2026-01-31", "2027-01-31"),
                    **tiny.SOURCE,
                }
                for version in (("1.34", "1.35") if name == "c0" else ("1.0.0", "1.35"))
            ]
        provides = draw(st.sets(st.sampled_from(CAPABILITIES), max_size=1))
        if feature == "releases" and name == "c0" and draw(st.booleans()):
            provides = {*provides, "kubernetes"}
        components.append(
            tiny.component(
                name,
                described,
                provides=sorted(provides),
                support=one_of(draw, "installable", "installable", "hand-over"),
                rules=rules(name, 2, roles[name]),
                ratings={priority: draw(st.integers(0, 4)) for priority in PRIORITIES[:2]},
                **extra,
            )
        )
    offered = {role for names in roles.values() for role in names}
    decisions = []
    for place, name in enumerate(DECISIONS):
        if name not in offered and manys[place] != "optional":
            manys[place] = "optional"
        said: dict[str, Any] = {"scope": scoped[place], "settings": settings[place]}
        if draw(st.integers(0, 3)) == 0:
            said["asked_when"] = [literal()]
        if manys[place] == "optional":
            said["none"] = {
                "rules": rules(f"none-{name}", 1, []),
                "ratings": {"operations": {"score": draw(st.integers(0, 4)), "because": "So it is."}},
            }
        decisions.append(tiny.decision(name, manys[place], **said))
    built = tiny.layer(decisions, questions, rules("layer", 2, [], subject=False))
    return Drawn(tiny.catalog(built, components), facts)


@st.composite
def answered(draw: st.DrawFn, drawn: Drawn, *, most: int = 4) -> Answers:
    """A few answers to a catalog: context, clusters, choices, rejections, settings, pins, waivers, versions."""
    catalog = drawn.catalog
    context: dict[str, Any] = {}
    clusters: list[Any] = []
    for question in catalog.questions.values():
        if question.scope == "design" and draw(st.booleans()):
            ids = [value.id for value in question.values]
            context[question.id] = (
                sorted(draw(st.sets(st.sampled_from(ids), min_size=1, max_size=2)))
                if (question.several)
                else one_of(draw, *ids)
            )

    def options(decisions: list[str], count: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(count):
            decision = one_of(draw, *decisions)
            if catalog.options[decision]:
                found[decision] = [one_of(draw, *catalog.options[decision])]
        return found

    every = list(catalog.decisions)
    scoped = [decision.id for decision in catalog.decisions.values() if decision.scope == "cluster"]

    def cluster(name: str) -> Any:
        facts: dict[str, Any] = {"name": name}
        if catalog.questions["cloud"].scope == "cluster" and draw(st.booleans()):
            facts["cloud"] = one_of(draw, "gcp", "aws")
        if drawn.facts and draw(st.booleans()):
            compute = one_of(draw, "machines", "fargate")
            facts["pools"] = [{"name": "p", "nodes": one_of(draw, 1, 3, 6), "compute": compute}]
        choices = options(scoped, draw(st.integers(0, 1))) if scoped else {}
        return tiny.cluster(choices, **facts)

    many = draw(st.integers(0, 2)) if len(catalog.components) else 0
    clusters.extend(cluster(f"k{place}") for place in range(many))
    settings = {}
    for setting in catalog.settings.values():
        if draw(st.integers(0, 2)) == 0:
            if setting.type == "integer":
                settings[setting.id] = one_of(draw, 1, 2, 3, 4)
            elif setting.type == "boolean":
                settings[setting.id] = draw(st.booleans())
            else:
                settings[setting.id] = one_of(draw, *setting.choices)
    versions = {
        entry.id: one_of(draw, *(release.version for release in entry.releases))
        for entry in catalog.components.values()
        if entry.releases and draw(st.integers(0, 2)) == 0
    }
    choices = options(every, draw(st.integers(0, most)))
    rejects = options(every, draw(st.integers(0, 1)))
    pinned = (
        draw(st.sets(st.sampled_from([*context, *choices, *settings]), max_size=1)) if context or choices else set()
    )
    waivable = [name for name, placed in catalog.rules.items() if placed.rule.waivable]
    waivers: tuple[Any, ...] = ()
    if waivable and draw(st.booleans()):
        waivers = (tiny.waiver(one_of(draw, *waivable)),)
    return tiny.answers(
        context,
        choices,
        rejects=rejects,
        clusters=tuple(clusters),
        settings=settings,
        versions=versions,
        pinned=pinned,
        priorities=one_of(draw, (), ("cost",)),
        waivers=waivers,
    )
