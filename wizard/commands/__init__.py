"""Every verb, listed once: help, completion and the command reference follow from this table.

A verb's module has `configure(parser)` and `run(arguments) -> int`; it is imported when it is used.
"""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """A word of the command line."""

    name: str
    module: str
    summary: str


VERBS: tuple[Verb, ...] = (
    Verb("new", "wizard.commands.new", "write a commented answers file to start from"),
    Verb("edit", "wizard.commands.edit", "open an answers file in the wizard"),
    Verb("prompts", "wizard.commands.prompts", "ask the same questions line by line"),
    Verb("serve", "wizard.commands.serve", "show the wizard in a browser"),
    Verb("check", "wizard.commands.check", "say whether answers can stand, and why not"),
    Verb("build", "wizard.commands.build", "export diagrams, manifests and decision records"),
    Verb("options", "wizard.commands.options", "list what is available, implied and excluded"),
    Verb("explain", "wizard.commands.explain", "say why an option is excluded, implied or recommended"),
    Verb("recommend", "wizard.commands.recommend", "complete the design, or show alternatives"),
    Verb("diff", "wizard.commands.diff", "compare two designs"),
    Verb("verify", "wizard.commands.verify", "check an exported tree, offline or against a cluster"),
    Verb("lifecycle", "wizard.commands.lifecycle", "list what ages by a day, and what succeeds it"),
    Verb("upgrade", "wizard.commands.upgrade", "plan the way to another Kubernetes minor"),
    Verb("view", "wizard.commands.view", "show a picture of the design in the terminal"),
    Verb("catalog", "wizard.commands.catalog", "list, show, lint, refresh and export the catalog"),
    Verb("schema", "wizard.commands.schema", "print the JSON Schema of answers files"),
    Verb("completion", "wizard.commands.completion", "print a completion script for a shell"),
)
