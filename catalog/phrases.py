"""How clauses become sentences and lists, and somebody's text one printable line. Knows nothing of what is said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_SMALL_WORDS = frozenset({
    "A", "Address", "Addresses", "Alerts", "All", "An", "Annotations", "Another", "Answers", "Any", "Apart", "As",
    "At", "Back", "Backups", "Billed", "Both", "Building", "By", "Calls", "Certificates", "Changes", "Charged",
    "Cheapest", "Clusters", "Common", "Content", "Copies", "Cut", "Data", "Databases", "Dearer", "Disks", "Each",
    "Either", "Every", "Everybody", "Everyone", "Everything", "Everywhere", "Familiar", "Few", "Fewer", "File",
    "Files", "Five", "Flows", "For", "Four", "Free", "Frequent", "From", "Gateways", "Good", "Hourly", "Hours", "Huge",
    "If", "Image", "Images", "In", "Included", "Inside", "It", "Its", "Jobs", "Keys", "Less", "Light", "Little",
    "Load", "Loading", "Local", "Logs", "Long", "Machines", "Managed", "Many", "Mature", "Metrics", "Minutes",
    "Months", "Most", "Much", "Name", "Namespaces", "Near", "Needs", "Networks", "New", "No", "Nobody", "Nodes", "Not",
    "Nothing", "Objects", "Of", "Oldest", "On", "One", "Only", "Operators", "Other", "Others", "Outside", "Over",
    "Own", "Parallel", "Part", "Patched", "People", "Plain", "Plans", "Pods", "Policies", "Ports", "Private",
    "Production", "Provider", "Provider's", "Providers", "Public", "Pulling", "Pushing", "Recovery", "Releases",
    "Rented", "Replaced", "Replicas", "Replicated", "Requests", "Round-the-clock", "Rules", "Runs", "Same",
    "Scheduled", "Seconds", "Separate", "Series", "Servers", "Services", "Several", "Shared", "Signed", "Since",
    "Slow", "Small", "Snapshots", "Some", "Somebody", "Something", "State", "Steps", "Supervised", "Supervision",
    "Supervisors", "Supported", "Ten", "Tens", "Tested", "That", "The", "There", "These", "They", "This", "Those",
    "Three", "To", "Today's", "Traces", "Traffic", "Tunnels", "Two", "Under", "Up", "Upgrades", "Used", "Users",
    "Values", "Versions", "Volumes", "Weeks", "Weights", "Well", "What", "Whatever", "When", "Where", "While", "Who",
    "Whoever", "Widely", "With", "Within", "Without", "Workloads", "Works", "Years", "Your", "Zones",
})
"""First words of a sentence that lose their capital after a semicolon; names keep theirs."""

_SMALL_NAMES = frozenset({
    "bunny.net", "cert-manager", "containerd", "etcd", "eksctl", "helm", "helmfile", "kaniko", "kgateway", "kube-vip",
    "kubeadm", "kubectl", "kubelet", "kubelets", "kured", "metrics-server", "terraform-aws-modules", "zot",
})
"""Names that stay small at the start of a sentence, as their projects write them."""


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
    """Capital first, unless a name is written small there (gRPC, k3s, etcd); full stop last."""
    text = text.strip()
    first = text.split(" ", 1)[0].rstrip(",.:;")
    small = first.lower() != first or any(char.isdigit() for char in first) or first in _SMALL_NAMES
    return (text if small else text[:1].upper() + text[1:]) + ("" if text.endswith((".", "!", "?", "…")) else ".")


def clause(text: str) -> str:
    """A sentence made fit to stand in the middle of another: no full stop, small first word unless it is a name."""
    text = text.strip().rstrip(".")
    first = text.split(" ", 1)[0].rstrip(",")
    return text[:1].lower() + text[1:] if first in _SMALL_WORDS else text
