"""`catalog new ID --decision D`: a commented component file that loads once its blanks are filled in."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import UsageError
from catalog.rules import PRIORITIES
from wizard.commands.common import catalog_of, takes_catalog
from wizard.commands.days import day
from wizard.diagnostics import narrate


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", metavar="ID", help="lower-case words joined by hyphens; also the name of the file")
    parser.add_argument("--decision", required=True, metavar="D", help="the decision that it answers")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day written as `checked`; default: the catalog's own")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path,
                        help="an overlay folder to write into; prints when left out")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the file, or write it where an overlay or the catalog expects it."""
    catalog = catalog_of(arguments)
    if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", arguments.id) or len(arguments.id) > 63:
        raise UsageError(f"{arguments.id!r} is not an id: lower-case words and numbers joined by hyphens, like 'my-gateway'")
    if arguments.id in catalog.components:
        raise UsageError(f"component {arguments.id!r} is already there; see k8s-wizard catalog show {arguments.id}")
    if arguments.decision not in catalog.decisions:
        raise UsageError(f"unknown decision {arguments.decision!r}{catalog.decision_meant(arguments.decision)}")
    text = skeleton(catalog, arguments.id, arguments.decision, (arguments.on or catalog.as_of).isoformat())
    if arguments.output is None:
        print(text, end="")
        return 0
    path = arguments.output / "components" / catalog.layer_of[arguments.decision] / f"{arguments.id}.yaml"
    if path.exists():
        raise UsageError(f"{path.as_posix()} is already there")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    narrate(f"{path.as_posix()}: written; fill in what is in capitals, then k8s-wizard catalog lint --catalog "
            f"{arguments.output.as_posix()}")
    return 0


def skeleton(catalog: Catalog, id_: str, decision: str, checked: str) -> str:
    """The text: it loads as it is, and says itself what has to be replaced."""
    others = ", ".join(name for name in catalog.options[decision][:6])
    provided = sorted({name for other in catalog.options[decision] if other in catalog.components
                       for name in catalog.components[other].provides})
    ratings = "\n".join(f"  {priority}: {{score: 2, because: WHY TWO}}" for priority in PRIORITIES)
    return f"""\
# {id_}: answers "{catalog.decisions[decision].title}" beside {others}.
# Everything in capitals is to be replaced. docs/catalog.md explains each field.
title: {id_.replace("-", " ").upper()}
aliases: []                       # other names that people search for
summary: WHAT IT IS AND DOES, IN ONE PLAIN SENTENCE.
homepage: https://example.com/
documentation: https://example.com/docs   # where ratings, strengths and flows were read
checked: {checked}
# known: listed and choosable, only the record is exported. hand-over: steps that a person does (needs `handover`).
# installable: manifests are exported (needs `install`).
support: known
roles:
  {decision}: {{}}
    # Or, instead of the empty braces:
    # provides: []                # what holds only when it is chosen here
    # recommended-when:           # conditions about the context only; guides completion, never binds
    #   - when: [{{context: {{cloud: on-premises}}}}]
    #     because: WHY THIS IS THE ONE TO TAKE THEN.
provides: []                      # the others here provide: {", ".join(provided[:8]) or "nothing"}
# clouds: [aws]                   # only where it cannot run or be bought everywhere; then say why:
# clouds-because: IT IS SOLD THERE ONLY.
licence: {{spdx: Apache-2.0, source: "https://example.com/licence", checked: {checked}}}
maturity: {{governed-by: WHO STANDS BEHIND IT, source: "https://example.com/", checked: {checked}}}
lifecycle:
  # events:                       # dated, each with its source; `on` is the day from which it holds
  #   - {{on: 2027-03-31, becomes: unsupported, note: WHAT HAPPENS., source: "https://example.com/", checked: {checked}}}
  # successor: ANOTHER-ID
  # move: WHAT A MOVE TO IT TAKES.
  # follows: ANOTHER-ID           # packages its releases, and gets fixes no longer than they do
  source: https://example.com/releases
  checked: {checked}
# releases:
#   - version: "1.2.3"
#     end-of-support: 2027-12-31
#     kubernetes: ["1.35", "1.36"]  # the minors that its makers name
#     charts: {{{id_}: "4.5.6"}}      # the chart versions that install it
#     source: https://example.com/releases
#     checked: {checked}
# extras:                         # what else is pinned with it: images of jobs, plugins, programs of a pipeline
#   plugin: {{version: v1.2.3, image: registry.example.com/plugin, source: "https://example.com/releases", checked: {checked}}}
# rules:                          # requires, excludes, warns, warns-without or sets: exactly one each
#   - id: {id_}-needs-volumes
#     requires: [{{capability: block-storage}}]
#     because: ONE PLAIN SENTENCE, SHOWN WHEREVER THIS RULE DECIDES.
#     source: https://example.com/docs
#     checked: {checked}
ratings:                          # 0 poor to 4 excellent, with the reason in a few words
{ratings}
good-at: [WHAT IT IS GOOD AT.]
bad-at: [WHAT IT IS BAD AT.]
undo: {{how: reversible, because: WHAT LEAVING IT TAKES.}}
# endpoints:                      # where others reach it
#   - {{name: http, port: 8080, application: http, serves: [], pods: {{app.kubernetes.io/name: {id_}}}}}
# flows:                          # what it connects to: a capability or a place such as kubernetes-api
#   - {{to: kubernetes-api, kind: control, port: 6443, application: https}}
# stores: [WHAT IT KEEPS AND HAS TO BE BACKED UP.]
# footprint: {{cpu: [250m, "2"], memory: [512Mi, 4Gi], source: "https://example.com/docs", checked: {checked}}}
# handover:                       # what a person does, in order; `hand-over` needs it
#   - {{do: WHAT TO DO., see: WHAT IS SEEN THEN., link: "https://example.com/docs"}}
# install:                        # `installable` needs it
#   namespace: {id_}
#   pod-security: restricted      # or baseline, or privileged with pod-security-because:
#   charts:
#     - chart: {id_}
#       release: {id_}
#       version: "4.5.6"
#       repository: https://example.com/charts
#       source: https://example.com/docs
#       checked: {checked}
"""
