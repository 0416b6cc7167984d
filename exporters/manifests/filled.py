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
Stays = Callable[[Obj, Obj], bool]
ENCRYPTED = ".sops.yaml"
"""Ending of files that are encrypted as a whole."""
_Key = tuple[str, str, str, str]


class Filled:
    """What an earlier export's files hold, by object and by its path, its cluster (of an overlay) or nothing."""

    def __init__(self, views: Iterable[View], texts: Mapping[str, str]) -> None:
        tools = _tools(views)
        self._keep: list[Keep] = [keep for name in tools if (keep := hook(name, "kept")) is not None]
        self._stays: list[Stays] = [stays for name in tools if (stays := hook(name, "stays")) is not None]
        self._texts = texts
        self._at: dict[_Key, str] = {}
        self._found: dict[_Key, Obj] = {}
        for path in sorted(texts) if self._keep or self._stays else ():
            for body in _documents(texts[path]):
                self._found[path, *_name(body)] = body
                self._found.setdefault((_cluster(path), *_name(body)), body)
                self._at[path, *_name(body)] = path
                self._at.setdefault((_cluster(path), *_name(body)), path)

    def whole(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Path to text of files that stay letter by letter what somebody encrypted."""
        found = {}
        for path in texts if self._stays and self._found else ():
            bodies = list(_documents(texts[path])) if path.endswith(ENCRYPTED) else []
            if len(bodies) != 1:
                continue
            key = self._key(path, _name(bodies[0]))
            if key is not None and any(stays(bodies[0], self._found[key]) for stays in self._stays):
                found[path] = self._texts[self._at[key]]
        return found

    def _key(self, path: str, name: tuple[str, str, str]) -> _Key | None:
        return next(((where, *name) for where in (path, _cluster(path), "") if (where, *name) in self._found), None)

    def into(self, path: str, ours: Obj) -> Obj:
        """The object of a file with what was filled in: there, or else in the same cluster, or for all of them."""
        if not self._found:
            return ours
        key = self._key(path, _name(ours))
        if key is not None:
            for keep in self._keep:
                ours = keep(ours, self._found[key])
        return ours


def own_file(view: View, obj: Obj) -> str | None:
    """Ending of the file that an object has for itself, for a tool that encrypts whole files; None for all others."""
    asked = (hook(name, "own_file") for name in _tools([view]))
    return next((ending for ask in asked if ask is not None and (ending := ask(obj)) is not None), None)


def _tools(views: Iterable[View]) -> list[str]:
    return sorted({entry.id for view in views for entry in view.providers("secrets-delivery")})


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
