"""What the line-by-line wizard says of a whole design: where things are asked, the review, the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.errors import WizardError
from catalog.words import ORIGINS, Words
from wizard.solver import Engine, Space


class Place(NamedTuple):
    """Something that is asked."""

    what: str
    """question, decision or setting."""
    id: str
    kind: str | None


def called(word: str, places: Sequence[Place], space: Space, words: Words) -> dict[str, Place]:
    """Title to place of everything that has a word in its name, or in the name of an option."""
    catalog = space.catalog
    named: dict[str, Place] = {}
    for place in places:
        title = catalog.questions[place.id].title if place.what == "question" else catalog.decisions[place.id].title
        names = [place.id, title]
        if place.what == "decision":
            names += [name for option in catalog.options[place.id] for name in (option, words.component(option, place.id))]
        if word and any(word in name.lower() for name in names):
            named[f"{title}{words.place(place.kind)}"] = place
    for setting in catalog.settings.values():
        if word and (word in setting.id or word in setting.title.lower()):
            decision = catalog.decisions[catalog.setting_decision[setting.id]]
            kind = None if decision.scope == "design" else space.kind_names[0]
            named[f"{setting.title} ({setting.id})"] = Place("setting", setting.id, kind)
    return named


def reviewed(space: Space, words: Words) -> list[str]:
    """The whole design in lines."""
    from wizard.complete import complete

    if not space.stands:
        return ["These answers cannot stand together."]
    design = complete(space)
    found = []
    for entry in design.decisions:
        if entry.asked and entry.chosen:
            names = ", ".join(words.component(name, entry.decision) for name in entry.chosen)
            found.append(f"  {words.decision(entry.decision)}{words.place(entry.kind)}: {names} ({ORIGINS[entry.origin]})")
    found += [f"  Warning: {words.warning(warning)}" for warning in design.warnings]
    return [*found, *(f"  Still a placeholder: {name}" for name in design.placeholders)]


def exported(
    answers: Path, catalog: Catalog, engine: Engine, read: Callable[[str], str], say: Callable[[str], None],
) -> None:
    """Ask for a folder, say what would be written, and write it once that was agreed to. What fails is said."""
    from exporters.base import Stamp
    from wizard.answers_file import load
    from wizard.building import artifacts
    from wizard.complete import complete
    from wizard.output import earlier, plan, write

    text = read("Export into which folder? (Enter leaves it) ").strip()
    if not text:
        return
    try:
        folder = Path(text).expanduser()
        design = complete(engine.space(load(answers, catalog)))
        before = earlier(folder)
        made = artifacts(design, before, Stamp("", ""), step=lambda name: say(f"Making {name} ..."))
        planned = plan(folder, made.artifacts, before, removing=True)
        counts = ", ".join(f"{planned.count(fate)} {fate}" for fate in ("new", "changed", "unchanged", "removed")
                           if planned.count(fate))
        if read(f"{folder}: {counts}. Write them? (yes or no) ").strip().lower() in ("y", "yes"):
            write(folder, planned)
            say(f"Written: {counts}.")
        for missing in made.missing:
            say(f"{missing.path} was not made: {missing.why}")
    except (WizardError, OSError) as error:
        say(f"Not exported: {error}")
