"""Reasons as plain JSON values: ids for programs beside the words of `catalog/words.py` for people."""

from __future__ import annotations

from typing import Any

from catalog.design import OptionState, Warning_
from catalog.reasons import Cause, Conflict, Fact, Link, Margin, Option, Reason, Repair, RuleRef
from catalog.words import Words

Json = dict[str, Any]


def option(option: Option) -> Json:
    """`{decision, component, kind}`."""
    return {"decision": option.decision, "component": option.component, "kind": option.kind}


def cause(words: Words, cause: Cause) -> Json:
    """An answer with its place and words."""
    return {
        "answer": cause.kind, "subject": cause.subject, "value": cause.value, "kind": cause.kind_of_cluster,
        "origin": cause.origin, "pinned": cause.pinned, "text": words.cause(cause),
    }


def rule(words: Words, rule: RuleRef) -> Json:
    """A rule with its sentence and source."""
    told = words.rule(rule)
    return {
        "id": rule.id, "kind": rule.kind_of_cluster, "because": told.because, "source": told.source or None,
        "checked": told.checked.isoformat() if told.checked else None, "waivable": told.waivable,
        "unverified": told.unverified or None, "overlay": told.overlay or None,
    }


def fact(words: Words, fact: Fact) -> Json:
    """A literal with its words."""
    return {
        "holds": fact.holds, "about": fact.about, "subject": fact.subject, "value": fact.value,
        "kind": fact.kind_of_cluster, "text": words.fact(fact),
    }


def link(words: Words, link: Link) -> Json:
    """A step of a chain."""
    return {
        "because": [fact(words, entry) for entry in link.because], "rule": link.rule.id,
        "then": fact(words, link.then) if link.then else None, "text": words.link(link).text,
    }


def reason(words: Words, reason: Reason) -> Json:
    """A whole reason: the short form as `text`, the chain with ids."""
    return {
        "option": option(reason.option) if reason.option else None, "state": reason.state, "text": words.line(reason),
        "causes": [cause(words, entry) for entry in reason.causes],
        "rules": [rule(words, entry) for entry in reason.rules],
        "chain": [link(words, entry) for entry in reason.chain],
    }


def repair(words: Words, repair: Repair) -> Json:
    """A way out: its changes and one sentence."""
    changes = [{**cause(words, entry.cause), "to": entry.to, "text": words.change(entry)} for entry in repair.changes]
    return {"text": words.repair(repair), "changes": changes}


def conflict(words: Words, conflict: Conflict) -> Json:
    """A conflict with its ways out, numbered as `--apply` counts them."""
    return {
        "reason": reason(words, conflict.reason),
        "repairs": [{"number": number, **repair(words, entry)} for number, entry in enumerate(conflict.repairs, 1)],
    }


def margin(words: Words, decision: str, component: str, margin: Margin) -> Json:
    """Why a recommended component won."""
    return {
        "component": component, "level": margin.level, "runner-up": margin.runner_up, "score": margin.score,
        "runner-up-score": margin.runner_up_score, "text": words.margin(decision, component, margin),
        "reason": reason(words, margin.reason) if margin.reason else None,
    }


def state(words: Words, decision: str, state: OptionState) -> Json:
    """One considered option and how it stands."""
    return {
        "component": state.component, "title": words.component(state.component, decision), "state": state.state,
        "reason": reason(words, state.reason) if state.reason else None,
    }


def warning(words: Words, warning: Warning_) -> Json:
    """A warning with its rule."""
    return {
        "rule": warning.rule, "kind": warning.kind, "component": warning.component, "text": words.warning(warning),
        "source": words.rule(warning.rule).source or None,
    }
