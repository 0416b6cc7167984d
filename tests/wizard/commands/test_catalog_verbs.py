"""`catalog`: what is listed, shown, linted, refreshed, begun and exported."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.dated import EXPIRY, facts_of
from catalog.lint import Places, lint
from catalog.loader import BUILT_IN, load
from wizard.commands.catalog_refresh import write
from wizard.main import main
from wizard.refresh import Finding, compare, product_of
from wizard.rewrite import rewrite
from wizard.upstream import Cycle, Upstream, read

Said = pytest.CaptureFixture[str]


def run(capsys: Said, *arguments: str) -> tuple[int, str, str]:
    code = main(["catalog", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_real_catalog_has_no_fault_on_the_day_of_its_last_refresh(capsys: Said) -> None:
    code, out, err = run(capsys, "lint")
    assert (code, err) == (0, "")
    assert " 0 faults" in out


def test_a_year_later_every_fact_is_due(capsys: Said, catalog: Catalog) -> None:
    day = (catalog.as_of + timedelta(days=366)).isoformat()
    code, out, _ = run(capsys, "lint", "--due", "--on", day)
    assert code == 3
    assert out.splitlines()[-1].startswith(f"{len(list(facts_of(catalog)))} facts are due on {day}, ")
    assert all(re.match(r"(components|layers)/\S+\.yaml:\d+: ", line) for line in out.splitlines()[:-1])


def test_what_is_due_is_data_too(capsys: Said, catalog: Catalog) -> None:
    day = (catalog.refreshed or catalog.as_of) + timedelta(days=200)
    code, out, _ = run(capsys, "lint", "--due", "--on", day.isoformat(), "--json")
    found = json.loads(out)
    assert code == 3 and found["on"] == day.isoformat()
    assert len(found["due"]) == sum(fact.expired(day) for fact in facts_of(catalog))
    assert all(entry["expires"] < found["on"] and re.search(r"\.yaml:\d+$", entry["place"]) for entry in found["due"])


def test_what_is_due_needs_a_day_because_no_clock_is_read(capsys: Said) -> None:
    code, _, err = run(capsys, "lint", "--due")
    assert code == 2
    assert "add --on DATE" in err


@pytest.mark.parametrize("word", ["2026-02-30", "tomorrow", ""])
def test_a_day_that_does_not_exist_is_refused(capsys: Said, word: str) -> None:
    code, _, err = run(capsys, "lint", "--on", word)
    assert code == 2
    assert "is not a day of the calendar" in err


def test_a_fact_is_fresh_through_its_last_day(catalog: Catalog) -> None:
    places = Places([BUILT_IN])
    fact = next(fact for fact in facts_of(catalog) if fact.kind == "version")
    said = [entry for entry in lint(catalog, places, fact.expires) if entry[:2] == places.of(fact)]
    late = [entry for entry in lint(catalog, places, fact.expires + timedelta(days=1)) if entry[:2] == places.of(fact)]
    assert (said, len(late)) == ([], 1)
    assert f"after {EXPIRY['version']} days" in late[0].message


def test_rules_that_never_fire_and_options_of_no_design_are_faults_with_their_place(capsys: Said, tmp_path: Path) -> None:
    path = tmp_path / "ours/components/registry/harbor.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("""\
rules:
  - id: harbor-never
    excludes: [{chosen: {registry: harbor}}]
    because: It cannot be.
    source: https://docs.example.com/
    checked: 2026-08-01
  - id: harbor-silent
    warns: [{context: {air-gap: "yes"}}]
    because: Nobody will read this.
    source: https://docs.example.com/
    checked: 2026-08-01
