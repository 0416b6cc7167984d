"""Rules that only warn, judged on a completed design. They never enter the formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.catalog import PlacedRule
from catalog.design import Warning_
from catalog.implicit import ENDED, STATUS
from catalog.layers import NONE
from wizard.solver.judge import World
from wizard.solver.resolution import Resolution, world_of

if TYPE_CHECKING:
    from wizard.solver.space import Space


def warnings(space: Space, made: Resolution) -> tuple[Warning_, ...]:
    """Every warning that applies, in catalog order, kinds of clusters within; then lifecycle statuses
    and releases out of support."""
    world = world_of(space, made.context, made.facts, made.choices, made.settings)
    found = [
        Warning_(placed.rule.id, space.kind_name(scope), placed.component if placed.component != NONE else None)
        for placed, scopes in space.machine.warning for scope in scopes if applies(world, placed, scope)
    ]
    for name in made.components:
        # What is refused outright is no warning; what was waived is.
        if space.catalog.components[name].status(space.catalog.as_of) not in ("active", "unobtainable"):
            found.append(Warning_(f"{STATUS}{name}", None, name))
    for name in made.components:
        version = made.release(name)
        on = space.catalog.as_of
        if any(entry.version == version and not entry.supported(on) for entry in space.catalog.components[name].releases):
            found.append(Warning_(f"{ENDED}{name}:{version}", None, name))
    return tuple(found)


def applies(world: World, placed: PlacedRule, scope: int) -> bool:
    """Whether a warning rule speaks up in a scope."""
    rule = placed.rule
    if placed.component is not None:
        if placed.decision is not None:
            if not world.chose(placed.decision, placed.component, scope):
                return False
        elif not world.selected(placed.component, scope):
            return False
    if not all(world.holds(condition, scope) for condition in rule.when):
        return False
    if rule.warns is not None:
        return not rule.warns or any(world.holds(condition, scope) for condition in rule.warns)
    return not any(world.holds(condition, scope) for condition in rule.warns_without or ())
