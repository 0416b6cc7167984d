"""The decision engine: what is possible, why not, what would mend it, and what to recommend.

    space = Engine(catalog).space(answers)
    space.conflict() or space.complete()
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from wizard.solver.engine import Engine
from wizard.solver.space import ContextOption, SettingOption, Space, Target

if TYPE_CHECKING:
    from wizard.solver.optimum import GivenUp, Infeasible
    from wizard.solver.resolution import Choice, Resolution

__all__ = ["Choice", "ContextOption", "Engine", "GivenUp", "Infeasible", "Resolution", "SettingOption", "Space",
           "Target"]


def __getattr__(name: str) -> Any:
    """What only completion needs is imported when it is asked for: `check` never completes."""
    module = {"GivenUp": "optimum", "Infeasible": "optimum", "Choice": "resolution", "Resolution": "resolution"}.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"wizard.solver.{module}"), name)
