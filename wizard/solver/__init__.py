"""The decision engine: what is possible, why not, what would mend it, and what to recommend.

    space = Engine(catalog).space(answers)
    space.conflict() or space.complete()
"""

from wizard.solver.engine import Engine
from wizard.solver.optimum import Infeasible
from wizard.solver.resolution import Choice, Resolution
from wizard.solver.space import ContextOption, SettingOption, Space, Target

__all__ = ["Choice", "ContextOption", "Engine", "Infeasible", "Resolution", "SettingOption", "Space", "Target"]
