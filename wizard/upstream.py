"""Local copies of upstream's own lists, read: the CNCF landscape, endoflife.date, and an index of Helm charts.

Owns the shapes of the copies and the day that each is from; compares nothing. No network: whoever wants newer copies
puts them there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from catalog.errors import UsageError

LANDSCAPE = "cncf-landscape.tsv"
ENDOFLIFE = "endoflife.tsv"
INDEX = "INDEX.tsv"

_COLUMNS = {
    LANDSCAPE: ("name", "cncf_maturity", "archived", "repo"),
    ENDOFLIFE: ("product", "cycle", "end_of_life", "latest"),
    INDEX: ("chart", "version", "appVersion", "ref", "snapshot", "source_repository"),
}


@dataclass(frozen=True)
class Project:
    """A row of the landscape."""

    name: str
    maturity: str
    """sandbox, incubating, graduated, archived; empty for what is not the CNCF's."""
    archived: date | None
    repository: str


@dataclass(frozen=True)
class Cycle:
    """A row of endoflife.date."""

    product: str
    cycle: str
    end: date | None
    ended: bool | None
    """True or False where only that is known."""
    latest: str
    released: date | None


@dataclass(frozen=True)
class Chart:
    """A row of the chart index; `version` is the released one, empty where the copy does not tell it."""

    name: str
    version: str
    app_version: str
    snapshot: date
    deprecated: bool
    repository: str


@dataclass(frozen=True)
class Upstream:
    """Everything read, and the day of the two lists; a list that is not there is empty and its day None."""

    projects: Mapping[str, Project] = field(default_factory=dict)
    """By normalised address of the repository."""
    landscape_day: date | None = None
    cycles: Mapping[str, tuple[Cycle, ...]] = field(default_factory=dict)
    """By product, the newest first."""
    endoflife_day: date | None = None
    charts: Mapping[str, Chart] = field(default_factory=dict)
    """By name of the chart's folder."""


def read(folder: Path | Sequence[Path], copied: date | None = None) -> Upstream:
    """Read what one or more folders hold (directly, or under facts/ and charts/); the first that has a list gives it.
    `copied` is the day of the lists where no README tells it. Raises UsageError when a folder holds nothing, a column
    is missing or the day is unknown."""
    paths: dict[str, Path] = {}
    for each in [folder] if isinstance(folder, Path) else folder:
        here = {name: path for name in _COLUMNS if (path := _find(each, name)) is not None}
        if not here:
            raise UsageError(f"--from {each}: holds none of {', '.join(_COLUMNS)} (directly, or under facts/ and charts/)")
        paths = here | paths
    projects = {key: project for row in _rows(paths, LANDSCAPE)
                if (key := normal(row["repo"])) and (project := _project(row))}
    cycles: dict[str, list[Cycle]] = {}
    for row in _rows(paths, ENDOFLIFE):
        cycles.setdefault(row["product"], []).append(_cycle(row))
    return Upstream(
        projects, _day_of(paths.get(LANDSCAPE), copied),
        {product: tuple(found) for product, found in cycles.items()}, _day_of(paths.get(ENDOFLIFE), copied),
        {row["chart"]: chart for row in _rows(paths, INDEX) if (chart := _chart(row)) is not None},
    )


def normal(address: str | None) -> str:
    """A repository's address for comparison."""
    return re.sub(r"^https?://(www\.)?", "", (address or "").strip().lower()).removesuffix("/").removesuffix(".git")


def numbers(version: str) -> tuple[int, ...]:
    """A version's numbers for comparison; empty for what has none."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0].split("-")[0]))


def _find(folder: Path, name: str) -> Path | None:
    for path in (folder / name, folder / "facts" / name, folder / "charts" / name):
        if path.is_file():
            return path
    return None


def _rows(paths: Mapping[str, Path], name: str) -> Iterator[Mapping[str, str]]:
    if name not in paths:
        return
    try:
        with paths[name].open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [column for column in _COLUMNS[name] if column not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(f"{paths[name].as_posix()}:1: the columns {', '.join(missing)} are missing")
            for row in reader:
                yield {key: value or "" for key, value in row.items() if isinstance(key, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{paths[name].as_posix()}: cannot be read as a table: {error}") from None


def _day_of(path: Path | None, copied: date | None) -> date | None:
    """The day that the README beside a list gives it: the last cell of the row that names it."""
    if path is None:
        return None
    readme = path.parent / "README.md"
    for line in readme.read_text("utf-8").splitlines() if readme.is_file() else ():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].strip("` ") == path.name and (day := _date(cells[-1])):
            return day
    if copied is None:
        raise UsageError(f"{path.as_posix()}: nothing says from which day this copy is: add --copied DATE")
    return copied


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _project(row: Mapping[str, str]) -> Project:
    return Project(row["name"], row["cncf_maturity"], _date(row["archived"]), row["repo"])


def _cycle(row: Mapping[str, str]) -> Cycle:
    end = row["end_of_life"]
    return Cycle(row["product"], row["cycle"], _date(end), {"True": True, "False": False}.get(end), row["latest"],
                 _date(row.get("released", "")))


def _chart(row: Mapping[str, str]) -> Chart | None:
    snapshot = _date(row["snapshot"])
    if snapshot is None:
        return None
    version, app = row["version"], row["appVersion"]
    if _placeholder(version):
        # The real number is given at release; the name of the tag that was copied tells it, HEAD does not.
        version = app = row["ref"].removeprefix("v") if re.fullmatch(r"v?\d+(\.\d+)+", row["ref"]) else ""
    return Chart(row["chart"], version, app, snapshot, bool(row.get("deprecated")), row["source_repository"])


def _placeholder(version: str) -> bool:
    return bool(re.fullmatch(r"v?(0\.0(\.[01])?|1\.0\.0|0\.1\.[01])(-.*)?", version))


def cycle_of(version: str, cycles: Sequence[Cycle]) -> Cycle | None:
    """The cycle that a version belongs to: the longest one that its numbers begin with."""
    own = numbers(version)
    fitting = [cycle for cycle in cycles if numbers(cycle.cycle) and own[: len(numbers(cycle.cycle))] == numbers(cycle.cycle)]
    return max(fitting, key=lambda cycle: len(numbers(cycle.cycle)), default=None)
