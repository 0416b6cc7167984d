'''One module per component whose installation depends on the design; most components need none.

How a module is found
    `exporters/manifests/components/<id>.py`, hyphens and dots of the id as underscores: `cert-manager` is
    `cert_manager.py`. No registration. A module asks its view (exporters/manifests/view.py) for capabilities,
    settings, facts, context and flows; it never names another component. Every function below is optional.

What a module may define
    values(view) -> dict
        Helm values that follow the design. Called once per chart of `install.charts`; `view.release`,
        `view.chart.chart` and `view.namespace` say which one, so begin with `if view.release != "x": return {}` where
        there are several. The result is laid over `values` and `values-from` of the YAML (dicts merge, lists and
        scalars replace; a key set to None is removed). Every key must exist in the chart's values.yaml.
        Never a secret value: name a Secret.
    objects(view) -> list[dict]
        Further Kubernetes objects of the component, complete with apiVersion, kind, metadata.name and
        metadata.namespace (where namespaced). Labels `app.kubernetes.io/*` and the decision annotations are added by
        the framework (given ones win). Order does not matter: an object whose API group is installed by this
        component (`install.crds`) or by another is put into a later folder than that installation; all others come
        with or before the chart. `Secret.objects` of references that the module asked for belong in this list.
        Do not emit: Namespace, NetworkPolicy (from the topology), workloads' own objects.
    bootstrap(view) -> list[dict]
        For `install.bootstrap: true` components: what `objects` would be, written to manifests/00-bootstrap/.
        Default: nothing beyond the charts.

Hooks: what a provider answers when somebody else needs it. `view` is the view of the provider, except where said.
    secret(view, request: SecretRequest) -> list[dict]              provider of `secrets-delivery`
        Objects that make a Secret `request.name` with `request.keys` appear in `request.namespace`
        (an ExternalSecret; for file-based tools a placeholder object that a person encrypts, never a value).
    identity(view, account: str, namespace: str) -> Identity        provider of `workload-identity`
        Annotations of the ServiceAccount and labels of its pods (`iam.gke.io/gcp-service-account` ...).
    object_store(view, purpose: str) -> ObjectStore | None          provider of `object-storage` / `backup-destination`
        The one hook called with the ASKING component's view: compare `view.cloud`; use `view.bucket(purpose)`,
        `view.capability("workload-identity")` and `view.secret(f"{purpose}-bucket", ["access-key", "secret-key"])`.
    storage_class(view, purpose: str) -> str | None                 chosen for block-storage, distributed-storage, file-storage
        Name of the StorageClass for purpose `block` or `file`. The class itself (and VolumeSnapshotClass) comes
        from the provider's `objects(view)`; exactly one in a cluster should be the default: ask
        `view.storage_class() == <mine>` before marking one.
    address(view, capability: str) -> str | None                    provider of the capability
        URL or host:port of its Service: metrics-store `http://host:port` (PromQL base), log-store push base URL,
        `trace-ingest-otlp` and `telemetry-collector` `host:4317` (OTLP gRPC), `tracing` the query URL that a dashboard uses,
        `alerting` the Alertmanager URL, `dashboards`, `registry` the host that images are pulled from,
        `secret-store`. Return None for capabilities you do not serve.
    issuer(view) -> Issuer | None                                   chosen for certificates / certificate-automation
        The issuer that routes name; the issuer object itself comes from `objects(view)`.
    entry(view) -> Entry | None                                     chosen for ingress
        gateway_class or ingress_class, annotations, listener TLS options, labels of the proxy pods.
        The shared Gateway, its listeners and the routes are made by the framework (network.py).
    datasource(view) -> list[dict]                                  provider of metrics-store, log-store, tracing
        Grafana data sources ({name, type, url, jsonData, ...}) that the dashboards component collects with
        `view.datasources()`.
    alerts(view) -> dict                                            chosen for on-call / alerting
        Alertmanager receiver fragment: {"receiver": {...}, "secrets": [Secret, ...]}; collected by `view.receivers()`.
    pipeline(view, signal: str) -> dict | None                      provider of metrics-store, log-store, tracing
        An OpenTelemetry Collector exporter for `traces`, `metrics` or `logs`: {"name": "otlp/tempo", "config": {...}};
        collected by `view.exporters(signal)`.
    sidecars(view) -> dict                                          chosen for mesh
        {"namespace_labels": {...}, "namespace_annotations": {...}, "pod_labels": {...}, "pod_annotations": {...}}:
        what makes a workload namespace and its pods members of the mesh.
    authorize(view, target: dict, callers: list[dict]) -> list[dict]  chosen for mesh
        Authorization objects for one workload: `target` and each caller is {"name", "namespace", "service_account",
        "labels", "port", "protocol"}; called once per workload that is called.
    canary(view, workload: Workload, service: str, namespace: str) -> list[dict]  chosen for progressive-delivery
        The object that shifts traffic step by step (Rollout, Canary). The framework makes Deployments and weighted
        routes when nothing answers.
    policies(view) -> list[dict]                                    chosen for policy-engine
        Like `objects`; kept apart so that policies come after the engine and before workloads.
    route_policies(view, route: dict, workload: Workload) -> list[dict]  chosen for ingress / edge-configuration
        Objects attached to a route (health check policy, CDN filter, redirect), for the entry's own controller.
    dataplane(view) -> dict                                          chosen for cni, mesh, network-policy
        What the dataplane needs beyond standard NetworkPolicy: {"ingress": [rules], "egress": [rules]} are added to
        every workload policy; "objects": [dict, ...] are custom kinds; "residue": [sentences] what cannot be said.

What a view answers: see `View`; the most used are `capability`, `setting`, `context`, `fact`, `replicas()`, `quorum()`,
    `highly_available`, `zones`, `spread(labels)`, `storage_class()`, `object_store(purpose)`, `secret(name, keys)`,
    `identity(account)`, `address(capability)`, `monitors`, `tracing`, `meshed`, `domain`, `cluster`, `region`, `environment`.

Identity of charts' service accounts
    `install.workload-identity` names the service accounts; put `view.identity(account).annotations` where the chart takes them
    (`serviceAccount.annotations`) and `.pod_labels` where it takes pod labels. Unknown account names, project ids and
    regions are visible placeholders in capitals (`PROJECT_ID`, `ACCOUNT_ID`), or settings where the catalog has them.

How it becomes delivery
    Argo CD: an Application per chart in `manifests/<nn>-<layer>/apps/`; Flux: HelmRepository or OCIRepository and HelmRelease
    in `manifests/<nn>-<layer>/`; helmfile: an entry in `manifests/helmfile.yaml` with `manifests/<nn>-<layer>/values/<release>.yaml`.
    `exporters/manifests/through/*` does that; modules never see it. Components with `install.bootstrap: true` are
    installed by commands from manifests/00-bootstrap/ (helm template or upgrade with a values file).
'''
