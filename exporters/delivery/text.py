"""The one way in which pipeline files are written: block YAML, scripts as literal blocks, keys in the order given."""

from __future__ import annotations

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Own dumper, so that nobody else's representers change."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def document(data: dict[str, Any], comments: tuple[str, ...] = (), versions: dict[str, str] | None = None) -> str:
    """A file; `versions` are words behind pinned references: `uses: action@digest  # v1`."""
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)
    for reference, version in (versions or {}).items():
        text = text.replace(f"{reference}\n", f"{reference}  # {version}\n")
    return "".join(f"# {line}\n" for line in comments) + text
