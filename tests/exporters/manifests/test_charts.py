"""Fixed chart values in the catalog exist in the charts that they are for."""

from __future__ import annotations

import pytest
import yaml

from catalog.components import ChartInstall
from catalog.loader import BUILT_IN
from exporters.manifests import check_charts
from tests.exporters.manifests.test_check import CHARTS, needs_shared


def pinned() -> list[tuple[str, ChartInstall]]:
    found = []
    for path in sorted((BUILT_IN / "components").glob("*/*.yaml")):
        install = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("install") or {}
        found += [(path.stem, ChartInstall.model_validate(entry)) for entry in install.get("charts") or ()]
    return found


@needs_shared
@pytest.mark.parametrize(("component", "chart"), pinned(), ids=[f"{name}:{chart.release}" for name, chart in pinned()])
def test_fixed_values_exist_in_the_chart(component: str, chart: ChartInstall) -> None:
    found = check_charts.chart_at(str(CHARTS), chart.reference or chart.chart)
    if found is None:
        pytest.skip(f"chart {chart.chart} is not here: its values are unverified")
    assert check_charts.unknown_keys(chart.values, found, str(CHARTS)) == []
    assert check_charts.refused(chart.values, found) == []
