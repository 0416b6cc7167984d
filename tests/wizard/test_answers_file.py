"""Answers files: what is understood, what is refused and at which line, and that nothing is lost in writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.errors import AnswersError
from wizard.answers_dump import dump, plain
from wizard.answers_file import NewerVersion, load, loads
from wizard.commands.new import starter

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/answers.yaml"))

HEAD = "version: 1\nname: shop\n"


def refusal(text: str, catalog: Catalog) -> str:
    with pytest.raises(AnswersError) as caught:
        loads(text, catalog, "a.yaml")
    return str(caught.value)


@pytest.mark.parametrize(("text", "said"), [
    ("kontext: {}\n", "a.yaml:3: unknown key 'kontext' (did you mean 'context'?)"),
    ("context: {availabilty: \"99.9\"}\n", "a.yaml:3: unknown context question 'availabilty' (did you mean 'availability'?)"),
    ("context: {availability: \"99.8\"}\n", "a.yaml:3: availability: '99.8' is not one of 99, 99.5, 99.9, 99.95, 99.99"),
    ("workloads: [{name: a, image: 'a/b:1', replicas: 3}]\n",
     "a.yaml:3: replicas: must be a mapping of keys to values (given: 3); it takes the keys at-least and at-most"),
    ("choices: {delivery: flux}\n", "a.yaml:3: unknown decision 'delivery' (a layer; its decisions are ci, runners, "
     "pipeline-steps, image-build, deployment, environments and promotion)"),
    ("choices: {argocd: argo-cd}\n", "a.yaml:3: unknown decision 'argocd' ('argo-cd' is a component; it is chosen for "
     "deployment)"),
    ("clusters: [{name: a, platform: gcp}]\n", "a.yaml:3: unknown key 'platform'; it takes the keys name, environment, cloud, "
     "region, private, pools, ranges, choices, rejects and settings"),
    ("choices: {cdnn: none}\n", "a.yaml:3: unknown decision 'cdnn' (did you mean 'cdn'?)"),
    ("choices: {cdn: fastlly}\n", "a.yaml:3: unknown component 'fastlly' for 'cdn' (did you mean 'fastly'?)"),
    ("choices: {metrics: loki}\n", "a.yaml:3: 'loki' does not answer 'metrics' (it answers log-store)"),
    ("choices:\n  cdn: [fastly, akamai]\n", "a.yaml:4: 'cdn' takes one component"),
    ("settings: {metrics.retension: 3d}\n", "a.yaml:3: unknown setting 'metrics.retension' (did you mean 'metrics.retention'?)"),
    ("settings: {kubernetes.maintenance-window: at night}\n",
     "a.yaml:3: kubernetes.maintenance-window: 'at night' is not weekdays, times and a time zone, such as Tue-Thu 02:00"),
    ("settings: {kubernetes.maintenance-window: 'Tue 02:00-02:00 UTC'}\n", "opens and closes at the same time"),
    ("settings: {kubernetes.maintenance-window: 'Tue 02:00-05:00 Europe/Bielefeld'}\n",
     "a.yaml:3: kubernetes.maintenance-window: 'Europe/Bielefeld' is no time zone of the IANA database"),
    ("settings: {kubernetes.maintenance-window: 'Tue 22:00-02:00 UTC'}\n", "let it end at 24:00, or name no weekdays"),
    ("settings: {kubernetes.maintenance-window: '02:00-03:00 Europe/Berlin'}\n", "no longer than the change of clocks"),
    ("settings: {announcement.peer-address: 192.0.2.300}\n", "'192.0.2.300' is not an IP address such as 192.0.2.1"),
    ("settings: {announcement.range: 300.0.0.0/8}\n", "'300.0.0.0/8' is not an address range such as 10.0.0.0/16"),
    ("settings: {backup.bucket: My Backups}\n", "'My Backups' is not a name for buckets"),
    ("settings: {delivery.path: ../elsewhere}\n", "'../elsewhere' is not a folder of the repository"),
    ("settings: {delivery.branch: 'a..b'}\n", "'a..b' is not a branch such as main"),
    ("settings: {registry.host: 'https://r.example.com'}\n", "'https://r.example.com' is not a registry, or a path in it"),
    ("settings: {on-call.contact: nobody}\n", "'nobody' is not a mail address such as oncall@example.com"),
    ("workloads: 5\n", "a.yaml:3: 'workloads' must be a list"),
    ("externals: true\n", "a.yaml:3: 'externals' must be a list"),
    ("pinned: [cnd]\n", "a.yaml:3: cannot pin unknown 'cnd'"),
    ("priorities: [cots]\n", "a.yaml:3: unknown priority 'cots' (did you mean 'cost'?)"),
    ("version: one\n", "a.yaml:3: 'version' is said twice"),
    ("workloads:\n  - {name: Web, image: 'a/b:1'}\n",
     "a.yaml:4: name: 'Web' is not written as it should be: small letters, digits and hyphens, beginning with a letter"),
    ("workloads:\n  - {name: web, image: 'a/b'}\n",
     "a.yaml:4: image: 'a/b' is not written as it should be: an image in small letters with a tag or a digest"),
    ("workloads:\n  - {name: web, image: 'a/b:latest'}\n",
     "a.yaml:4: image: 'a/b:latest' is whatever is newest when it is pulled; name a version or a digest"),
    ("workloads:\n  - {name: web, image: 'a/b:1', port: 80, canary: {image: 'a/b:2', weight: 5}}\n"
     "  - {name: web-canary, image: 'a/b:1', port: 80}\n", "a.yaml:4: 'web' gets a Service of the name web-canary"),
    ("workloads:\n  - {name: db, image: 'a/b:1', port: 80, kind: statefulset, volumes: [{path: /d, size: 1Gi}]}\n"
     "  - {name: db-pods, image: 'a/b:1', port: 80}\n", "a.yaml:4: 'db' gets a Service of the name db-pods"),
    ("workloads:\n  - {name: web, image: 'a/b:1', port: 70000}\n", "a.yaml:4: port: input should be less than or equal to 65535"),
    ("workloads:\n  - {name: web, image: 'a/b:1', memory: 1 cup}\n", "a.yaml:4: memory: '1 cup' is not a quantity"),
    ("workloads:\n  - {name: web, image: 'a/b:1', calls: [ap]}\n", "a.yaml:4: 'web' calls 'ap', which is neither a workload nor"),
    ("workloads:\n  - {name: 9, image: 'a/b:1'}\n  - name: web\n    image: a/b:1\n    calls:\n      - web\n      - ap\n",
     "a.yaml:9: 'web' calls 'ap', which is neither a workload nor"),
    ("workloads:\n  - name: web\n    image: a/b:1\n    clusters: [\n      prd,\n    ]\n",
     "a.yaml:7: 'web' names the unknown cluster 'prd'"),
    ("externals:\n  - {kind: redis, host: r.eu, port: 1,\n     name: web}\nworkloads:\n  - {name: web, image: 'a/b:1'}\n",
     "a.yaml:5: 'web' is a workload and an"),
    ("workloads:\n  - {name: ../web, image: 'a/b:1'}\n", "a.yaml:4: name: '../web' is not written as it should be"),
    ("workloads:\n  - {name: a, image: 'a/b:1', port: 80, host: x.example.com}\n"
     "  - {name: b, image: 'a/b:1', port: 80, host: x.example.com}\n", "'b' and 'a' both take x.example.com/"),
    ("workloads:\n  - {name: a, image: 'a/b:1'}\n  - {name: a, image: 'a/b:1'}\n", "a.yaml:5: there are two workloads named 'a'"),
    ("workloads:\n  - {name: a, image: 'a/b:1', kind: cronjob, schedule: 99 * * * *}\n", "a.yaml:4: schedule: '99' is no minute"),
    ("workloads:\n  - {name: a, image: 'a/b:1', kind: cronjob, schedule: every day}\n",
     "a.yaml:4: schedule: 'every day' has 2 fields"),
    ("workloads:\n  - {name: a, image: 'a/b:1', env: {A: x}, secrets: [{env: A, key: k}]}\n",
     "a.yaml:4: variable A is given twice"),
    ("workloads:\n  - {name: a, image: 'a/b:1', env: {É: x}}\n", "a.yaml:4: env: 'É' is not a name of an environment variable"),
    ("workloads:\n  - {name: a, image: 'a/b:1', memory: '0.5'}\n", "a.yaml:4: memory: '0.5' is a part of a byte"),
    ("workloads:\n  - {name: a, image: 'a/b:1', port: 80, host: x.example.com, path: /a//b}\n",
     "a.yaml:4: path: '/a//b' has an empty"),
    ("workloads:\n  - {name: a, image: 'a/b:1', port: 80, host: x.example.com, path: '/a?b'}\n",
     "a.yaml:4: path: '/a?b' has characters"),
    ("workloads:\n  - {name: a, image: 'a/b:1', kind: statefulset, volumes: [{path: /d, size: '0'}]}\n", "a volume of nothing"),
    ("workloads:\n  - name: a\n    image: a/b:1\n    kind: statefulset\n"
     "    volumes: [{path: /d, size: 1Gi}, {path: /d/, size: 1Gi}]\n",
     "a.yaml:4: two volumes at /d"),
    ("workloads:\n  - {name: a, image: 'a/b:1', namespace: kube-system}\n", "'kube-system' is a namespace of Kubernetes itself"),
    ("workloads:\n  - {name: a, image: 'a/b:1', team: monitoring}\n", "a.yaml:4: 'a' would stand in the namespace monitoring"),
    ("clusters:\n  - {name: prod, nodes: 5}\n", "a.yaml:4: unknown key 'nodes' (it belongs under 'pools')"),
    ("clusters:\n  - {name: prod, pool: []}\n", "a.yaml:4: unknown key 'pool' (did you mean 'pools'?)"),
    ("clusters:\n  - {name: prod, cloud: gpc}\n", "a.yaml:4: 'gpc' is not one of gcp, aws"),
    ("clusters:\n  - {name: prod, ranges: {pods: 10.0.0.1/8}}\n", "a.yaml:4: ranges.pods: '10.0.0.1/8' is not an address range"),
    ("clusters:\n  - {name: prod, choices: {dns-steering: single-answer}}\n", "'dns-steering' is decided for the whole design"),
    ("waivers:\n  - {rule: nothing-here, reason: because, owner: me, until: 2027-01-01}\n", "unknown rule 'nothing-here'"),
    ("waivers:\n  - {rule: k3s-team, reason: because, owner: me, until: 2027-02-30}\n", "a.yaml:4: until: "),
    ("waivers:\n  - {rule: rook-raw-disks, reason: because, owner: me, until: 2027-01-01}\n", "cannot be waived"),
    ("versions: {prometheus: \"0.1\"}\n", "a.yaml:3: prometheus has no release '0.1'"),
])
def test_a_fault_is_named_at_its_line_with_what_was_meant(text: str, said: str, catalog: Catalog) -> None:
    assert said in refusal(HEAD + text, catalog)


PARTS = ("choices: {registry: harbor, sign-on: dex}\nworkloads:\n  - {name: web, image: 'a/b:1', port: 80, host: a.example.com}\n"
         "settings:\n  registry.host: {registry}\n  sign-on.issuer: {issuer}\n")


@pytest.mark.parametrize(("registry", "issuer", "said"), [
    ("b.example.com/apps", "https://b.example.com/auth", "a.yaml:8: sign-on.issuer and registry.host both take b.example.com"),
    ("a.example.com", "https://b.example.com", "a.yaml:7: registry.host and workload 'web' both take a.example.com"),
    ("b.example.com", "https://c.example.com", ""),
])
def test_parts_of_the_platform_with_a_host_of_their_own_share_it_with_nobody(
    registry: str, issuer: str, said: str, catalog: Catalog
) -> None:
    text = HEAD + PARTS.replace("{registry}", registry).replace("{issuer}", issuer)
    assert said in (refusal(text, catalog) if said else loads(text, catalog, "a.yaml").name)
    elsewhere = text.replace("registry: harbor, sign-on: dex", "registry: quay, sign-on: oidc-provider")
    assert loads(elsewhere, catalog, "a.yaml").name == "shop"


def test_all_faults_are_reported_at_once_in_order_of_lines(catalog: Catalog) -> None:
    lines = refusal(HEAD + "choices: {cdnn: x}\nsettings: {nothing.here: 1}\npinned: [x9]\n", catalog).splitlines()
    assert [line.split(":")[1] for line in lines] == ["3", "4", "5"]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "version: 1\n", "version: 1\nname: Ünïcode\n", "version: 1\nname: [a]\n"])
def test_what_is_no_design_is_refused(text: str, catalog: Catalog) -> None:
    assert refusal(text, catalog).startswith("a.yaml:")


def test_a_file_of_a_later_version_is_told_apart(catalog: Catalog) -> None:
    with pytest.raises(NewerVersion, match="made by a newer version"):
        loads("version: 2\nname: shop\n", catalog)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_writing_answers_and_reading_them_again_loses_nothing(path: Path, catalog: Catalog) -> None:
    answers = load(path, catalog)
    assert plain(loads(dump(answers), catalog)) == plain(answers)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_rewriting_an_unchanged_file_keeps_its_comments(path: Path, catalog: Catalog) -> None:
    text = path.read_text("utf-8")
    again = dump(load(path, catalog), text)
    assert [line for line in text.splitlines() if line.startswith("#")] == \
        [line for line in again.splitlines() if line.startswith("#")]
    assert plain(loads(again, catalog)) == plain(load(path, catalog))


def test_the_starter_file_can_be_read_as_it_is(catalog: Catalog) -> None:
    assert loads(starter(catalog, "shop"), catalog).name == "shop"


def test_each_answer_remembers_where_it_was_said(catalog: Catalog) -> None:
    answers = loads(HEAD + "choices:\n  cdn: fastly\n", catalog, "here.yaml")
    assert answers.choices["cdn"].origin == "here.yaml:4"
