"""Every command, listed once: bindings, footer, palette, help page and the table in the documentation follow."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """Something a person can do. `action` is the name of a method `action_<action>` of the main screen."""

    action: str
    keys: str
    """Comma-separated, as Textual names them."""
    title: str
    help: str
    group: str
    shown: bool = False
    """In the footer."""
    short: str = ""
    """What the footer says, where the title is too long."""
    writes: bool = False
    """Changes answers."""


COMMANDS: tuple[Command, ...] = (
    Command("why", "question_mark", "Why, and what if", "The chain of reasons with sources, and what choosing it would "
            "change", "Understand", True, "Why"),
    Command("search", "slash", "Search", "Find a component, decision, question, setting or rule, and go there", "Move",
            True, "Find"),
    Command("compare", "equals_sign", "Compare marked options", "Two or three marked options side by side", "Understand",
            False),
    Command("mark", "m", "Mark for comparison", "Mark or unmark the option under the cursor", "Understand", True, "Mark"),
    Command("alternatives", "A", "Alternatives", "Whole designs that are each the best for one priority",
            "Understand"),
    Command("reject", "x", "Reject or allow", "Say no to an option, or allow it again", "Decide", True, "Deny", True),
    Command("unanswer", "backspace,delete", "Leave open", "Take back the answer under the cursor", "Decide", False,
            "Leave open", True),
    Command("pin", "b", "Pin or unpin", "Let no way out touch this answer", "Decide", False, "", True),
    Command("complete", "C", "Complete the rest", "Choose what is recommended for all that is open, after a preview",
            "Decide", False, "Complete", True),
    Command("conflict", "exclamation_mark", "Ways out of a conflict", "Why the answers cannot stand, and what would mend it",
            "Decide"),
    Command("preset", "P", "Take a preset", "Answer the use case as one of the presets does, after a preview", "Decide", False,
            "", True),
    Command("undo", "u,ctrl+z", "Undo", "One change back", "History", True, "Undo"),
    Command("redo", "U,ctrl+y", "Redo", "What was undone again", "History"),
    Command("history", "H", "History", "Every change by name; Enter goes back to it", "History"),
    Command("bookmark", "B", "Bookmark", "Remember this state under a name", "History"),
    Command("bookmarks", "O", "Compare bookmarks", "What differs between a bookmark and another, or now", "History"),
    Command("review", "r", "Review", "The whole design, warnings, lifecycle, bill of materials, hand-over", "Move", True),
    Command("export", "e", "Export", "Write diagrams, manifests and records into a folder", "Finish", True),
    Command("save", "s,ctrl+s", "Save", "Write answers.yaml", "Finish", True),
    Command("save_as", "S", "Save as", "Write the answers to another file", "Finish"),
    Command("picture", "v", "Picture", "The architecture so far, as an image or as text", "Understand", True, "Draw"),
    Command("cluster", "c", "Look at some clusters", "All clusters, those of one kind, or one alone: answers then go to those",
            "Decide"),
    Command("edit_text", "E", "Edit the answers as text", "All answers as they stand in answers.yaml", "Decide", False, "",
            True),
    Command("next_page", "n,ctrl+right", "Next layer", "Go to the next layer", "Move"),
    Command("previous_page", "p,ctrl+left", "Previous layer", "Go to the layer before", "Move"),
    Command("focus_map", "tab", "Between map, page and details", "Move the focus", "Move"),
    Command("dark", "T", "Light or dark", "Change the colours", "Look"),
    Command("help", "h,f1", "Help", "Every key", "Look", True),
    Command("quit", "q,ctrl+q", "Quit", "Leave; what was not saved is kept and offered at the next start", "Finish", True),
)

JUMPS = "1234567890-+"
"""One key for each page of the map, in order."""


def key_names(command: Command) -> list[str]:
    """The keys of a command as people call them."""
    names = {"question_mark": "?", "slash": "/", "equals_sign": "=", "exclamation_mark": "!", "backspace": "⌫"}
    return [names.get(key, key.replace("ctrl+", "^")) for key in command.keys.split(",")]
