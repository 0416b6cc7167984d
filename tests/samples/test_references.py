"""The references in docs are what the program and the catalog say today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from samples.references import HERE, references
from wizard.commands import VERBS

CATALOG_PAGE = Path(__file__).parents[2] / "docs/catalog.md"


@pytest.mark.parametrize("name", ["commands.md", "keys.md", "fields.md", "components.md"])
def test_a_generated_reference_is_up_to_date(catalog: Catalog, name: str) -> None:
    assert (HERE / name).read_text("utf-8") == references(catalog)[name], "run `make docs`"


def test_every_verb_and_every_field_has_a_line(catalog: Catalog) -> None:
    made = references(catalog)
    for verb in VERBS:
        assert f"## k8s-wizard {verb.name}\n" in made["commands.md"]
    for key in ("good-at", "values-from", "warns-without", "end-of-support", "recommended-when", "forbid"):
        assert f"| `{key}` |" in made["fields.md"]


def test_the_authors_page_speaks_of_keys_and_verbs_that_exist(catalog: Catalog) -> None:
    text, made = CATALOG_PAGE.read_text("utf-8"), references(catalog)
    for key in re.findall(r"`([a-z-]+):`", text):
        assert f"| `{key}` |" in made["fields.md"] or key in ("as-of", "refreshed", "remove-rules"), key
    for words in re.findall(r"`k8s-wizard ((?:catalog )?[a-z]+)", text):
        assert f" k8s-wizard {words}\n" in made["commands.md"], words


def test_the_example_on_the_authors_page_loads(tmp_path: Path) -> None:
    from catalog.loader import load

    example = re.search(r"```yaml\n(title:.*?)```", CATALOG_PAGE.read_text("utf-8"), re.DOTALL)
    assert example is not None
    path = tmp_path / "ours/components/registry/own-registry.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(example[1], "utf-8")
    assert "own-registry" in load([tmp_path / "ours"], cached=False).options["registry"]
