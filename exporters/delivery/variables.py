"""What a job reads from its CI service: names of things as variables, and the few secrets that nothing can replace."""

from __future__ import annotations

from dataclasses import dataclass

from exporters.delivery.signin import CLUSTER_VARIABLES, VARIABLES
from exporters.delivery.steps import Pipeline, Target, emulates, part


@dataclass(frozen=True)
class Variables:
    """Name and meaning of each."""

    plain: tuple[tuple[str, str], ...] = ()
    secret: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Variables) -> Variables:
        return Variables(tuple(dict([*self.plain, *other.plain]).items()), tuple(dict([*self.secret, *other.secret]).items()))


def kubeconfig(target: Target) -> str:
    """Name of the variable that holds the kubeconfig of a cluster whose cloud takes no identity token."""
    return "KUBECONFIG_" + target.name.upper().replace("-", "_")


def for_tools(made: Pipeline) -> Variables:
    """Of every job."""
    if made.runner != "hosted" or "k8s-wizard" not in made.needs:
        return Variables()
    return Variables((("K8S_WIZARD_VERSION", "version of k8s-wizard that the manifests are exported with"),))


def for_checks(made: Pipeline) -> Variables:
    """Of jobs that build and scan; nothing secret, since changes of strangers are among what they build."""
    asked = getattr(part(made.builder), "VARIABLES", ()) if "build" in made.steps else ()
    binfmt = (("DELIVERY_BINFMT", "image of tonistiigi/binfmt, by digest: it lets Docker build for other architectures"),)
    return Variables((*made.mirrored, *asked, *(binfmt if emulates(made) == "service" else ())))


def for_push(made: Pipeline) -> Variables:
    """Of jobs that push."""
    found = Variables()
    if made.identity:
        found += Variables(VARIABLES[made.identity])
    elif not made.own_token:
        found += Variables((("REGISTRY_USER", f"robot account that may push to {made.registry} and nothing else"),),
                           (("REGISTRY_PASSWORD", "its password; set a date to change it"),))
    return found + for_checks(made)


def for_signing(made: Pipeline) -> Variables:
    """Of jobs that sign."""
    if not made.sign or made.keyless_sign:
        return Variables()
    return Variables(made.signing)


def for_clusters(made: Pipeline, targets: tuple[Target, ...]) -> Variables:
    """Of jobs that apply to clusters."""
    found = Variables()
    for target in targets:
        if target.cloud in CLUSTER_VARIABLES:
            found += Variables((*VARIABLES[target.cloud], *CLUSTER_VARIABLES[target.cloud]))
        else:
            found += Variables((), ((kubeconfig(target), f"kubeconfig of {target.name} with a token that ends by itself"),))
    return found


def for_manifests(made: Pipeline) -> Variables:
    """Of jobs that read or write the manifests' repository."""
    return Variables((), (("DELIVERY_TOKEN", "token of a robot account that may push to the manifests' repository only"),))
