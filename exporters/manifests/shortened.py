"""Names that Kubernetes takes, of a length that it takes."""

from __future__ import annotations


def label(text: str) -> str:
    """Text as a DNS label that starts with a letter: lower case, hyphens, at most 63 characters."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in text.lower()).strip("-")
    kept = kept if kept and kept[0].isalpha() else f"d-{kept}".rstrip("-")
    return short(kept, 63)


def short(name: str, most: int) -> str:
    """The name, or where it is too long its beginning and a digest of all of it, so that two never collide."""
    if len(name) <= most:
        return name
    import hashlib

    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - 9].rstrip('-.')}-{digest}"
