"""`catalog refresh --from DIR`: compare with local copies of upstream's lists; `--write` makes the changes that are sure."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import OutputError
from catalog.lint import Places
from catalog.loader import BUILT_IN
from wizard.commands.common import catalog_of, print_json, takes_catalog, takes_json
from wizard.commands.days import day
from wizard.diagnostics import Exit, narrate
from wizard.refresh import Finding, compare
from wizard.upstream import Upstream, read

HEADINGS = (
    ("change", "Changed upstream, and sure"), ("to-do", "To be read and decided by a person"),
    ("unverified", "Unverified: no copy here can confirm it"), ("same", "Confirmed"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--from", dest="folders", metavar="DIR", type=Path, required=True, action="append",
                        help="holds cncf-landscape.tsv, endoflife.tsv, INDEX.tsv, or some of them (repeatable)")
    parser.add_argument("--copied", type=day, metavar="DATE", help="the day of the lists, where no README.md tells it")
    parser.add_argument("--write", action="store_true", help="make the changes that are sure and renew confirmed days")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; exit 1 when something changed upstream and was not written."""
    catalog = catalog_of(arguments)
    upstream = read(arguments.folders, arguments.copied)
    found = compare(catalog, upstream)
    if arguments.json:
        print_json([{"component": each.component, "verdict": each.verdict, "what": each.what,
                     "edits": [{"where": list(edit.where), "value": edit.value} for edit in each.edits]} for each in found])
    else:
        for verdict, heading in HEADINGS:
            group = [each for each in found if each.verdict == verdict]
            print(f"{heading}: {len(group)}")
            for each in group if verdict != "same" else ():
                print(f"  {each.component}: {each.what}")
    if arguments.write:
        written = write(catalog, found, upstream, [BUILT_IN, *arguments.catalog])
        narrate(f"{len(written)} files changed; read them, then run k8s-wizard catalog lint")
        return int(Exit.DONE)
    return int(Exit.FOUND if any(each.verdict == "change" for each in found) else Exit.DONE)


def write(catalog: Catalog, found: Sequence[Finding], upstream: Upstream, folders: Sequence[Path]) -> list[Path]:
    """Make the edits of a comparison in the files that say the facts; nothing is written unless all can be made.

    Raises OutputError."""
    from wizard.rewrite import rewrite

    raw = Places(folders).raw
    edits: dict[Path, list[tuple[tuple[str | int, ...], str]]] = {}
    for each in found:
        for edit in each.edits:
            document, where = raw.components[each.component].place(edit.where)
            edits.setdefault(_path(document.file, folders), []).append((where, edit.value))
    if upstream.endoflife_day is not None and (catalog.refreshed is None or upstream.endoflife_day > catalog.refreshed):
        edits[folders[0] / "catalog.yaml"] = [(("refreshed",), upstream.endoflife_day.isoformat())]
    made = {path: rewrite(path.read_text("utf-8"), dict(changes).items(), path.name) for path, changes in edits.items()}
    try:
        for path, text in made.items():
            path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"{error.filename}: cannot be written: {error.strerror}") from None
    return sorted(made)


def _path(shown: str, folders: Sequence[Path]) -> Path:
    """The file behind a name in messages: an overlay's begin with the name of its folder."""
    for folder in reversed(folders[1:]):
        if shown.startswith(f"{folder.name}/") and (folder / shown.removeprefix(f"{folder.name}/")).is_file():
            return folder / shown.removeprefix(f"{folder.name}/")
    return folders[0] / shown
