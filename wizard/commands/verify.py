"""`verify DIR`: check an exported tree offline, against its records, or by a real cluster's strict dry run."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from catalog.errors import UsageError
from exporters.paths import LOCK
from wizard.commands.common import print_json, takes_catalog, takes_json
from wizard.diagnostics import Exit, narrate


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder that `build -o` wrote")
    parser.add_argument("--schemas", metavar="DIR", type=Path, help="GROUP/KIND_VERSION.json of custom resources")
    parser.add_argument("--charts", metavar="DIR", type=Path,
                        help="chart folders with values.yaml and values.schema.json; rendered where they have "
                             "templates and helm is here")
    parser.add_argument("--records", action="store_true", help="run the confirmation of each decision record")
    parser.add_argument("--context", metavar="NAME", help="ask this kubectl context by strict server-side dry run")
    parser.add_argument("--cluster", metavar="NAME", help="with --context: which cluster of the design that is, where the "
                        "context is not called like it")
    parser.add_argument("--create-namespaces", action="store_true",
                        help="with --context: really create the namespaces, so that what lies in them can be asked about")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Report every finding with the decision behind it; exit 1 when there is any."""
    from exporters.manifests import check
    from exporters.nodes import check as nodes

    tree = check.tree(arguments.folder)
    lock = _lock(arguments.folder)
    for option in ("schemas", "charts"):
        folder = getattr(arguments, option)
        if folder is not None and not folder.is_dir():
            raise UsageError(f"--{option} {folder}: is not a folder")
    report = check.check(tree, _minors(lock), schemas=arguments.schemas, charts=arguments.charts,
                         references=_references(arguments))
    machines, unread = nodes.check(arguments.folder)
    findings: list[Any] = [asdict(finding) for finding in (*report.findings, *machines)]
    lines = [str(finding) for finding in (*report.findings, *machines)]
    if arguments.records:
        from exporters.records.confirm import failures

        for failure in failures(tree, lock):
            findings.append(asdict(failure))
            lines.append(str(failure))
    unverified = [*report.unverified, *unread]
    warnings: list[str] = []
    count = f"{report.objects} objects"
    if arguments.context is None and (arguments.cluster is not None or arguments.create_namespaces):
        raise UsageError("--cluster and --create-namespaces speak of a cluster; name its kubectl context with --context")
    if arguments.context:
        from exporters.manifests import check_cluster, check_kinds

        asked = check_cluster.check(tree, arguments.context, cluster=arguments.cluster, tell=narrate,
                                    create_namespaces=arguments.create_namespaces)
        findings.extend(asdict(refusal) for refusal in asked.findings)
        lines.extend(str(refusal) for refusal in asked.findings)
        warnings.extend(f"{arguments.context}: {line}" for line in asked.warnings)
        seen = {check_kinds.unseen(kind, api) for kind, api in asked.judged}
        unverified = [*(line for line in unverified if line not in seen), *asked.unverified]
        count += f", {asked.objects} of them for {arguments.cluster or arguments.context}"
    if arguments.json:
        print_json({"objects": report.objects, "findings": findings, "warnings": warnings, "unverified": unverified})
    else:
        for line in (*lines, *(f"warning: {text}" for text in warnings), *(f"unverified: {text}" for text in unverified)):
            print(line)
    narrate(f"{arguments.folder}: {count}, {len(findings)} findings, {len(unverified)} unverified")
    return int(Exit.FOUND if findings else Exit.DONE)


def _lock(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / LOCK).read_text("utf-8"))
    except (OSError, ValueError):
        raise UsageError(f"{folder}: has no readable {LOCK}; give the folder that `build -o` wrote") from None
    if not isinstance(found, dict):
        raise UsageError(f"{folder}/{LOCK}: cannot be understood; build again")
    return found


def _minors(lock: dict[str, Any]) -> list[str]:
    """The Kubernetes minors of the design's clusters, as the lock names them."""
    found = lock.get("kubernetes", {})
    values = found.values() if isinstance(found, dict) else [found]
    return sorted({str(value) for value in values if value})


def _references(arguments: argparse.Namespace) -> dict[str, str]:
    """Where a chart's reference folder is not called like the chart."""
    from wizard.commands.common import catalog_of

    return {
        chart.chart: chart.reference
        for component in catalog_of(arguments).components.values() if component.install is not None
        for chart in component.install.charts if chart.reference
    }
