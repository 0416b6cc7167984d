"""Parts of the answers besides questions and decisions: the name, what matters most, presets, and all that has entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.design import Waiver
from catalog.rules import PRIORITIES
from catalog.words import PRIORITY_TITLES, listed
from wizard import changes
from wizard.answers_file import WaiverEntry
from wizard.changes import Change
from wizard.drafts import said_here
from wizard.entries import LABEL, MEANS, MODELS, ONE, SECTIONS, apart, entry_title, held, label_problem, offers, with_entry
from wizard.fields import fields, shown, titled
from wizard.presets import applied, presets
from wizard.prompting.dialogue import Again, Back, Dialogue
from wizard.prompting.entering import entry_keys, fill

PARTS = {"name": "Name of the design", "priorities": "What matters most", "preset": "Begin from a preset", **SECTIONS}
"""Word to title."""

WALKED = ("clusters", "workloads", "externals")
"""Parts that are asked in order as long as they have nothing; the others are gone to."""


def part(talk: Dialogue, name: str) -> None:
    """One part."""
    own = {"name": _name, "priorities": _priorities, "preset": _preset, "versions": _versions}
    if name in own:
        own[name](talk)
    else:
        _entries(talk, name)


def said(talk: Dialogue, name: str) -> str:
    """What a part says, in a line."""
    answers = talk.session.answers
    if name == "name":
        return answers.name
    if name == "priorities":
        return listed([PRIORITY_TITLES[each] for each in answers.priorities.value])
    if name == "versions":
        return ", ".join(f"{talk.words.component(each)} {said.value}" for each, said in answers.versions.items())
    return ", ".join(titled(entry) for entry in held(answers, name)) if name in ONE else ""


def _back(_: str) -> None:
    raise Back


def _name(talk: Dialogue) -> None:
    talk.say(f"\nWhat is this design called? It is {talk.session.answers.name} now. {LABEL}")
    while True:
        typed = talk.text("Name, Enter leaves it: ", {"?": lambda _: talk.say(LABEL), "b": _back})
        problem = label_problem(typed) if typed else ""
        if not problem:
            break
        talk.say(problem)
    if typed:
        talk.keep(changes.rename(typed))


def _priorities(talk: Dialogue) -> None:
    talk.say("\nWhat matters most? What decides wherever nothing else does, in order.")
    for number, priority in enumerate(PRIORITIES, 1):
        talk.say(f"  {number}. {PRIORITY_TITLES[priority]}")
    now = said(talk, "priorities")
    talk.say(f"  Now: {now}." if now else "  Left open, operational effort comes first.")

    def none(_: str) -> None:
        talk.keep(changes.prioritise(()))
        raise Again

    picked = talk.numbers([(each, PRIORITY_TITLES[each]) for each in PRIORITIES], {
        "-": none, "?": lambda _: talk.say("Numbers with commas, what matters most first; the rest follow as usual.")},
        several=True, text="Numbers in order, Enter goes on: ")
    if picked:
        talk.consider(changes.prioritise([PRIORITIES[each] for each in dict.fromkeys(picked)]))


def _preset(talk: Dialogue) -> None:
    from wizard.answers_file import load

    found = presets()
    talk.say("\nWhich preset? It answers the use case and decides nothing.")
    for number, each in enumerate(found, 1):
        talk.say(f"  {number}. {each.name}: {each.about}")
    picked = talk.numbers([(each.name,) for each in found], text="Number, Enter takes none: ")
    if picked:
        chosen = found[picked[0]]
        answers = said_here(load(chosen.path, talk.catalog))
        talk.consider(Change(f"Take the preset {chosen.name}", lambda before: applied(before, answers)))


# Clusters, workloads, systems outside, accepted risks


def _entries(talk: Dialogue, section: str) -> None:
    model = fields(MODELS[section])

    def told(entry: Mapping[str, Any]) -> str:
        own = apart(entry)
        facts = ", ".join(f"{field.name} {shown(field, entry[field.name])}" for field in model if field.name in entry)
        return f"{facts}{', with answers of its own' if own else ''}"

    def again(_: str) -> None:
        raise Again

    while True:
        entries = held(talk.session.answers, section)
        talk.say(f"\n{SECTIONS[section]}. {MEANS[section]}")
        for number, entry in enumerate(entries, 1):
            talk.say(f"  {number}. {told(entry)}")
        typed = talk.line(f"{SECTIONS[section]}: {entry_keys(len(entries))}: ", {
            "-": lambda rest: _take_away(talk, section, rest), "?": again}).lower()
        if not typed:
            return
        if typed in ("n", "new"):
            _fill(talk, section, None)
        elif typed.isdigit() and 0 < int(typed) <= len(entries):
            _fill(talk, section, int(typed) - 1)
        else:
            named = [number for number, entry in enumerate(entries) if titled(entry) == typed]
            if named:
                _fill(talk, section, named[0])
            else:
                talk.say("A number, n for a new one, or Enter. h lists what else can be typed.")


def _fill(talk: Dialogue, section: str, number: int | None) -> None:
    answers, catalog = talk.session.answers, talk.catalog
    entry = held(answers, section)[number] if number is not None else {}
    facts = {key: value for key, value in entry.items() if key not in apart(entry)}
    found = fill(talk, entry_title(section, facts), fields(MODELS[section]), facts,
                 lambda value: with_entry(answers, section, number, value, catalog)[1], offers(answers, catalog))
    if found:
        made, _ = with_entry(answers, section, number, found, catalog)
        if made is not None:
            verb = "Add" if number is None else "Change"
            talk.consider(changes.replaced(f"{verb} the {ONE[section]} {titled(found)}", made))


def _take_away(talk: Dialogue, section: str, rest: str) -> None:
    entries = held(talk.session.answers, section)
    if not (rest.isdigit() and 0 < int(rest) <= len(entries)):
        talk.say("Which one? A hyphen and its number, such as -1.")
        return
    made, problems = with_entry(talk.session.answers, section, int(rest) - 1, None, talk.catalog)
    if made is None:
        talk.say("; ".join(problems))
    else:
        talk.consider(changes.replaced(f"Remove the {ONE[section]} {titled(entries[int(rest) - 1])}", made))
    raise Again


def accepted(talk: Dialogue, rule: str) -> Change | None:
    """Ask for everything that accepting the risk of a rule needs."""
    answers, catalog = talk.session.answers, talk.catalog
    found = fill(talk, f"Accept the risk of {rule}", [field for field in fields(WaiverEntry) if field.name != "rule"], {},
                 lambda value: with_entry(answers, "waivers", None, {"rule": rule, **value}, catalog)[1],
                 about=talk.words.rule(rule).because)
    if not found:
        return None
    entry = WaiverEntry.model_validate({"rule": rule, **found})
    return changes.waive(Waiver(entry.rule, entry.reason, entry.owner, entry.until))


# Versions


def _versions(talk: Dialogue) -> None:
    words, catalog = talk.words, talk.catalog
    fixed = talk.session.answers.versions
    talk.say(f"\n{SECTIONS['versions']}. {MEANS['versions']}")
    for number, (component, version) in enumerate(fixed.items(), 1):
        talk.say(f"  {number}. {words.component(component)} {version.value}")

    def let_go(rest: str) -> None:
        if rest.isdigit() and 0 < int(rest) <= len(fixed):
            talk.consider(changes.fix_version(words, list(fixed)[int(rest) - 1], None))
            raise Again
        talk.say("Which one? A hyphen and its number, such as -1.")

    typed = talk.line("The name of a component whose version to fix, - and a number lets one go, Enter goes on: ",
                      {"-": let_go}).lower()
    if not typed:
        return
    named = [name for name, component in catalog.components.items()
             if component.releases and (typed == name or typed in words.component(name).lower())]
    exact = [name for name in named if typed in (name, words.component(name).lower())]
    named = exact or named
    if not named:
        talk.say(f"Nothing with releases is called {typed}.")
        raise Again
    if len(named) > 1:
        for number, name in enumerate(named, 1):
            talk.say(f"  {number}. {words.component(name)}")
        picked = talk.numbers([(name, words.component(name)) for name in named], text="Which? ")
        if not picked:
            raise Again
        named = [named[picked[0]]]
    releases = catalog.components[named[0]].releases
    talk.say(f"Which release of {words.component(named[0])}?")
    for number, release in enumerate(releases, 1):
        until = f", supported until {release.end_of_support}" if release.end_of_support else ""
        talk.say(f"  {number}. {release.version}{until}")
    picked = talk.numbers([(release.version,) for release in releases], text="Number, Enter leaves it: ")
    if picked:
        talk.consider(changes.fix_version(words, named[0], releases[picked[0]].version))
    raise Again
