"""Designs that differ from a sample in what a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from samples import rebuild
from wizard import answers_file
from wizard.answers import Said
from wizard.complete import resolve
from wizard.solver import Engine


@pytest.fixture(scope="session")
def make(catalog: Catalog, engine: Engine) -> Callable[..., Design]:
    """The design of a sample, with other choices; an empty one is left open."""

    def made(sample: str, **choices: str) -> Design:
        answers = answers_file.load(rebuild.HERE / sample / "answers.yaml", catalog, sample)
        said = {name.replace("_", "-"): Said((component,)) for name, component in choices.items()}
        every = {name: value for name, value in {**answers.choices, **said}.items() if value.value != ("",)}
        return resolve(replace(answers, choices=every), catalog, engine, reasons=False)

    return made
