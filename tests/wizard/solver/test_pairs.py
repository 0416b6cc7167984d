"""A fixed share of the designs that cover every compatible pair is built; `make test-pairs` builds all of them."""

from __future__ import annotations

import pytest

from catalog.loader import load
from tests.pairs import build

SHARE = 0.002


@pytest.mark.slow
def test_designs_that_cover_compatible_pairs_are_built_without_error() -> None:
    outcome = build(load(), SHARE)
    assert outcome.failures == {}
    assert outcome.pairs > 10_000
