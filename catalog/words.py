"""The only wording of reasons: values of `catalog/reasons.py` become sentences for screens, text, JSON and records.

Owns every phrase about answers, rules, states, ways out, margins and warnings, with `words_names` for what things are
called and `words_reasons` for chains and ways out. Decides nothing: what is true comes in
as a value, and the same value always gives the same words. Sentences are plain text in one line; whoever prints them
escapes them for the place (Markdown, HTML, a terminal).

    words = Words(catalog)
    words.line(reason)        "You chose GKE Autopilot for “Kubernetes”; Rook builds Ceph from raw devices."
    words.steps(reason)       the whole chain, a sentence and a source each
    words.repair(repair)      "Choose GKE Standard for “Kubernetes” instead of GKE Autopilot."
    words.margin(d, c, m)     "Loki: less to operate than Elasticsearch (3 against 1): one binary and a bucket."
"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.conditions import Bound, Condition, Scalar
from catalog.design import OptionState, Warning_
from catalog.facts import FACTS
from catalog.layers import NONE
from catalog.phrases import clause, listed, plain, sentence
from catalog.reasons import Margin
from catalog.rules import Priority
from catalog.words_names import RuleWords, as_read
from catalog.words_reasons import STATES, Reasons, Step

__all__ = ["COMPARED", "ORIGINS", "PRIORITY_TITLES", "STATES", "RuleWords", "Step", "Words", "as_read", "clause", "listed",
           "plain", "sentence"]

ORIGINS: Mapping[str, str] = {
    "answered": "answered", "implied": "follows from the answers", "assumed": "assumed", "recommended": "recommended",
    "default": "default",
}

COMPARED: Mapping[Priority, str] = {
    "operations": "less to operate than",
    "cost": "cheaper than",
    "availability": "better for availability than",
    "lock-in": "easier to leave than",
    "maturity": "more mature than",
    "performance": "faster than",
    "simplicity": "simpler than",
}
"""How a better score on a priority is said of two components."""

PRIORITY_TITLES: Mapping[Priority, str] = {
    "operations": "operational effort", "cost": "cost", "availability": "availability", "lock-in": "freedom to leave",
    "maturity": "maturity", "performance": "performance", "simplicity": "simplicity",
}


class Words(Reasons):
    """Words over one catalog: names, reasons and ways out, and what is said of a whole design.

    kinds: kind of cluster to its clusters. Places are named only where there are several kinds; without `kinds` they
    are named unless the only cluster is the implicit one.
    """

    # Recommendations, states, warnings

    def margin(self, decision: str, component: str, margin: Margin) -> str:
        """Why a recommended component won over the runner-up: a sentence that starts with its name."""
        name = self.component(component, decision) if component != NONE else self.component(NONE, decision).capitalize()
        told = self.won(decision, margin)
        text = f"{name}: {told.removeprefix('it is ')}" if margin.level in COMPARED else f"{name} {told.removeprefix('it ')}"
        if margin.level == "forced":
            text = f"{name}, because {told}"
        return text if text.endswith(".") else text + "."

    def won(self, decision: str, margin: Margin) -> str:
        """The same as a clause about `it`: `it is less to operate than Elasticsearch (3 against 1): ...`."""
        other = self.component(margin.runner_up, decision) if margin.runner_up else "the others"
        because = f": {clause(margin.because)}" if margin.because else ""
        match margin.level:
            case "only":
                return f"it is the only option left{because}"
            case "forced":
                why = clause(self.line(margin.reason)) if margin.reason else ""
                if margin.runner_up is None or (margin.reason is not None and margin.reason.state == "implied"):
                    return f"the rest of the design asks for it{': ' * bool(why)}{why or because}"
                return f"{other}, which alone would rate better, does not fit the rest{': ' * bool(why)}{why or because}"
            case "support" if self._kept_up(margin.runner_up):
                return f"it fits with a release that is supported and {other} does not{because}"
            case "support":
                return f"it is supported and {other} is not{because}"
            case "recommended":
                return f"it is recommended here{because}"
            case "goes-with":
                beside = f" better than {other}" if margin.runner_up else ""
                return f"it goes{beside} with what else is chosen{because}"
            case "fewer":
                return f"it keeps the number of parts smaller than {other}{because}"
            case "order":
                if margin.runner_up is None:
                    return f"it is what the catalog lists first{because}"
                return f"it equals {other} in everything compared and comes first in the catalog{because}"
            case level:
                compared = next((words for key, words in COMPARED.items() if key == level), f"better on {level} than")
                scores = "" if margin.score is None or margin.runner_up_score is None else (
                    f" ({margin.score} against {margin.runner_up_score})"
                )
                return f"it is {compared} {other}{scores}{because}"

    def _kept_up(self, component: str | None) -> bool:
        found = self.catalog.components.get(component or "")
        return found is not None and found.status(self.catalog.as_of) == "active"

    def state(self, decision: str, state: OptionState) -> str:
        """One considered option in a line: `Rook: ruled out. You chose ...`."""
        head = f"{self.component(state.component, decision)}: {STATES[state.state]}."
        return f"{head} {self.line(state.reason)}" if state.reason is not None and state.state != "available" else head

    def warning(self, warning: Warning_) -> str:
        """A warning as one sentence, with the component and clusters it is about."""
        place = self._in(warning.kind)
        name = self.component(warning.component) if warning.component else ""
        because = self.rule(warning.rule).because
        about = sentence(f"{name}{place}".strip())[:-1]
        return f"{about}: {because}" if about else because

    def condition(self, condition: Condition) -> str:
        """A literal of a rule as a clause (`metrics.retention is at most 30d`), for `catalog show`."""
        atom, holds = condition.atom, condition.positive
        if atom.context is not None:
            (question, wanted), = atom.context.items()
            text = f"“{self._question(question)}” is {self._wanted(wanted, question)}"
        elif atom.chosen is not None:
            (decision, ids), = atom.chosen.items()
            names = [self.component(entry, decision) for entry in ((ids,) if isinstance(ids, str) else ids)]
            text = f"{listed(names, 'or')} is chosen for “{self.decision(decision)}”"
        elif atom.component is not None:
            text = f"{self.component(atom.component)} is part of the design"
        elif atom.capability is not None:
            text = self.capability(atom.capability)
        elif atom.setting is not None:
            (setting, bound), = atom.setting.items()
            text = f"{self.setting(setting)} is {self._wanted(bound)}"
        elif isinstance(atom.fact, str):
            text = self._named_fact(atom.fact, "true")
        else:
            (name, bound), = (atom.fact or {}).items()
            text = f"{clause(FACTS[name].means) if name in FACTS else name} is {self._wanted(bound)}"
        return text if holds else f"not: {text}"

    def _wanted(self, wanted: Scalar | tuple[Scalar, ...] | Bound, question: str = "") -> str:
        def said(value: Scalar) -> str:
            return f"“{self.value(question, _text(value))}”" if question else _text(value)

        if isinstance(wanted, Bound):
            if wanted.at_least is not None:
                return f"at least {said(wanted.at_least)}"
            return f"at most {said(wanted.at_most)}" if wanted.at_most is not None else said(wanted.equals or False)
        return listed([said(value) for value in wanted], "or") if isinstance(wanted, tuple) else said(wanted)


def _text(value: Scalar) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
