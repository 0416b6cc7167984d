"""How a changed answer shows in objects of what did not change: data for `explained`, one entry for each answer.

An entry is as narrow as what was seen: a place (a path from its beginning) where one can be named, else words of the field.
"""

from __future__ import annotations

import re

SHOWS = {
    # capabilities
    "prometheus-operator": r"(?i)monitor|metrics|rule|prometheus|telemetry|dashboard",
    "metrics-store": r"(?i)metrics|prometheus|datasource|pipeline|exporter",
    "dashboards": r"(?i)dashboard|grafana",
    "log-store": r"(?i)log|datasource|pipeline|exporter|output|sink",
    "log-aggregation": r"(?i)log|output|sink",
    "trace-ingest-otlp": r"(?i)trac|otel|otlp",
    "telemetry-collector": r"(?i)trac|otel|otlp",
    # Sidecars count in what a namespace may ask for; a mesh measures the objectives of what it carries, joins namespaces by
    # their labels and pods by their templates, may stand before a probe by gRPC, knows callers by an account of their own, and
    # shares the network plugin and its sockets.
    "mesh": r"^spec\.hard\.requests|^spec\.groups\[\d+\]\.rules\S*expr|[pP]robe\.(grpc|tcpSocket)|\.serviceAccountName\b"
    r"|metadata\.(labels|annotations)\.\S*(inject|dataplane-mode|use-waypoint)"
    r"|^values\.(socketLB|cni)\b",
    # The registry has more copies where they share a bucket.
    "object-storage": r"(?i)bucket|replicas|podDisruptionBudget|persistence|barman|-backup\b|^spec\.(backup|method)\b"
    r"|replication_factor|object_store|delete_request_store|loki\.storage"
    r"|\"kind\": \"(CephObjectStoreUser|ObjectStore)\"|\"name\": \"\S+-keys\"|\"chart\": \"\S*barman\S*\"",
    # Without a Gateway whoever is entered through an Ingress ends TLS there.
    "gateway-api-crds": r"(?i)gateway|route|expose\.tls",
    # Whoever has none signs in with keys.
    "workload-identity": r"(?i)serviceAccount|role-arn|iam\.gke\.io|identity|\benv|Env\b|tokenRequests|secretRef"
    r"|access_?key|secret_?key",
    # decisions
    "tracing": r"(?i)trac|otel|otlp|datasource|pipeline|exporter|remoteWriteReceiver",  # its collector may write metrics
    "file-storage": r"drivers\.cephfs",
    "registry.host": r"k8s-wizard\.dev/configuration",  # those who build images are told where it is
    "registry": r"(?i)imagePullSecrets|image|registry",
    # Not every entrance keeps to a route's time, filters by itself, or leaves certificates to its listeners.
    "ingress": r"(?i)ingress|gateway|route|entrance|listener|timeouts|filters|backend-config"
    r"|\"kind\": \"(GCPHTTPFilter|ManagedCertificate|Certificate)\"",
    # What an authority of one's own signed is trusted by those who are told of it.
    "certificates": r"(?i)issuer|certificate|certmap|tls|certs|company-authority|k8s-wizard.dev/configuration",
    "cdn": r"(?i)cdn|cache|HTTPFilter|filters|edge",
    "waf": r"(?i)securityPolicy|waf",
    "ddos-protection": r"(?i)securityPolicy",
    "instrumentation": r"(?i)remoteWriteReceiver",
    "ci": r"(?i)attestors|signed",
    "secrets": r"(?i)secret|image.startsWith",  # what brings them may run images of its own beside workloads
    "secret-store": r"(?i)secret|remoteRef|issuer",  # it may sign the certificates
    "policy-engine": r"\"kind\": \"ValidatingAdmissionPolicy",  # what every API server reads is its own engine
    "encryption-keys": r"(?i)kms",
    "on-call": r"(?i)receiver|alert|secret",
    "alerting": r"(?i)receiver|alert",
    "cni": r"kubeProxy|socketLB",
    "block-storage": r"(?i)drivers|storageClass|volume",
    "volume-snapshots": r"(?i)snapshot|features|FsBackup|MoveData",
    "metrics": r"(?i)metrics|monitor|prometheus|alert|rule|dashboard",
    "certificate-automation": r"(?i)issuer|certificate|tls|https|listener|sectionName",
    "deployment": r"(?i)roleRef|not-chosen-deployment",
    "address-announcement": r"(?i)bgp|router",
    "load-balancer": r"(?i)bgp|IPPool",
    # settings and facts of the use case
    "kubernetes.maintenance-window": r"(?i)window|reboot|schedule|startTime|endTime|timeZone|budgets",
    "secrets.refresh": r"refreshInterval",
    # What saves a store by itself keeps as long as the backups do.
    "backup.retention": r"retentionPolicy",
    "delivery.interval": r"(?i)interval|reconciliation",
    # A store in parts takes traces in and answers by other Services than one process.
    "traces.layout": r"(?i)trac|otlp|datasource",
    # Tools close their own accounts where a sign-on is said.
    "sign-on": r"(?i)admin.enabled|oidc|\bini\.(auth|server)\b",
    "sign-on.issuer": r"(?i)admin.enabled|oidc|issuer|\bini\.(auth|server)\b",
    "policy.mode": r"(?i)validationActions|enforce",
    "mesh.mtls": r"(?i)mtls|PeerAuthentication",
    "edge.redirect-https": r"(?i)redirect",
    "traffic": r"(?i)replicas",
    "compliance": r"(?i)encrypt|kube(ControllerManager|Scheduler)|validationActions|securityPolicy|audit|msgr2",
    # Whoever writes to each copy of a store has an exporter for each of them.
    "availability": r"(?i)replica|instances|(?-i:\bcount|Count\b|\bmin|Min|\bmax|Max)|budget|pdb|spread|affinity|zone|quorum"
    r"|copies|regional|isr|failureDomain|synchronous|database|redis|highAvail|\bha\b|strategy|default-class"
    r"|remotewrite/?\d?|\b(premium|standard)-(lrs|zrs)\b",
    "acme.challenge": r"solvers|-dns\b",
    "ingress.request-timeout": r"timeout",
    "recovery-point": r"\"kind\": \"Schedule\"",
}
"""What changed (a capability, a decision, a setting, a question) to the fields that are about it, wherever they stand."""

DRESS = re.compile(r"metadata\.(labels|annotations)|.*\bpriorityClassName\b")
"""Fields that no setting of its decision explains."""

PEERS = {
    "kube-dns": {"service-discovery"},
    "svccontroller.k3s.cattle.io": {"load-balancer", "internal-load-balancing"},
    '["ingress", null,': {"load-balancer", "internal-load-balancing"},
}
"""Peers of policies that no component of the topology is, and the decisions that they come and go with."""

MESHED = {
    "AuthorizationPolicy",
    "ServiceEntry",
    "Server",
    "ServiceIntentions",
    "MeshTLSAuthentication",
    "NetworkAuthentication",
}
TRAFFIC = {"NetworkPolicy", "CiliumNetworkPolicy", "GlobalNetworkPolicy"} | MESHED