""", "utf-8")
    code, out, _ = run(capsys, "lint", "--catalog", str(tmp_path / "ours"))
    assert code == 3
    assert "registry=harbor is in no design" in out
    assert "ours/components/registry/harbor.yaml:7: rule 'harbor-silent' never fires" in out


@pytest.mark.parametrize(("arguments", "has", "lacks"), [
    (["--layer", "cdn"], "cloudflare", "harbor"),
    (["--capability", "mesh"], "linkerd", "harbor"),
    (["--status", "archived"], "kubefed", "karmada"),
    (["--licence", "BUSL-1.1"], "vault", "openbao"),
    (["--cloud", "gcp", "--layer", "kubernetes"], "gke-standard", "eks"),
    (["--support", "installable", "--layer", "registry"], "harbor", "gcr"),
])
def test_filters_narrow_the_list(capsys: Said, catalog: Catalog, arguments: list[str], has: str, lacks: str) -> None:
    code, out, _ = run(capsys, "list", "--json", *arguments)
    ids = [entry["id"] for entry in json.loads(out)]
    assert code == 0
    assert has in ids or has not in catalog.components
    assert lacks not in ids
    assert len(ids) < len(catalog.components)


def test_the_list_tells_other_names(capsys: Said) -> None:
    _, out, _ = run(capsys, "list", "--json", "--layer", "cluster-network")
    assert next(entry for entry in json.loads(out) if entry["id"] == "istio")["aliases"] == [
        "Istio", "Envoy sidecar", "istiod"]


@pytest.mark.parametrize(("arguments", "said"), [
    (["list", "--layer", "storag"], "unknown layer 'storag' (did you mean 'storage'?)"),
    (["list", "--capability", "mash"], "unknown capability 'mash' (did you mean 'mesh'?)"),
    (["show", "harbr"], "unknown component 'harbr' (did you mean 'harbor'?)"),
    (["show", "harbor-people"], "'harbor-people' is a rule of harbor; see k8s-wizard catalog show harbor"),
    (["new", "mine", "--decision", "registr"], "unknown decision 'registr' (did you mean 'registry'?)"),
    (["new", "Mine!", "--decision", "registry"], "is not an id"),
    (["new", "harbor", "--decision", "registry"], "is already there"),
    (["refresh", "--from", "nowhere"], "holds none of"),
    (["lnt"], "invalid choice"),
])
def test_unknown_names_are_told_with_the_nearest(capsys: Said, arguments: list[str], said: str) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert said in err
    assert len(err.splitlines()) == 1


def test_everything_about_a_component_is_shown_each_fact_with_its_place(capsys: Said, catalog: Catalog) -> None:
    _, readable, _ = run(capsys, "show", "istio")
    _, data, _ = run(capsys, "show", "istio", "--json")
    shown, component = json.loads(data), catalog.components["istio"]
    assert shown["rules"][0]["because"] == component.rules[0].because
    assert {entry["what"] for entry in shown["origins"]} >= {"licence Apache-2.0", "rule istio-cni-host", "lifecycle"}
    for rule in component.rules:
        assert rule.because in readable
    for entry in shown["origins"]:
        assert entry["place"] in readable
        file, line = entry["place"].rsplit(":", 1)
        text = (BUILT_IN / file).read_text("utf-8").splitlines()
        assert 1 <= int(line) <= len(text)


def test_rules_are_shown_as_the_engine_reads_them(capsys: Said) -> None:
    _, out, _ = run(capsys, "show", "istio")
    assert ("      as “Ingress controller and API gateway”; refuses: Istio (ambient) is chosen for “Service mesh”\n") in out
    _, out, _ = run(capsys, "show", "gitlab-runner")
    assert "      whenever it is chosen; requires: GitLab CI is chosen for “CI service”\n" in out


def test_where_a_component_is_recommended_is_shown_and_what_has_to_be_read_again(capsys: Said, catalog: Catalog) -> None:
    _, out, _ = run(capsys, "show", "kyverno")
    for each in catalog.components["kyverno"].roles["policy-engine"].recommended_when:
        assert f": {each.because}\n" in out
    assert "      recommended where “" in out
    own = next(own for own in catalog.components["cilium"].roles.values() if own.provides)
    assert f"      provides there: {', '.join(own.provides)}\n" in run(capsys, "show", "cilium")[1]
    old = next(fact for fact in facts_of(catalog) if fact.expired(catalog.as_of) and fact.subject.startswith("component:"))
    _, out, _ = run(capsys, "show", old.subject.removeprefix("component:"))
    assert f"{old.what}  {'unverified' if old.unverified else old.checked} (expired)  {old.source}" in out


def test_releases_are_shown_from_the_newest_and_a_pattern_has_no_licence(capsys: Said, catalog: Catalog) -> None:
    _, out, _ = run(capsys, "show", "argo-cd")
    shown = re.findall(r"^  (\d+(?:\.\d+)+); ", out, re.MULTILINE)
    assert shown == sorted(shown, key=lambda version: [int(part) for part in version.split(".")], reverse=True)
    assert len(shown) == len(catalog.components["argo-cd"].releases) > 1
    pattern = next(component for component in catalog.components.values() if component.pattern)
    _, out, _ = run(capsys, "show", pattern.id)
    assert "licence:\n  none of its own: a way of working, no product\n" in out


def test_what_came_out_since_and_what_comes_along_is_shown(capsys: Said, catalog: Catalog) -> None:
    held = next(component for component in catalog.components.values() if any(release.newer for release in component.releases))
    release = next(release for release in held.releases if release.newer)
    assert f"newer: {release.newer}" in run(capsys, "show", held.id)[1]
    out = run(capsys, "show", "velero")[1]
    for name, extra in catalog.components["velero"].extras.items():
        assert f"  {name} {extra.version}, image {extra.image}" in out


def test_a_component_is_found_by_another_name(capsys: Said) -> None:
    assert run(capsys, "show", "istiod")[1].startswith("Istio (sidecars) (istio)")


def test_facts_are_listed_from_the_oldest(capsys: Said, catalog: Catalog) -> None:
    _, out, _ = run(capsys, "sources", "--json")
    days = [entry["checked"] for entry in json.loads(out)]
    assert days == sorted(days)
    assert len(days) == len(list(facts_of(catalog)))


def test_what_nobody_could_confirm_is_listed_with_why_and_due_sooner(capsys: Said, tmp_path: Path) -> None:
    assert run(capsys, "new", "own-registry", "--decision", "registry", "-o", str(tmp_path / "ours"))[0] == 0
    path = tmp_path / "ours/components/registry/own-registry.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("licence: {", "licence: {unverified: The terms are behind a sign-in., "), "utf-8")
    assert "unverified:" in path.read_text("utf-8")
    overlay = ("--catalog", str(tmp_path / "ours"))
    _, out, _ = run(capsys, "sources", "--unverified", *overlay, "--json")
    fact, = (each for each in json.loads(out) if each["of"] == "component:own-registry")
    assert fact["unverified"] == "The terms are behind a sign-in."
    assert date.fromisoformat(fact["expires"]) - date.fromisoformat(fact["checked"]) == timedelta(days=90)
    _, out, _ = run(capsys, "sources", "--unverified", *overlay)
    assert "unverified: The terms are behind a sign-in." in out
    shown = run(capsys, "show", "own-registry", *overlay)[1]
    assert "licence Apache-2.0  unverified  https://" in shown
    assert f"why unverified:\n  The terms are behind a sign-in. ({fact['checked']})" in shown
    assert "unverified: licence Apache-2.0: The terms" in run(capsys, "lint", "--notes", *overlay)[1]


def test_a_new_component_is_one_file_that_loads_as_it_is(capsys: Said, tmp_path: Path) -> None:
    code, _, err = run(capsys, "new", "own-registry", "--decision", "registry", "-o", str(tmp_path / "ours"))
    assert code == 0
    assert "ours/components/registry/own-registry.yaml" in err
    catalog = load([tmp_path / "ours"], cached=False)
    assert "own-registry" in catalog.options["registry"]
    assert run(capsys, "new", "own-registry", "--decision", "registry", "-o", str(tmp_path / "ours"))[0] == 2


@pytest.mark.parametrize("support", ["known", "hand-over", "installable"])
def test_what_a_skeleton_holds_in_comments_loads_too(capsys: Said, tmp_path: Path, support: str) -> None:
    run(capsys, "new", "own-registry", "--decision", "registry", "-o", str(tmp_path / "ours"))
    path = tmp_path / "ours/components/registry/own-registry.yaml"
    head, mark, rest = path.read_text("utf-8").partition("# releases:")
    whole = re.sub(r"^# ", "", mark + rest, flags=re.MULTILINE)
    path.write_text(head.replace("support: known", f"support: {support}") + whole, "utf-8")
    found = load([tmp_path / "ours"], cached=False).components["own-registry"]
    assert found.releases and found.rules and found.stores and found.footprint and found.handover
    assert found.install and found.install.charts[0].chart == "own-registry"


def test_a_skeleton_that_nobody_filled_in_is_told_by_lint(capsys: Said, tmp_path: Path) -> None:
    run(capsys, "new", "own-registry", "--decision", "registry", "-o", str(tmp_path / "ours"))
    code, out, _ = run(capsys, "lint", "--catalog", str(tmp_path / "ours"))
    told = [line for line in out.splitlines() if "is still to be filled in" in line]
    assert code == 3
    assert "ours/components/registry/own-registry.yaml:23: 'WHO STANDS BEHIND IT' is still to be filled in" in told
    assert len(told) == 12


@pytest.mark.parametrize("decision", ["cdn", "mesh", "ci", "backup"])
def test_a_skeleton_fits_any_decision(capsys: Said, tmp_path: Path, decision: str) -> None:
    assert run(capsys, "new", "own-thing", "--decision", decision, "-o", str(tmp_path / "ours"))[0] == 0
    assert "own-thing" in load([tmp_path / "ours"], cached=False).options[decision]


def test_the_rules_are_exported_for_other_tools(capsys: Said, catalog: Catalog) -> None:
    _, cnf, _ = run(capsys, "export", "--format", "dimacs")
    header = next(line for line in cnf.splitlines() if line.startswith("p cnf "))
    clauses = [line for line in cnf.splitlines() if line and line[0] not in "cp"]
    assert header.split()[3] == str(len(clauses))
    assert f"c catalog {catalog.revision}" in cnf
    assert run(capsys, "export")[1].startswith("features\n")


# Refreshing from copies

LANDSCAPE = ("name\tsubcategory\tcncf_maturity\taccepted\tincubating\tgraduated\tarchived\thomepage\trepo\n"
             "Harbor\tRegistry\tincubating\t\t\t\t\t\thttps://github.com/goharbor/harbor/\n"
             "Velero\tBackup\t\t\t\t\t2027-01-05\t\thttps://github.com/velero-io/velero\n")
ENDOFLIFE = ("product\tcycle\treleased\tend_of_active_support\tend_of_life\tend_of_extended_support\tlatest\tlatest_released\t"
             "supported_kubernetes\n"
             "gitlab-runner\t19.3\t2026-08-19\t\t2027-12-24\t\t19.3.4\t2026-12-01\t\n"
             "gitlab-runner\t20.0\t2027-01-01\t\t2027-12-31\t\t20.0.1\t2027-01-05\t\n")
DAY = "2027-01-10"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """Made-up copies of upstream's lists from a later day."""
    folder = tmp_path / "copies"
    (folder / "facts").mkdir(parents=True)
    (folder / "facts/cncf-landscape.tsv").write_text(LANDSCAPE, "utf-8")
    (folder / "facts/endoflife.tsv").write_text(ENDOFLIFE, "utf-8")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the built-in catalog that may be changed."""
    shutil.copytree(BUILT_IN, tmp_path / "catalog", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return tmp_path / "catalog"


def said(found: list[Finding], component: str, verdict: str) -> list[str]:
    return [each.what for each in found if (each.component, each.verdict) == (component, verdict)]


def test_copies_without_a_day_are_refused(capsys: Said, copies: Path) -> None:
    code, _, err = run(capsys, "refresh", "--from", str(copies))
    assert code == 2
    assert "add --copied DATE" in err


def test_lists_in_several_folders_are_read_together(capsys: Said, copies: Path) -> None:
    _, whole, _ = run(capsys, "refresh", "--from", str(copies), "--copied", DAY)
    more = copies.parent / "more"
    more.mkdir()
    (copies / "facts/endoflife.tsv").rename(more / "endoflife.tsv")
    _, parts, _ = run(capsys, "refresh", "--from", str(copies / "facts"), "--from", str(more), "--copied", DAY)
    assert parts == whole
    code, _, err = run(capsys, "refresh", "--from", str(copies / "facts"), "--from", "nowhere", "--copied", DAY)
    assert code == 2
    assert "--from nowhere: holds none of" in err


def test_a_site_that_lists_its_own_releases_names_the_product(catalog: Catalog) -> None:
    end = date(2027, 6, 28)
    upstream = Upstream(cycles={"kubernetes": (Cycle("kubernetes", "1.36", end, None, "1.36.4", None),)},
                        endoflife_day=date(2026, 8, 22))
    assert product_of(catalog.components["kubeadm"], upstream) == "kubernetes"
    assert product_of(catalog.components["eks"], upstream) is None


def test_a_copy_with_a_missing_column_is_refused(capsys: Said, copies: Path) -> None:
    (copies / "facts/endoflife.tsv").write_text("product\tcycle\n", "utf-8")
    code, _, err = run(capsys, "refresh", "--from", str(copies), "--copied", DAY)
    assert code == 2
    assert "endoflife.tsv:1: the columns end_of_life, latest are missing" in err


def test_what_changed_upstream_is_reported_and_the_rest_is_work_for_a_person(capsys: Said, copies: Path) -> None:
    code, out, _ = run(capsys, "refresh", "--from", str(copies), "--copied", DAY)
    assert code == 1
    assert "harbor: maturity: graduated -> incubating" in out
    assert "gitlab-runner: support of 19.3.0: 2026-11-19 -> 2027-12-24" in out
    assert "gitlab-runner: gitlab-runner 20.0 is out and no release of it is listed" in out
    assert "gitlab-runner: release 19.3.0: 19.3.4 is out" in out
    assert "velero: archived on 2027-01-05 by the landscape" in out
    assert "istio: maturity graduated: the landscape has no row" in out.split("Unverified")[1]


def test_sure_changes_are_written_and_nothing_else_is_touched(catalog: Catalog, copies: Path, own: Path) -> None:
    upstream = read(copies, date.fromisoformat(DAY))
    before = {path: path.read_text("utf-8") for path in own.rglob("*.yaml")}
    written = write(catalog, compare(catalog, upstream), upstream, [own])
    after = load(built_in=own, cached=False)
    assert after.components["harbor"].maturity.cncf == "incubating"
    release, = (entry for entry in after.components["gitlab-runner"].releases if entry.version == "19.3.0")
    assert release.end_of_support == date(2027, 12, 24)
    assert after.refreshed == date.fromisoformat(DAY)
    for path, text in before.items():
        now = path.read_text("utf-8")
        if path not in written:
            assert now == text
            continue
        assert len(now.splitlines()) == len(text.splitlines())
        assert [line for line in now.splitlines() if line.lstrip().startswith("#")] == [
            line for line in text.splitlines() if line.lstrip().startswith("#")]


def test_a_second_refresh_finds_nothing_more_to_write(catalog: Catalog, copies: Path, own: Path) -> None:
    upstream = read(copies, date.fromisoformat(DAY))
    write(catalog, compare(catalog, upstream), upstream, [own])
    again = compare(load(built_in=own, cached=False), upstream)
    assert [each for each in again if each.edits] == []


def test_comments_quotes_and_order_survive_a_rewrite() -> None:
    text = ("# ours\na: {v: '1.2', source: x}  # keep\nlist:\n  - one: \"old\"   # why\n    two: 3\n")
    changed = rewrite(text, [(("a", "v"), "1.3"), (("list", 0, "one"), "new"), (("a", "end"), "2027-01-01")], "f.yaml")
    assert changed == ("# ours\na: {v: '1.3', end: 2027-01-01, source: x}  # keep\nlist:\n"
                       "  - one: \"new\"   # why\n    two: 3\n")


def test_a_chart_of_the_same_major_moves_with_its_application_and_a_new_major_is_for_a_person(catalog: Catalog) -> None:
    from wizard.upstream import Chart

    loki = catalog.components["loki"]
    assert loki.install is not None
    chart = loki.install.charts[0]
    major = int(chart.version.split(".")[0])

    def found(version: str) -> list[Finding]:
        rows = {chart.reference or chart.chart: Chart("loki", version, loki.releases[0].version, date(2027, 1, 1), False, "")}
        return [each for each in compare(catalog, Upstream(charts=rows)) if each.component == "loki"]

    assert [each.verdict for each in found(f"{major}.999.0")] == ["change"]
    assert [each.verdict for each in found(f"{major + 1}.0.0")] == ["to-do"]
    assert [each.verdict for each in found(chart.version)] == ["same"]
    assert [each.verdict for each in found("0.9.0" if major else "0.0.9")] == ["unverified"]
