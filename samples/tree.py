"""Prints a folder as a tree: `python -m samples.tree out`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path


def tree(folder: Path, indent: str = "", most: int = 14) -> Iterator[str]:
    """Lines of the tree; a folder with more than `most` files shows the first ones and how many more there are."""
    entries = sorted(folder.iterdir(), key=lambda entry: (entry.is_file(), entry.name))
    shown = entries if len(entries) <= most + 2 else entries[:most]
    for entry in shown:
        last = entry is entries[-1]
        yield f"{indent}{'└── ' if last else '├── '}{entry.name}{'/' if entry.is_dir() else ''}"
        if entry.is_dir():
            yield from tree(entry, indent + ("    " if last else "│   "), most)
    if len(shown) < len(entries):
        yield f"{indent}└── ... {len(entries) - len(shown)} more"


if __name__ == "__main__":
    root = Path(sys.argv[1])
    print(f"{root.name}/")
    print("\n".join(tree(root)))
