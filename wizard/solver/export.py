"""The formula for other people's tools: UVL for feature-model tools, DIMACS for any SAT solver.

Both say exactly what the engine solves: all rules (without the waived ones), and what was answered as plain facts. So
another tool can check us. One feature or variable for each question's value, option, capability, setting, release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wizard.solver.formula import DESIGN
from wizard.solver.space import Space


def dimacs(space: Space) -> str:
    """DIMACS CNF. Comment lines `c <variable> <name>` say what the variables are; the answers are unit clauses."""
    clauses = [*space.machine.structure, *_rules(space), *([literal] for literal in space.assumed())]
    lines = [f"c catalog {space.catalog.revision}"]
    lines += [f"c {variable} {_name(space, variable)}" for variable in range(1, space.machine.variables + 1)]
    lines.append(f"p cnf {space.machine.variables} {len(clauses)}")
    lines += [" ".join(map(str, [*clause, 0])) for clause in clauses]
    return "\n".join(lines) + "\n"


def uvl(space: Space) -> str:
    """A UVL feature model. Questions and exclusive decisions are alternative groups, everything else a constraint."""
    return "\n".join(_Uvl(space).lines()) + "\n"


def features(space: Space) -> dict[int, str]:
    """Variable to the name of its feature in `uvl`."""
    return _Uvl(space).names


def _rules(space: Space) -> Iterator[list[int]]:
    binding = set(space.machine.rules(space.waived))
    return (clause for rule, clause in space.encoded.clauses if rule in binding)


def _name(space: Space, variable: int) -> str:
    """A variable in words without spaces: `choice/cdn=cloudflare`, `context@prod/cloud=gcp`; gates by their number."""
    meaning = space.encoded.meanings[variable]
    if meaning is None:
        return "true" if variable == 1 else f"gate/{variable}"
    place = "" if meaning.scope == DESIGN else f"@{space.kind_names[meaning.scope]}"
    value = f"={meaning.value}" if meaning.value else ""
    return f"{meaning.about}{place}/{meaning.subject}{value}".replace(" ", "_")


class _Uvl:
    def __init__(self, space: Space) -> None:
        self.space = space
        self.encoded = space.encoded
        self.names: dict[int, str] = {}
        taken = {"design", "context", "decisions", "rest"}
        for variable in range(2, space.machine.variables + 1):
            name = re.sub(r"[^A-Za-z0-9]+", "_", _name(space, variable)).strip("_")
            # Two names may differ in signs only that UVL does not take.
            while name in taken:
                name = f"{name}_{variable}"
            taken.add(name)
            self.names[variable] = name
        self.placed: set[int] = set()
        self.groups: list[frozenset[int]] = []
        """Variables of which the tree says that exactly one holds."""

    def lines(self) -> Iterator[str]:
        """The whole file."""
        yield "features"
        yield "    design {abstract}"
        yield "        mandatory"
        yield "            context {abstract}"
        yield from self._questions()
        yield "            decisions {abstract}"
        yield from self._decisions()
        rest = [variable for variable in self.names if variable not in self.placed]
        if rest:
            yield "            rest {abstract}"
            yield "                optional"
            yield from (f"                    {self.names[variable]}" for variable in rest)
        yield "constraints"
        yield from (f"    {text}" for text in self._constraints())

    def _questions(self) -> Iterator[str]:
        for question in self.space.catalog.questions.values():
            for scope in self.encoded.scopes(question.scope):
                literals = [self.encoded.context[scope, question.id, value.id] for value in question.values]
                yield from self._group(f"question_{scope + 1}_{question.id}", literals, exclusive=not question.several)

    def _decisions(self) -> Iterator[str]:
        for scope, decision in self.encoded.slots:
            literals = [self.encoded.choice[scope, decision, name] for name in self.space.catalog.options[decision]]
            asked = self.encoded.asked[scope, decision]
            exclusive = self.space.catalog.decisions[decision].many != "several"
            if not literals:
                continue
            if asked in self.names and exclusive:
                self.placed.add(asked)
                yield from self._group(self.names[asked], literals, exclusive=True, optional=True, named=True)
            else:
                # An exclusive decision with a constant condition is always asked.
                alternative = exclusive and asked == self.encoded.true
                yield from self._group(f"decision_{scope + 1}_{decision}", literals, exclusive=alternative)

    def _group(
        self, name: str, literals: Sequence[int], *, exclusive: bool, optional: bool = False, named: bool = False
    ) -> Iterator[str]:
        self.placed.update(literals)
        if exclusive and not optional:
            self.groups.append(frozenset(literals))
        yield f"                {'optional' if optional else 'mandatory'}"
        title = name if named else f"{re.sub('[^A-Za-z0-9]+', '_', name)} {{abstract}}"
        yield f"                    {title}"
        yield f"                        {'alternative' if exclusive else 'optional'}"
        yield from (f"                            {self.names[literal]}" for literal in literals)

    def _constraints(self) -> Iterator[str]:
        for clause in self.space.machine.structure:
            if not self._in_tree(clause):
                yield self._clause(clause)
        for clause in _rules(self.space):
            yield self._clause(clause)
        for literal in dict.fromkeys(self.space.assumed()):
            yield self._clause([literal])

    def _in_tree(self, clause: Sequence[int]) -> bool:
        if len(clause) == 1 and clause[0] == self.encoded.true:
            return True
        if all(literal < 0 for literal in clause):
            return any({-literal for literal in clause} <= group for group in self.groups)
        return frozenset(clause) in self.groups

    def _clause(self, clause: Sequence[int]) -> str:
        if not clause or all(literal == -self.encoded.true for literal in clause):
            return "!design"
        return " | ".join(f"{'' if literal > 0 else '!'}{self.names[abs(literal)]}" for literal in clause)
