"""Designs that between them choose the components of the layers from DNS to the registry that have a module."""

from __future__ import annotations

from functools import cache

from exporters.manifests.view import View
from tests.exporters.manifests.components.checking import view

_METERED = {"metrics": "prometheus"}

DESIGNS: dict[str, tuple[str, dict[str, str], dict[str, str], dict[str, str]]] = {
    # name: (cloud, choices, context, settings)
    "GKE gateway": ("gcp", {"kubernetes": "gke-autopilot", "ingress": "gke-gateway", "cdn": "cloud-cdn"}, {}, {}),
    "signed by Notation": ("on-premises", {"policy-engine": "kyverno", "image-signing": "notation", "ci": "jenkins"}, {}, {}),
    "GKE ingress": (
        "gcp",
        {
            "kubernetes": "gke-standard",
            "ingress": "gke-ingress",
            "certificates": "google-managed-certificates",
            "cdn": "cloud-cdn",
            "waf": "cloud-armor",
            "edge-configuration": "edge-from-cluster",
        },
        {"static-share": "most"},
        {},
    ),
    "Envoy on EKS": (
        "aws",
        {
            **_METERED,
            "kubernetes": "eks",
            "ingress": "envoy-gateway",
            "mesh": "linkerd",
            "load-balancer": "aws-nlb",
            "node-autoscaling": "karpenter",
            "dns-automation": "external-dns",
            "authoritative-dns": "route-53",
            "progressive-delivery": "argo-rollouts",
        },
        {},
        {},
    ),
    "ALB on EKS": (
        "aws",
        {"kubernetes": "eks", "ingress": "aws-load-balancer-ingress", "node-autoscaling": "cluster-autoscaler"},
        {},
        {},
    ),
    "Auto Mode": ("aws", {"kubernetes": "eks-auto-mode", "ingress": "eks-auto-ingress"}, {}, {}),
    "Auto Mode, certificates by hand": (
        "aws",
        {"kubernetes": "eks-auto-mode", "ingress": "eks-auto-ingress", "certificates": "manual-certificates"},
        {},
        {},
    ),
    "AKS": (
        "azure",
        {"kubernetes": "aks", "ingress": "aks-app-routing-gateway", "dns-automation": "external-dns"},
        {},
        {},
    ),
    "Azure's gateway": ("azure", {"kubernetes": "aks", "ingress": "app-gateway-for-containers"}, {}, {}),
    "bank": (
        "on-premises",
        {
            **_METERED,
            "kubernetes": "rke2",
            "cni": "cilium",
            "address-announcement": "announce-bgp",
            "certificates": "private-ca",
            "certificate-automation": "cert-manager",
            "mesh": "istio",
            "ingress": "istio",
            "registry": "harbor",
            "node-patching": "kured",
            "node-network": "wireguard",
            "cluster-upgrades": "system-upgrade-controller",
            "distributed-storage": "ceph",
            "storage-operator": "rook",
            "tracing": "jaeger",
        },
        {"compliance": "regulated"},
        {},
    ),
    "ambient": (
        "on-premises",
        {
            **_METERED,
            "kubernetes": "kubeadm",
            "cni": "calico",
            "mesh": "istio-ambient",
            "load-balancer": "metallb",
            "address-announcement": "announce-layer-2",
            "etcd-backup": "etcd-backup-job",
        },
        {},
        {},
    ),
    "BGP by MetalLB": (
        "on-premises",
        {"cni": "calico", "load-balancer": "metallb", "address-announcement": "announce-bgp", "mesh": "consul"},
        {},
        {},
    ),
    "Talos": (
        "on-premises",
        {"kubernetes": "talos", "cni": "cilium", "ingress": "cilium", "etcd-encryption": "etcd-kms-v2"},
        {},
        {},
    ),
    "OpenShift": ("on-premises", {"kubernetes": "openshift"}, {}, {}),
    "small": (
        "other-cloud",
        {**_METERED, "kubernetes": "k3s", "ingress": "traefik", "certificates": "lets-encrypt"},
        {"availability": "99.5", "platform-team": "no"},
        {},
    ),
    "kgateway": ("on-premises", {"ingress": "kgateway", "progressive-delivery": "flagger", **_METERED}, {}, {}),
    "NGINX gateway": ("aws", {"ingress": "nginx-gateway-fabric", "pod-autoscaling": "keda"}, {}, {}),
    "Kong": ("azure", {"kubernetes": "aks-automatic", "ingress": "kong"}, {}, {}),
    "F5": ("on-premises", {"ingress": "f5-nginx-ingress"}, {}, {}),
    "Emissary": ("on-premises", {"ingress": "emissary"}, {}, {}),
    "certificates by hand": (
        "on-premises",
        {"certificates": "manual-certificates", "certificate-automation": "none", "ingress": "kong", "registry": "quay"},
        {},
        {},
    ),
    "Key Vault": (
        "azure",
        {"certificates": "azure-key-vault-certificates", "ingress": "aks-app-routing-nginx", "registry": "docker-hub"},
        {},
        {},
    ),
    "Cloud Armor": (
        "gcp",
        {"kubernetes": "gke-standard", "ingress": "gke-gateway", "waf": "cloud-armor", "registry": "gitlab-registry"},
        {"code-host": "gitlab"},
        {},
    ),
    "experimental kinds": ("on-premises", {"gateway-api": "gateway-api-experimental", "ingress": "envoy-gateway"}, {}, {}),
    "Amazon Linux": ("aws", {"kubernetes": "eks", "node-os": "amazon-linux-2023", "node-autoscaling": "karpenter"}, {}, {}),
    "names by challenge": (
        "azure",
        {"certificates": "lets-encrypt", "authoritative-dns": "azure-dns", "ingress": "envoy-gateway"},
        {},
        {"acme.challenge": "dns-01"},
    ),
}

LAYERS = ("dns", "cdn", "load-balancing", "cluster-network", "kubernetes", "registry")

UNVERIFIED = {
    "GCPHTTPFilter networking.gke.io/v1: no schema at hand",
    "IngressClassParams eks.amazonaws.com/v1: no schema at hand",
    "ApplicationLoadBalancer alb.networking.azure.io/v1: no schema at hand",
}
"""Kinds of clouds whose schemas nobody publishes."""

RARE = {"ingress-nginx", "namespace-isolation", "open-network"}
"""An archived controller that only a waiver allows, and stances that say one word to the framework."""

WITHOUT_CHART = {"kgateway", "kgateway-crds", "nginx-ingress", "karpenter", "csi-driver-nfs", "kured", "flagger",
                 "crd.projectcalico.org.v1", "emissary-crds-chart"}
"""Charts that are not at hand: their values are unverified."""


@cache
def design(name: str) -> View:
    """The framework's view of a design."""
    cloud, choices, context, settings = DESIGNS[name]
    return view(cloud, choices, context, settings)
