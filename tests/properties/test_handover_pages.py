"""In a random design no step leads its people to another cloud's documentation. Said from outside: hosts and makers are written
here again, and the steps are those that a design shows."""

from __future__ import annotations

import random
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design
from catalog.handover import steps
from wizard.answers_file import loads
from wizard.complete import complete
from wizard.solver import Engine

HOSTS = {"docs.cloud.google.com": "gcp", "cloud.google.com": "gcp", "docs.aws.amazon.com": "aws", "aws.amazon.com": "aws",
         "learn.microsoft.com": "azure", "azure.microsoft.com": "azure"}
TOOLS = {"gcloud": "gcp", "aws": "aws", "eksctl": "aws", "az": "azure"}
CLOUDS = ("gcp", "aws", "azure", "on-premises", "other-cloud")


def drawn(seed: int, cloud: str, catalog: Catalog, engine: Engine) -> Design:
    """A design on one cloud: some context and some choices at random, as far as they go together."""
    chance = random.Random(seed)
    said: dict[str, Any] = {"version": 1, "name": "drawn", "context": {}, "choices": {}, "clusters": [
        {"name": "prod", "environment": "prod", "cloud": cloud}]}
    for question in catalog.questions.values():
        if question.scope == "design" and chance.random() < 0.4:
            value = chance.choice(question.values).id
            try_it(said, "context", question.id, [value] if question.several else value, catalog, engine)
    for decision in catalog.decisions.values():
        if decision.many != "several" and chance.random() < 0.15:
            try_it(said, "choices", decision.id, chance.choice(catalog.options[decision.id]), catalog, engine)
    return complete(engine.space(loads(yaml.safe_dump(said, sort_keys=False), catalog)))


def try_it(said: dict[str, Any], part: str, name: str, value: Any, catalog: Catalog, engine: Engine) -> None:
    """Says one thing more, unless that contradicts what is said."""
    more = {**said, part: {**said[part], name: value}}
    if engine.space(loads(yaml.safe_dump(more, sort_keys=False), catalog)).conflict() is None:
        said[part] = more[part]


def made_by(component: Component) -> str | None:
    """The cloud that sells it: a product, not a way of working, with its home at that cloud."""
    if component.licence.spdx == "NONE" or len(component.clouds) > 1:
        return None
    homes = (HOSTS.get(urlsplit(page).hostname or "") for page in (component.homepage, component.documentation))
    return next((cloud for cloud in homes if cloud), None)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_step_leads_to_another_clouds_pages_or_programs(cloud: str, catalog: Catalog, engine: Engine) -> None:
    seen = set()
    for seed in range(4):
        design = drawn(seed, cloud, catalog, engine)
        for component in design.selected():
            for step in steps(design, component):
                said = next(entry for entry in component.handover or (step,) if entry.do == step.do)
                named = {name for name, page in said.links.items() if page == step.link}
                friends = {cloud, made_by(component), *(made_by(other) for other in design.selected() if other.id in named)}
                of = HOSTS.get(urlsplit(step.link).hostname or "")
                assert of is None or of in friends, (component.id, step.do, step.link)
                for tool in re.findall(r"(?:^|[|;&] *)(gcloud|aws|eksctl|az) ", step.command or ""):
                    assert TOOLS[tool] in friends, (component.id, step.do, step.command)
                seen.add(component.id)
    assert len(seen) > 40
