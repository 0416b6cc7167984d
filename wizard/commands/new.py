"""`new`: a commented answers file to start from, with every context question and what may be said."""

from __future__ import annotations

import argparse
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import OutputError
from wizard.commands.common import catalog_of, takes_catalog
from wizard.diagnostics import narrate


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, nargs="?", help="the file to write; stdout when left out")
    parser.add_argument("--name", default="shop", help="the name of the design (a DNS label)")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write or print the file; an existing one is never overwritten."""
    text = starter(catalog_of(arguments), arguments.name)
    if arguments.answers is None:
        print(text, end="")
        return 0
    try:
        with arguments.answers.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"{arguments.answers}: exists already; name another file") from None
    except OSError as error:
        raise OutputError(f"{arguments.answers}: cannot be written: {error.strerror}") from None
    narrate(f"{arguments.answers}: written; next: k8s-wizard check {arguments.answers}")
    return 0


def starter(catalog: Catalog, name: str) -> str:
    """The text of a starter file: valid as it is, every question there as a comment."""
    lines = [
        "# Answers of a k8s-wizard design. Everything but version and name may be left out: what is not said is free,",
        "# and completed by recommendation. `k8s-wizard options FILE DECISION` tells what is possible, `explain` why.",
        "version: 1", f"name: {name}", "",
        "# The use case. Take away the # in front of a line to answer it.",
        "context:",
        "  platform-team: no",
    ]
    for question in catalog.questions.values():
        if question.scope == "cluster" or question.id == "platform-team":
            continue
        values = " | ".join(_quoted(value.id) for value in question.values)
        assumed = question.assume if isinstance(question.assume, str) else f"[{', '.join(question.assume)}]"
        lines += [f"  # {question.title} {question.why}",
                  f"  # {question.id}: {_quoted(assumed) if isinstance(question.assume, str) else assumed}   # {values}"]
    clouds = " | ".join(value.id for value in catalog.questions["cloud"].values) if "cloud" in catalog.questions else ""
    lines += [
        "", "# What matters most, in order; the rest follows in the catalog's order.",
        "priorities: [operations, cost]", "",
        f"# The clusters. cloud: {clouds}",
        "clusters:",
        "  - {name: prod, environment: prod, cloud: gcp, region: europe-west1, private: true}", "",
        "# Decisions already made. `k8s-wizard options FILE` lists all decisions and their options.",
        "choices: {}", "",
        "# Your own workloads, and the systems outside that they call.",
        "externals:",
        "  - {name: db, kind: postgresql, host: db.example.internal, port: 5432}",
        "workloads:",
        '  - {name: web, image: "registry.example.com/web:1.0.0", port: 8080, host: shop.example.com, calls: [api]}',
        '  - {name: api, image: "registry.example.com/api:1.0.0", port: 9090, calls: [db]}', "",
    ]
    return "\n".join(lines)


def _quoted(value: str) -> str:
    return f'"{value}"' if value.replace(".", "").isdigit() else value
