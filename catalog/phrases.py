"""How clauses become sentences and lists, and somebody's text one printable line. Knows nothing of what is said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_SMALL_WORDS = frozenset({
    "A", "Addresses", "Alerts", "All", "An", "Annotations", "Another", "Any", "As", "At", "Backups", "Both", "By",
    "Certificates", "Changes", "Clusters", "Content", "Copies", "Data", "Databases", "Disks", "Each", "Either", "Every",
    "Everybody", "Everyone", "Everything", "Few", "Fewer", "Files", "Flows", "For", "Free", "Frequent", "From", "Hours",
    "If", "Images", "In", "Included", "It", "Its", "Jobs", "Keys", "Less", "Load", "Logs", "Long", "Machines",
    "Managed", "Many", "Metrics", "Minutes", "Most", "Much", "Namespaces", "Networks", "New", "No", "Nobody", "Nodes",
    "Not", "Nothing", "Objects", "Of", "On", "One", "Only", "Other", "Others", "Outside", "Over", "Own", "People",
    "Plain", "Plans", "Pods", "Policies", "Private", "Providers", "Public", "Pulling", "Pushing", "Releases",
    "Replicas", "Requests", "Rules", "Same", "Seconds", "Separate", "Series", "Servers", "Services", "Several", "Since",
    "Small", "Snapshots", "Some", "Somebody", "Something", "State", "Steps", "Supervised", "Supervision", "Tens",
    "That", "The", "There", "These", "They", "This", "Those", "Three", "To", "Today's", "Traces", "Traffic", "Tunnels",
    "Two", "Under", "Up", "Upgrades", "Users", "Values", "Versions", "Volumes", "Weeks", "Weights", "What", "Whatever",
    "When", "Where", "While", "Who", "Whoever", "With", "Without", "Workloads", "Your", "Zones",
})
"""First words of a sentence that lose their capital after a semicolon; names keep theirs."""


def plain(text: object, most: int = 300) -> str:
    """Somebody's text as one printable line: no control or direction characters, single spaces, cut at `most`."""
    kept = str(text)
    if not kept.isprintable():  # Printable text, which is nearly all, holds nothing that has to go.
        kept = "".join(
            " " if char.isspace() or unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
            for char in kept if unicodedata.category(char) not in ("Cf", "Cs") or char == "\u200d"
        )
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else ""


def sentence(text: str) -> str:
    """Capital first, full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def clause(text: str) -> str:
    """A sentence made fit to stand in the middle of another: no full stop, small first word unless it is a name."""
    text = text.strip().rstrip(".")
    first = text.split(" ", 1)[0].rstrip(",")
    return text[:1].lower() + text[1:] if first in _SMALL_WORDS else text
