"""Turns plain objects into YAML text through cdk8s: one Chart per folder, one ApiObject per object.

The only module that imports cdk8s. One Node process serves every design of this process. Bodies are handed over whole,
as patches, so that keys stay in our order, and several at a time; disambiguation hashes are off: names are ours. Documents
that are no Kubernetes objects (kustomizations with patches, Helm values) are written by cdk8s' YAML writer as well.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catalog.errors import MissingProgram
from exporters.manifests import node
from exporters.manifests.references import Obj

HANDED = 8
"""How many bodies one call hands to Node. Calls cost more than bytes: each object then takes its own out of the list.
cdk8s copies the whole list for each, so that a long one would cost more than it saves."""


@dataclass(frozen=True)
class Document:
    """One YAML file: its objects, what stands above them as a comment, and which chart (folder) it belongs to."""

    path: str
    objects: tuple[Obj, ...]
    header: tuple[str, ...] = ()
    plain: bool = False
    """True for what is no Kubernetes object: a kustomization, Helm values, a helmfile."""

    @property
    def folder(self) -> str:
        return self.path.rsplit("/", 1)[0]


@lru_cache(maxsize=1)
def _cdk8s() -> Any:
    """cdk8s with its Node process started; MissingProgram when that fails."""
    node.prepare()
    try:
        import cdk8s
    except ImportError as error:
        raise MissingProgram(f"cdk8s: cannot be imported ({error.name or error}); install the package again") from None
    except (OSError, ValueError, AssertionError, AttributeError, RuntimeError) as error:
        _let_go(error)
        path, problem = os.environ.get("JSII_NODE", "node"), type(error).__name__
        raise MissingProgram(f"node: {path} starts but does not run cdk8s ({problem}); set JSII_NODE to another") from None
    return cdk8s


def _let_go(error: BaseException) -> None:
    """Close what jsii left open to a Node that failed, or its clean-up complains about it at exit."""
    step = error.__traceback__
    while step is not None:
        process = getattr(step.tb_frame.f_locals.get("self"), "__dict__", {}).get("_process")
        if isinstance(process, subprocess.Popen) and process.stdin is not None:
            process.kill()
            with suppress(OSError):
                process.stdin.close()
        step = step.tb_next


def render(documents: Sequence[Document]) -> dict[str, str]:
    """Path to text, in the order given. Raises MissingProgram when Node is missing or broken."""
    texts = _objects([entry for entry in documents if not entry.plain])
    texts |= _plain([entry for entry in documents if entry.plain])
    return {entry.path: _headed(entry.header, texts[entry.path]) for entry in documents}


def _objects(documents: Sequence[Document]) -> dict[str, str]:
    if not documents:
        return {}
    cdk8s = _cdk8s()
    app = cdk8s.App()
    charts: dict[str, Any] = {}
    ordered: dict[str, list[tuple[Document, Obj]]] = {}
    for document in documents:
        for body in document.objects:
            ordered.setdefault(document.folder, []).append((document, body))
    pick = [cdk8s.JsonPatch.move(f"/{at}", "") for at in range(HANDED)]
    for folder, entries in ordered.items():
        charts[folder] = cdk8s.Chart(app, folder.replace("/", "."), disable_resource_name_hashes=True)
        for at, (_, body) in enumerate(entries):
            if at % HANDED == 0:
                handed = cdk8s.JsonPatch.replace("", [entry for _, entry in entries[at : at + HANDED]])
            thing = cdk8s.ApiObject(charts[folder], f"{at:04d}", api_version=body["apiVersion"], kind=body["kind"])
            thing.add_json_patch(handed, pick[at % HANDED])
    parts = iter(_split(app.synth_yaml()))
    found: dict[str, list[str]] = {document.path: [] for document in documents}
    for entries in ordered.values():
        for document, body in entries:
            text = next(parts)
            if f"\nkind: {body['kind']}\n" not in text:
                raise AssertionError(f"{document.path}: cdk8s returned objects in another order")
            found[document.path].append(text)
    return {path: "---\n".join(texts) for path, texts in found.items()}


def _plain(documents: Sequence[Document]) -> dict[str, str]:
    if not documents:
        return {}
    flat = [body for document in documents for body in document.objects]
    parts = iter(_split(_cdk8s().Yaml.stringify(*flat)))
    return {document.path: "---\n".join(next(parts) for _ in document.objects) for document in documents}


def _split(text: str) -> list[str]:
    """The documents of a YAML stream; inside a block scalar every line is indented, so `---` is always ours."""
    *parts, last = text.split("\n---\n")
    return [*(f"{part}\n" for part in parts), last.removesuffix("\n") + "\n"]


def _headed(header: Iterable[str], text: str) -> str:
    lines = "".join(f"# {line}\n" for line in header)
    return f"{lines}---\n{text}" if lines else text


def ordered(body: Mapping[str, Any]) -> Obj:
    """The object with its keys in the order people expect: apiVersion, kind, metadata, spec, then the rest."""
    first = [key for key in ("apiVersion", "kind", "metadata", "type", "spec") if key in body]
    return {key: body[key] for key in (*first, *(key for key in body if key not in first))}
