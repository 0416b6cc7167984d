"""What is left to people: the steps of a component that apply in a design, with the page that fits it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from catalog.handover import asks, comes, steps
from exporters.manifests import bootstrap
from wizard.answers_file import loads
from wizard.complete import resolve


def made(catalog: Catalog, cloud: str, choices: str) -> Design:
    text = (f"version: 1\nname: shop\nclusters: [{{name: prod, environment: prod, cloud: {cloud}, region: somewhere}}]\n"
            f"choices: {{{choices}}}\n")
    return resolve(loads(text, catalog), catalog, reasons=False)


def done(design: Design, component: str) -> list[str]:
    return [step.do for step in steps(design, design.catalog.components[component])]


def test_a_step_for_another_choice_is_left_out(catalog: Catalog) -> None:
    with_it = made(catalog, "aws", "authoritative-dns: route-53, dns-automation: external-dns, dns-steering: single-answer")
    without = made(catalog, "aws", "authoritative-dns: route-53, dns-automation: none, dns-steering: single-answer")
    rights = "Allow the identity of ExternalDNS to change records of this one zone only."
    assert rights in done(with_it, "route-53") and rights not in done(without, "route-53")
    assert not [text for text in done(with_it, "route-53") if "health check" in text]


def test_a_step_for_another_cloud_is_left_out(catalog: Catalog) -> None:
    balanced = made(catalog, "aws", "address-scope: regional-ip, load-balancer: aws-alb")
    assert [text.split(" ")[0] for text in done(balanced, "regional-ip")] == ["Read"]
    numbered = made(catalog, "aws", "address-scope: regional-ip, load-balancer: aws-nlb")
    assert done(numbered, "regional-ip")[0] == "Reserve an Elastic IP address in each zone for the Network Load Balancer."
    assert done(made(catalog, "gcp", "address-scope: regional-ip"), "regional-ip")[0] == "Reserve a static address for the entry."


@pytest.mark.parametrize(("cloud", "host"), [
    ("gcp", "docs.cloud.google.com"), ("aws", "docs.aws.amazon.com"), ("azure", "learn.microsoft.com")])
def test_a_step_leads_to_the_page_of_the_designs_cloud(catalog: Catalog, cloud: str, host: str) -> None:
    design = made(catalog, cloud, "node-exposure: private-nodes")
    assert [step.link.split("/")[2] for step in steps(design, catalog.components["private-nodes"])][:2] == [host, host]


def test_every_component_of_a_sample_has_manifests_or_something_left_to_do(catalog: Catalog) -> None:
    for path in sorted((Path(__file__).parents[2] / "samples").glob("*/answers.yaml")):
        if path.parent.parent.name == "samples":
            design = resolve(loads(path.read_text(encoding="utf-8"), catalog), catalog, reasons=False)
            for component in design.selected():
                assert component.install is not None or steps(design, component), (path.parent.name, component.id)


def test_in_each_cluster_comes_only_what_it_has_and_with_its_name(catalog: Catalog) -> None:
    text = ("version: 1\nname: fleet\nchoices: {sign-on: entra-id}\nclusters:\n"
            "  - {name: west, environment: prod, cloud: azure, region: westeurope, choices: {kubernetes: aks}}\n"
            "  - {name: lab, environment: dev, cloud: on-premises, region: cellar, choices: {kubernetes: rke2}}\n")
    design = resolve(loads(text, catalog), catalog, reasons=False)
    commands = [(step.cluster, step.command) for step in bootstrap.steps(design)]
    named = "az aks update --resource-group <group> --name west --disable-local-accounts"
    assert any(named in text for name, text in commands if name == "west")
    assert not [text for name, text in commands if name == "lab" and text.startswith("az ")]


def test_local_accounts_go_once_people_reach_the_cluster_by_their_own(catalog: Catalog) -> None:
    text = ("version: 1\nname: shop\nchoices: {sign-on: entra-id}\nclusters:\n"
            "  - {name: west, environment: prod, cloud: azure, region: westeurope, choices: {kubernetes: aks}}\n")
    design = resolve(loads(text, catalog), catalog, reasons=False)
    before = [step.command for step in steps(design, catalog.components["entra-id"]) if step.comes == "before"]
    assert any("--enable-aad" in (command or "") for command in before), "or the first kubeconfig is one of a local account"
    commands = [step.command for step in bootstrap.steps(design)]
    reached, disabled = (next(at for at, command in enumerate(commands) if word in command)
                         for word in ("az aks get-credentials", "--disable-local-accounts"))
    assert reached < disabled and "--enable-aad" not in "\n".join(commands)
    assert "--overwrite-existing" in commands[reached], "a step that is repeated would stop and ask"


_EVERYWHERE = {"route53", "iam", "s3", "cloudfront"}
"""Services of AWS that are one for all regions, or ask by name."""


def test_commands_of_aws_say_their_region(catalog: Catalog) -> None:
    calls = [(component.id, call) for component in catalog.components.values() for step in component.handover
             for call in re.findall(r"\baws (?:[^|;&'\n]|'[^']*')+", step.command or "")]
    assert len(calls) > 15
    assert not [entry for entry in calls if entry[1].split()[1] not in _EVERYWHERE and "--region " not in entry[1]]


def test_a_step_leads_to_the_page_of_the_code_host(catalog: Catalog) -> None:
    text = "version: 1\nname: shop\ncontext: {code-host: gitlab}\nchoices: {promotion: pull-request-promotion}\n"
    design = resolve(loads(text, catalog), catalog, reasons=False)
    first = steps(design, catalog.components["pull-request-promotion"])[0]
    assert first.link == "https://docs.gitlab.com/user/project/codeowners/"


@pytest.mark.parametrize(
    ("cluster", "said", "never"),
    [
        ("cloud: azure, choices: {kubernetes: aks, cni: calico}", "--network-plugin none", "--network-dataplane cilium"),
        ("cloud: azure, choices: {kubernetes: aks, cni: azure-cni-cilium}", "--network-dataplane cilium", "network-plugin none"),
        ("cloud: aws, choices: {kubernetes: eks, cni: cilium}", "--no-bootstrap-self-managed-addons", "--addon-name vpc-cni"),
        ("cloud: aws, choices: {kubernetes: eks, cni: calico}", "ANNOTATE_POD_IP", "enableNetworkPolicy\":\"true"),
    ],
)
def test_a_managed_cluster_is_made_for_the_network_plugin_of_the_design(
    catalog: Catalog, cluster: str, said: str, never: str
) -> None:
    text = f"version: 1\nname: shop\nclusters:\n  - {{name: prod, environment: prod, region: here, {cluster}}}\n"
    design = resolve(loads(text, catalog), catalog, reasons=False)
    steps_made = [step.command or "" for component in design.selected() for step in steps(design, component)]
    assert any(said in command for command in steps_made) and not any(never in command for command in steps_made)


def test_a_command_that_only_names_a_program_asks_no_cluster(catalog: Catalog) -> None:
    """Creating a cluster with the data plane cilium is no question to one that runs."""
    made = next(step for step in catalog.components["azure-cni-cilium"].handover if "--network-dataplane" in (step.command or ""))
    assert not asks(made)


def test_no_running_cluster_is_changed_before_there_is_one(catalog: Catalog) -> None:
    early = {component.id: step.command for component in catalog.components.values() for step in component.handover
             if step.command and "<cluster>" in step.command and comes(component, step) == "before"}
    assert early and all(re.search(r" create(-auto)? ", command) for command in early.values()), early
