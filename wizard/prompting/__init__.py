"""The wizard line by line, for screen readers and dumb terminals: plain lines, no colour, no cursor movement.

Asks every question and decision in order, takes clusters, workloads and all else that an answers file can say, goes to any
of them by a word, explains, offers the ways out of what is ruled out, reviews, completes and exports. Every state and
reason comes from the engine, as in the wizard; each answer is kept before the next question.
"""

from wizard.prompting.walk import HELP, Prompting

__all__ = ["HELP", "Prompting"]
