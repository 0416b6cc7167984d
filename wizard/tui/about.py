"""All about an option or a setting, as a text: what it is, how it stands and why, what it is good and bad at.

For the details beside a page, and read out line by line. Values only; no widgets.
"""

from __future__ import annotations

from rich.text import Text

from catalog.catalog import Catalog
from catalog.layers import NONE
from catalog.rules import PRIORITIES
from catalog.words import ORIGINS, PRIORITY_TITLES, as_read, listed, plain
from wizard.tui.view import WORDS, View

UNDOING = {"reversible": "can be undone in a running cluster", "rebuild": "hard, the cluster is rebuilt",
           "never": "cannot be undone"}


def strengths(view: View, decision: str, component: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an option is good and bad at."""
    if component == NONE:
        absence = view.catalog.absence(decision)
        return absence.good_at, absence.bad_at
    found = view.catalog.components[component]
    return found.good_at, found.bad_at


def setting_value(view: View, setting: str) -> tuple[str, str]:
    """The value of a setting as it stands, and where it comes from."""
    decision = view.catalog.setting_decision[setting]
    values: dict[str, str] = {}
    for kind in view.kinds(decision):
        said = view.space.setting_said(setting, view.space.scope(kind))
        if said is not None:
            values[_text(said.value)] = "set"
            continue
        made = view.thoughts.made.settings.get((setting, kind)) if view.thoughts.made and view.fresh else None
        if made is not None:
            found = view.catalog.settings[setting]
            stand_in = found.placeholder is not None and made.origin == "default" and made.value == found.placeholder
            values[_text(made.value)] = "say yours" if stand_in else _SETTLED.get(made.origin, ORIGINS[made.origin])
        else:
            values["–"] = "not asked" if view.fresh and view.thoughts.made else ""
    return " / ".join(values), " / ".join(dict.fromkeys(values.values()))


_SETTLED = {"implied": "follows from the design"}
"""What a setting has to be beside what is recommended need not follow from the answers alone."""


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def origins(catalog: Catalog, component: str) -> list[str]:
    """The files that say something of a component, the built-in one first; each fact of an overlay by name."""
    first = catalog.origins.get(f"component:{component}")
    facts = [f"{where}: {key.rpartition(':')[2]}" for key, where in catalog.origins.items()
             if key.startswith(f"component:{component}:")]
    return [*([first] if first else []), *facts]


def where(view: View, decision: str, component: str) -> str:
    """In which kinds of clusters an option is chosen or possible."""
    kinds = [kind or "" for kind in view.kinds(decision)]
    chosen = [kind for kind in kinds if component in view.said(decision, kind or None)]
    possible = [kind for kind, state in zip(kinds, view.states(decision, component), strict=True)
                if state != "excluded" and kind not in chosen]
    told = [*([f"chosen in {listed(chosen)}"] if chosen else []), *([f"possible in {listed(possible)}"] if possible else [])]
    return ", ".join(told) or "nowhere"


def about_setting(view: View, name: str) -> Text:
    """Its value, what it is for, what it takes."""
    setting = view.catalog.settings[name]
    value, origin = setting_value(view, name)
    text = Text()
    text.append(f"{setting.title}\n", "bold")
    text.append(f"{name} = {plain(value)} ({origin})\n\n{setting.why}\n")
    bounds = [f"at least {setting.at_least}" if setting.at_least is not None else "",
              f"at most {setting.at_most}" if setting.at_most is not None else "",
              f"one of {', '.join(setting.choices)}" if setting.choices else ""]
    text.append(f"\n{setting.type} {', '.join(filter(None, bounds))}")
    return text


def about_option(view: View, decision: str, component: str, *, bars: bool = True) -> Text:
    """Everything known of it here. Ratings as bars, or in numbers that can be read out."""
    text = Text()
    catalog, words = view.catalog, view.words
    text.append(f"{words.option((decision, component))[:1].upper()}{words.option((decision, component))[1:]}\n", "bold")
    shown = view.shown(decision, component)
    reason, margin = view.reason(decision, component), view.margin(decision, component)
    if reason is not None and shown in ("excluded", "implied", "partly", "conflict"):
        text.append(f"{WORDS[shown].capitalize()}: {words.line(reason)}\n", "bold")
    elif margin is not None:
        text.append(f"{'★' if bars else 'Recommended:'} {words.margin(decision, component, margin)}\n", "bold")
    else:
        text.append(f"{WORDS[shown].capitalize()}.\n")
    if component == NONE:
        text.append(f"\n{catalog.absence(decision).summary}\n")
    else:
        found = catalog.components[component]
        role = found.roles[decision]
        text.append(f"\n{role.summary or found.summary}\n")
    good, bad = strengths(view, decision, component)
    for each in good:
        text.append(f"\n + {each}")
    for each in bad:
        text.append(f"\n - {each}")
    text.append("\n")
    for priority in PRIORITIES:
        score = view.score(decision, component, priority)
        if score is not None:
            told = f" {PRIORITY_TITLES[priority]:<20} {'■' * score}{'□' * (4 - score)}" if bars else \
                f"{PRIORITY_TITLES[priority]}: {score} of 4"
            text.append(f"\n{told}")
    if component != NONE:
        found = catalog.components[component]
        text.append(f"\n\n{found.licence.spdx} · {found.maturity.cncf or found.maturity.governed_by}")
        text.append(f" · {found.status(catalog.as_of)} · {found.support}")
        text.append(f"\nUndoing it: {UNDOING[found.undo.how]}. ", "bold" if found.undo.how != "reversible" else "")
        text.append(found.undo.because)
        if found.lifecycle.successor:
            text.append(f"\nSuccessor: {words.component(found.lifecycle.successor)}")
        text.append(f"\n{found.read_at}{as_read(found.checked, found.unverified or '')}")
        for origin in origins(catalog, component):
            if not origin.startswith("components/"):
                text.append(f"\nSaid by {origin}")
    text.append(f"\n\nDecision: {catalog.decisions[decision].problem}")
    return text
