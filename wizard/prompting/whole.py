"""What the line-by-line wizard says of a whole design: where things are asked, the list, the review, the export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from catalog.errors import WizardError
from catalog.words import ORIGINS, listed
from wizard import changes
from wizard.prompting.dialogue import Again, Dialogue, Go, Place
from wizard.prompting.parts import PARTS, said
from wizard.solver import Infeasible


def title_of(talk: Dialogue, place: Place) -> str:
    """What a place is called."""
    match place.what:
        case "question":
            return talk.catalog.questions[place.id].title
        case "decision":
            return talk.catalog.decisions[place.id].title
        case "setting":
            return f"{talk.catalog.settings[place.id].title} ({place.id})"
    return PARTS[place.id]


def answer_of(talk: Dialogue, place: Place) -> str:
    """What is answered there, in a line; nothing where it is open."""
    view, words = talk.view, talk.words
    if place.what == "part":
        return said(talk, place.id)
    found: dict[str, None] = {}
    if place.what == "question":
        scoped = talk.catalog.questions[place.id].scope == "cluster"
        for kind in talk.space.kind_names if scoped else (None,):
            values = talk.session.answers.context if kind is None else talk.space.kinds[talk.space.scope(kind)].context
            if place.id in values:
                found[listed([words.value(place.id, value) for value in values[place.id].value])] = None
        return " / ".join(found)
    for each in view.kinds(place.id):
        found[listed([words.component(name, place.id) for name in view.said(place.id, each)])] = None
    return " / ".join(filter(None, found))


def listing(talk: Dialogue, places: Sequence[Place], is_open: Sequence[Place]) -> None:
    """Everything that is asked, layer by layer: first the layers with what is open in them, then what is in one.
    Goes where a number says."""
    groups: dict[str, list[Place]] = {"The design itself": [Place("part", name) for name in PARTS]}
    for place in places:
        if place.what == "question":
            groups.setdefault("The use case", []).append(place)
        elif place.what == "decision":
            groups.setdefault(talk.catalog.layers[talk.catalog.layer_of[place.id]].title, []).append(place)
    titles = list(groups)
    for number, title in enumerate(titles, 1):
        count = sum(place in is_open for place in groups[title])
        talk.say(f"  {number}. {title}{f', {count} open' if count else ''}")
    picked = talk.numbers([(title,) for title in titles], text="Which? Enter leaves: ")
    if not picked:
        raise Again
    inside = groups[titles[picked[0]]]
    for number, place in enumerate(inside, 1):
        told = answer_of(talk, place)
        talk.say(f"  {number}. {title_of(talk, place)}{f': {told}' if told else ', open' if place in is_open else ''}")
    picked = talk.numbers([(place.id,) for place in inside], text="Which? Enter leaves: ")
    if not picked:
        raise Again
    raise Go(inside[picked[0]])


def find(talk: Dialogue, typed: str, places: Sequence[Place]) -> None:
    """Go where something is asked that is called so; asks which, where several are."""
    word = typed.strip().lower()
    named = _called(talk, word, places)
    exact = [place for place in named.values() if place.id == word]
    if len(named) == 1 or exact:
        raise Go((exact or list(named.values()))[0])
    if not named:
        talk.say(f"Nothing is called {typed.strip()}.")
        return
    titles = list(named)[:20]
    for number, title in enumerate(titles, 1):
        talk.say(f"  {number}. {title}")
    if len(named) > len(titles):
        talk.say(f"  and {len(named) - len(titles)} more: say more of the name")
    line = talk.read("Which? ").strip()
    if line.isdigit() and 0 < int(line) <= len(titles):
        raise Go(named[titles[int(line) - 1]])


def _called(talk: Dialogue, word: str, places: Sequence[Place]) -> dict[str, Place]:
    """Title to place of everything that has a word in its name, or in the name of an option."""
    catalog, words = talk.catalog, talk.words
    named: dict[str, Place] = {}
    settings = [Place("setting", name) for name in catalog.settings]
    for place in (*(Place("part", name) for name in PARTS), *places, *settings):
        title = title_of(talk, place)
        names = [place.id, title]
        if place.what == "decision":
            names += [name for option in catalog.options[place.id] for name in (option, words.component(option, place.id))]
        if word and any(word in name.lower() for name in names):
            named[title] = place
    return named


def review(talk: Dialogue) -> None:
    """The whole design in lines."""
    for line in _reviewed(talk):
        talk.say(line)


def _reviewed(talk: Dialogue) -> list[str]:
    from catalog.bill import ageing
    from catalog.handover import steps
    from wizard.complete import complete

    space, words, catalog = talk.space, talk.words, talk.catalog
    if not space.stands:
        conflict = space.conflict()
        return [words.conflict(conflict) if conflict else "These answers cannot stand together."]
    design = complete(space)
    found = []
    for entry in design.decisions:
        if entry.asked and entry.chosen:
            names = ", ".join(words.component(name, entry.decision) for name in entry.chosen)
            found.append(f"  {words.decision(entry.decision)}{words.place(entry.kind)}: {names} ({ORIGINS[entry.origin]})")
    found += [f"  Warning: {words.warning(warning)}" for warning in design.warnings]
    found += [f"  Assumed: {catalog.questions[name].title} "
              f"{listed([words.value(name, str(each)) for each in _values(value.value)])}"
              for name, value in design.context.items() if value.origin == "assumed"]
    found += [f"  Still a placeholder: {name}" for name in design.placeholders]
    found += [f"  Ageing: {each.on}, {each.text}" for each in ageing(design, catalog.as_of)
              if (each.on - catalog.as_of).days < 366]
    found += [f"  Left to people: {component.title}: {step.do}" for component in design.selected()
              if component.support == "hand-over" for step in steps(design, component)]
    found += [f"  Accepted risk: {waiver.rule}: {waiver.reason} ({waiver.owner}, until {waiver.until})"
              for waiver in design.waivers]
    return found


def _values(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def complete_rest(talk: Dialogue) -> None:
    """Choose what is recommended for all that is open, once that was agreed to."""
    try:
        made = talk.space.complete()
    except Infeasible:
        talk.say("These answers cannot stand together.")
        return
    open_ = [choice for choice in made.choices if choice.origin == "recommended" and choice.asked and choice.chosen]
    for choice in open_:
        names = ", ".join(talk.words.component(name, choice.decision) for name in choice.chosen)
        talk.say(f"  {talk.words.decision(choice.decision)}{talk.words.place(choice.kind)}: {names}")
    if not open_:
        talk.say("Nothing is open.")
    elif talk.agreed(f"Choose these {len(open_)}?"):
        talk.keep(changes.complete_rest(talk.space, made))
        raise Again


def export(talk: Dialogue) -> None:
    """Ask what to write and where, say what would be written, and write it once that was agreed to. What fails is said."""
    from exporters.base import Stamp
    from exporters.registry import exporters
    from wizard.answers_file import load
    from wizard.building import artifacts
    from wizard.complete import complete
    from wizard.output import earlier, plan, write

    if not talk.space.stands:
        talk.say("A design in conflict cannot be exported.")
        return
    talk.write()
    text = talk.read("Export into which folder? (Enter leaves it) ").strip()
    if not text:
        return
    every = exporters()
    for number, each in enumerate(every, 1):
        talk.say(f"  {number}. {each.title}")
    picked = talk.numbers([(each.name, each.title) for each in every], several=True,
                          text="Which of these? Numbers with commas, Enter takes all: ")
    try:
        folder = Path(text).expanduser()
        # From the file, so that records name its lines, as `build` does.
        path = talk.session.path
        design = complete(talk.space if talk.unkept or path is None else talk.engine.space(load(path, talk.catalog)))
        before = earlier(folder)
        made = artifacts(design, before, Stamp("", ""), only=[every[at].name for at in picked],
                         step=lambda name: talk.say(f"Making {name} ..."))
        planned = plan(folder, made.artifacts, before, removing=not picked)
        counts = ", ".join(f"{planned.count(fate)} {fate}" for fate in ("new", "changed", "unchanged", "removed")
                           if planned.count(fate))
        if talk.agreed(f"{folder}: {counts}. Write them?"):
            write(folder, planned)
            talk.say(f"Written: {counts}.")
        for missing in made.missing:
            talk.say(f"{missing.path} was not made: {missing.why}")
    except (WizardError, OSError) as error:
        talk.say(f"Not exported: {error}")
