"""What is asked of the design: a context question, a decision, a setting, and the ways out of what is ruled out."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.layers import NONE, Decision, Question
from catalog.reasons import Option
from wizard import changes
from wizard.changes import Change
from wizard.prompting.dialogue import Again, Dialogue, Does
from wizard.risks import waivable
from wizard.solver import ContextOption, SettingOption
from wizard.tui.about import UNDOING, about_option, about_setting, setting_value, where
from wizard.tui.view import WORDS, View

# Context questions


def question(talk: Dialogue, name: str) -> None:
    """One context question."""
    asked, space, words = talk.catalog.questions[name], talk.space, talk.words
    kinds = _kinds(talk, asked)
    talk.say(f"\n{asked.title}{_place(talk, asked.scope)}\n{asked.why}")
    states = space.context_states(name)
    for number, value in enumerate(asked.values, 1):
        found = {states[ContextOption(name, value.id, kind)] for kind in kinds}
        note = ", answered" if all(value.id in _answers(talk, name, kind) for kind in kinds) else \
            ", ruled out" if found == {"excluded"} else ", follows" if found == {"implied"} else ""
        talk.say(f"  {number}. {value.title}{note}")
    assumed = (asked.assume,) if isinstance(asked.assume, str) else asked.assume
    talk.say(f"  Left open, this is assumed: {', '.join(words.value(name, each) for each in assumed)}.")

    def why(_: str) -> None:
        targets = [ContextOption(name, value.id, kind) for kind in kinds for value in asked.values]
        reasons = [reason for target in targets for reason in space.why(target)]
        talk.say("\n".join(map(words.full, reasons)) or asked.why)

    def leave_open(_: str) -> None:
        talk.keep(changes.answer(words, name, (), talk.kind, space))
        raise Again

    picked = talk.numbers([(value.id, value.title) for value in asked.values], {
        "?": why, "why": why, "-": leave_open, "pin": lambda _: pin(talk, name, asked.title)}, several=asked.several)
    if not picked:
        return
    values = [asked.values[each].id for each in picked]
    blocked = [ContextOption(name, value, kind) for kind in kinds for value in values
               if states[ContextOption(name, value, kind)] == "excluded"]
    said = changes.answer(words, name, values, talk.kind, space)
    if blocked:
        ways_out(talk, blocked[0], said, words.value(name, blocked[0].value))
    elif not talk.consider(said):
        raise Again


def _kinds(talk: Dialogue, asked: Question) -> Sequence[str | None]:
    if asked.scope == "design":
        return (None,)
    return (talk.kind,) if talk.kind else talk.space.kind_names


def _answers(talk: Dialogue, name: str, kind: str | None) -> tuple[str, ...]:
    space = talk.space
    values = talk.session.answers.context if kind is None else space.kinds[space.scope(kind)].context
    return values[name].value if name in values else ()


def _place(talk: Dialogue, scope: str) -> str:
    """Where an answer goes, where there are several places."""
    if len(talk.space.kinds) < 2 or scope == "design":
        return ""
    return f" (in {talk.kind})" if talk.kind else " (in all clusters)"


# Decisions


def decision(talk: Dialogue, name: str) -> None:
    """One decision: what is possible first, what is ruled out after it, each with its reason."""
    asked, space, words, view = talk.catalog.decisions[name], talk.space, talk.words, talk.view
    several = {"one": "", "optional": "", "several": " Several may be chosen."}[asked.many]
    talk.say(f"\n{asked.title}{_place(talk, asked.scope)}. {asked.problem}{several}")
    shown = sorted(talk.catalog.options[name], key=lambda component: view.shown(name, component) == "excluded")
    for number, component in enumerate(shown, 1):
        talk.say(f"  {number}. {_named(view, name, component)}{_noted(talk, view, name, component)}")
    picked = talk.numbers([(component, words.component(component, name)) for component in shown],
                          _of_decision(talk, asked, view, shown), several=asked.many == "several")
    for each in picked:
        option = view.option(name, shown[each])
        wanted = changes.choose(words, option, talk.space)
        blocked = next((one for one in view.options(name, shown[each]) if space.state(one) == "excluded"), None)
        if blocked is not None:
            ways_out(talk, blocked, wanted, words.option(option), option)
        elif not talk.consider(wanted, name) and shown[each] not in view.said(name, view.kinds(name)[0]):
            raise Again
    if picked and asked.settings:
        talk.say(f"Settings here, each by a slash and its name: {', '.join(setting.id for setting in asked.settings)}.")


def _named(view: View, decision: str, component: str) -> str:
    name = view.words.component(component, decision)
    return name[:1].upper() + name[1:] if component == NONE else name


def _noted(talk: Dialogue, view: View, decision: str, component: str) -> str:
    """How an option stands, in words after its name; what is ruled out with its reason in one line."""
    shown = view.shown(decision, component)
    notes = [] if shown == "available" else [WORDS[shown]]
    if shown == "partly":
        notes = [where(view, decision, component)]
    if component != NONE and (how := talk.catalog.components[component].undo.how) != "reversible":
        notes.append({"rebuild": "hard to undo", "never": UNDOING["never"]}[how])
    told = "".join(f", {note}" for note in notes)
    if shown in ("excluded", "partly"):
        reason = next((reason for option in view.options(decision, component) for reason in talk.space.why(option)
                       if reason.state == "excluded"), None)
        told += f": {view.words.line(reason)}" if reason is not None else ""
    return told


def _of_decision(talk: Dialogue, asked: Decision, view: View, shown: Sequence[str]) -> dict[str, Does]:
    """The commands of a decision, besides picking."""
    space, words, name = talk.space, talk.words, asked.id

    def one(rest: str) -> str | None:
        """The option that a number or a name means."""
        known = {key.lower(): component for at, component in enumerate(shown, 1)
                 for key in (str(at), component, words.component(component, name))}
        if rest.lower() not in known:
            talk.say(f"Which one? A number from 1 to {len(shown)} after it.")
        return known.get(rest.lower())

    def why(rest: str) -> None:
        if rest:
            component = one(rest)
            if component is not None:
                talk.say(about_option(view, name, component, bars=False).plain)
            return
        told = [words.full(reason) for component in shown for option in view.options(name, component)
                for reason in space.why(option)]
        for kind in view.kinds(name) if space.stands else ():
            for component in space.complete().chosen(name, kind):
                if component not in view.said(name, kind):
                    told.append(words.margin(name, component, space.margin(Option(name, component, kind))))
        talk.say("\n".join(dict.fromkeys(told)) or asked.problem)

    def take_back(rest: str) -> None:
        said = [component for component in shown if any(component in view.said(name, kind) for kind in view.kinds(name))]
        picked = one(rest) if rest else None
        if rest and picked is None:
            return
        for component in [picked] if picked else said:
            talk.keep(changes.drop(words, view.option(name, component), talk.space))
        if not said:
            talk.say("Nothing was chosen here.")
        raise Again

    def refuse(rest: str) -> None:
        component = one(rest)
        if component is None:
            return
        option = view.option(name, component)
        talk.consider(changes.reject(words, option, space, add=not view.rejected(name, component)), name)
        raise Again

    return {"?": why, "why": why, "-": take_back, "no": refuse, "pin": lambda _: pin(talk, name, asked.title)}


def pin(talk: Dialogue, subject: str, title: str) -> None:
    """Let no way out touch an answer, or let them again."""
    on = subject not in talk.session.answers.pinned
    talk.keep(changes.pin(title, subject, on=on))


# Settings


def setting(talk: Dialogue, name: str) -> None:
    """One setting, as text."""
    found, space = talk.catalog.settings[name], talk.space
    decision = talk.catalog.decisions[talk.catalog.setting_decision[name]]
    value, origin = setting_value(talk.view, name)
    talk.say(f"\n{found.title} ({name}){_place(talk, decision.scope)}: {value} ({origin}). {found.why}"
             f"{f' One of: {_listed(found.choices)}.' if found.choices else ''}")

    def why(_: str) -> None:
        talk.say(about_setting(talk.view, name).plain)
        talk.say(f"Such as: {_listed(found.choices or found.steps) or 'any'}.")

    def default(_: str) -> None:
        talk.keep(changes.put(talk.catalog, name, None, talk.kind, space))
        raise Again

    typed = talk.text("Value, - for the default, Enter to leave it: ", {
        "?": why, "-": default, ":pin": lambda _: pin(talk, name, found.title)})
    if not typed:
        return
    try:
        value_ = _understood(talk.catalog, name, typed)
        change = changes.put(talk.catalog, name, value_, talk.kind, space)
    except ValueError as error:
        talk.say(f"{error}.")
        raise Again from None
    for kind in talk.view.kinds(decision.id):
        target = SettingOption(name, value_, kind)
        if space.stands and space.state(target) == "excluded":
            ways_out(talk, target, change, f"{name} {value_}")
            return
    talk.keep(change)


def _understood(catalog: Catalog, name: str, typed: str) -> Scalar:
    found = catalog.settings[name]
    if found.type in ("integer", "percent") and typed.isdigit():
        return int(typed)
    if found.type == "boolean" and typed.lower() in ("yes", "no"):
        return typed.lower() == "yes"
    return typed


def _listed(values: Sequence[Scalar]) -> str:
    return ", ".join(map(str, values))


# Ways out


def ways_out(
    talk: Dialogue, blocked: Option | ContextOption | SettingOption, wanted: Change, title: str, option: Option | None = None,
) -> None:
    """Why something is ruled out, and the ways to have it all the same."""
    space, words = talk.space, talk.words
    reasons = space.why(blocked)
    talk.say("\n".join(map(words.full, reasons)) or f"{title} is ruled out.")
    repairs = space.repairs(blocked)
    risks = waivable(talk.engine, space, words, reasons[0], option) if reasons and option is not None else []
    if not repairs and not risks:
        talk.say(words.no_way(reasons, talk.session.answers.pinned))
        raise Again
    talk.say("Ways out:")
    for number, repair in enumerate(repairs, 1):
        talk.say(f"  {number}. {words.repair(repair)}")
    for number, rule in enumerate(risks, len(repairs) + 1):
        talk.say(f"  {number}. Accept the risk, on the record: {words.rule(rule).because}")
    picked = talk.numbers([()] * (len(repairs) + len(risks)), {
        "?": lambda _: talk.say("A number applies that way out; Enter leaves all as it is.")})
    if not picked:
        raise Again
    if picked[0] < len(repairs):
        mended = changes.mend(words, repairs[picked[0]], space)
        done = talk.keep(Change(f"{wanted.name}; {mended.name}", lambda answers: wanted.make(mended.make(answers))))
    else:
        from wizard.prompting.parts import accepted

        risk = accepted(talk, risks[picked[0] - len(repairs)])
        done = risk is not None and talk.consider(
            Change(f"{risk.name}; {wanted.name}", lambda answers: wanted.make(risk.make(answers))))
    if not done:
        raise Again
