"""Values that only a person can make and that lie in Git: an export leaves what it finds filled in.

A tool for secrets that keeps them in files makes an object with a place for each value; somebody seals the values and
commits them. Whatever folder the object moves to later, its values go with it. Owns finding them again; what a filled
object looks like is the tool's to say (hook `kept`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import yaml

from exporters import paths
from exporters.manifests.modules import hook
from exporters.manifests.references import Obj
from exporters.manifests.view import View

Keep = Callable[[Obj, Obj], Obj]
_Key = tuple[str, str, str, str]


class Filled:
    """What an earlier export's files hold, by object and by its path, its cluster (of an overlay) or nothing."""

    def __init__(self, views: Iterable[View], texts: Mapping[str, str]) -> None:
        tools = {entry.id for view in views for entry in view.providers("secrets-delivery")}
        self._keep: list[Keep] = [keep for name in sorted(tools) if (keep := hook(name, "kept")) is not None]
        self._found: dict[_Key, Obj] = {}
        for path in sorted(texts) if self._keep else ():
            for body in _documents(texts[path]):
                self._found[path, *_name(body)] = body
                self._found.setdefault((_cluster(path), *_name(body)), body)

    def into(self, path: str, ours: Obj) -> Obj:
        """The object of a file with what was filled in: there, or else in the same cluster, or for all of them."""
        if not self._found:
            return ours
        name = _name(ours)
        before = next((self._found[where, *name] for where in (path, _cluster(path), "") if (where, *name) in self._found), None)
        if before is not None:
            for keep in self._keep:
                ours = keep(ours, before)
        return ours


def _documents(text: str) -> Iterable[Obj]:
    try:
        return [body for body in yaml.load_all(text, yaml.CSafeLoader) if isinstance(body, dict)]
    except yaml.YAMLError:
        return ()


def _cluster(path: str) -> str:
    prefix = f"{paths.MANIFESTS}/clusters/"
    return path.removeprefix(prefix).split("/", 1)[0] if path.startswith(prefix) else ""


def _name(body: Obj) -> tuple[str, str, str]:
    metadata = body.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    return str(body.get("kind")), str(said.get("namespace", "")), str(said.get("name", ""))
