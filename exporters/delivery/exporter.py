"""The delivery exporter: the pipeline of the chosen CI service, the scripts it runs, and how to put them to work."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator

from catalog.design import Design
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp
from exporters.delivery.steps import VARIABLES, Pipeline, pipeline, scripts
from exporters.records.text import bullets, code, md, page, source, table


class Delivery:
    """Everything under delivery/."""

    name = "delivery"
    title = "Delivery pipeline"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Nothing where no CI service was chosen; only scripts and instructions where we have no module for it."""
        made = pipeline(design)
        if made is None:
            return
        files = {f"scripts/{name}.sh": text for name, text in scripts(design, made).items()}
        module = f"exporters.delivery.services.{made.service.replace('-', '_').replace('.', '_')}"
        link = ""
        if importlib.util.find_spec(module) is not None:
            service = importlib.import_module(module)
            files |= service.files(made)
            link = service.SOURCE
        files["README.md"] = _readme(design, made, sorted(files), link)
        for name in sorted(files):
            yield Artifact(paths.delivery(name), files[name].encode())


EXPORTER: Exporter = Delivery()

_PLACES = {
    "github/workflows/delivery.yaml": ".github/workflows/delivery.yaml", "gitlab/.gitlab-ci.yml": ".gitlab-ci.yml",
    "circleci/config.yml": ".circleci/config.yml", "travis/.travis.yml": ".travis.yml", "jenkins/Jenkinsfile": "Jenkinsfile",
}


def _readme(design: Design, made: Pipeline, files: list[str], link: str) -> str:
    title = design.catalog.components[made.service].title
    moves = [f"{code(name)} becomes {code(_PLACES[name])}" for name in files if name in _PLACES]
    variables = [*VARIABLES[made.identity]]
    if made.gitops:
        variables += [("DELIVERY_REPOSITORY", "address of the manifests' repository, with a token that may push a branch"),
                      ("DELIVERY_BRANCH", "branch that is delivered")]
    keys = ("Jobs prove who they are with a token of their own; no key of the registry is stored." if made.keyless else
            "The registry's robot account is the only stored secret: it may push to the path above and nothing else.")
    return page([
        f"# Delivery of {md(design.name)} with {md(title)}",
        f"Every change is tested, built{' and scanned' if made.scan else ''}; what is merged to {code(made.branch)} is "
        f"pushed to {code(made.registry)}{', signed' if made.sign else ''} and delivered"
        f"{' after an approval' if made.approval else ''}. {keys}",
        "## Putting it to work",
        bullets([
            f"Copy the folder {code('delivery')} into the root of the code repository.", *moves,
            f"Each service stands in {code('services/NAME')}: {', '.join(code(name) for name in made.images)}. "
            f"Its tests are {code('test.sh')} or {code('make test')} there.",
            f"Runners need {', '.join(code(name) for name in made.needs)}.",
            *([f"A change is shown with what the folder {code('preview')} of the code repository says."]
              if made.preview else []),
            *([f"More: {source(link)}"] if link else []),
        ]),
        "## Variables",
        table(["Name", "Holds"], [[code(name), md(what)] for name, what in variables]),
    ])
