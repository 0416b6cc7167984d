"""One module per component whose installation depends on the design; most components need none.

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
        Components that are handed over or bootstrapped may answer too: their objects come through the delivery tool,
        after what installs their kinds.
        Do not emit: Namespace, NetworkPolicy (from the topology), workloads' own objects.
    bootstrap(view) -> list[dict]
        For `install.bootstrap: true` components: what has to be there before their charts, written to
        manifests/00-bootstrap/. Default: nothing beyond the charts.

Hooks: what a provider answers when somebody else needs it. `view` is the view of the provider, except where said.
    asks(view) -> tuple[str, ...]                                   any component with `objects`
        Capabilities that its objects ask as soon as they are applied (an issuer its authority, a store of references its
        server), where what provides them runs in the cluster: it is installed before these objects, and before all that
        waits for them.
    secret(view, request: SecretRequest) -> list[dict]              provider of `secrets-delivery`
        Objects that make a Secret `request.name` with `request.keys` appear in `request.namespace`
        (an ExternalSecret; for file-based tools a placeholder object that a person encrypts, never a value).
    kept(ours: dict, before: dict) -> dict                          provider of `secrets-delivery`
        One of its objects with what people filled into the object of that name since the last export.
    decryption(view) -> dict                                        provider of `secrets-delivery`
        How Flux opens what lies encrypted in Git.
    own_file(obj: dict) -> str | None                               provider of `secrets-delivery`
        Ending of the file that one of its objects has for itself, where whole files are encrypted.
    stays(ours: dict, before: dict) -> bool                         provider of `secrets-delivery`
        Whether the encrypted file of an object is left letter by letter.
    filled(place: tuple[str, str], key: str) -> str                 provider of `secrets-delivery`
        The command that makes what one key of a Secret (namespace, name) wants in its place in the export; without it the
        values lie in a store that the entries name.
    adopted(context: str, place: tuple[str, str]) -> str            provider of `secrets-delivery`
        The command without which it leaves a Secret alone that somebody else made.
    identity(view, account: str, namespace: str) -> Identity        provider of `workload-identity`
        Annotations of the ServiceAccount and labels of its pods (`iam.gke.io/gcp-service-account` ...).
    object_store(view, purpose: str) -> ObjectStore | None          provider of `object-storage` / `backup-destination`
        The one hook called with the ASKING component's view: compare `view.cloud`; use `view.bucket(purpose)`,
        `view.capability("workload-identity")` and `view.secret(f"{purpose}-bucket", ["access-key", "secret-key"])`.
    storage_class(view, purpose: str) -> str | None                 distributed-, block-, file-storage, storage-operator
        Name of the StorageClass for purpose `block` or `file`. The class itself (and VolumeSnapshotClass) comes
        from the provider's `objects(view)`; exactly one in a cluster should be the default: ask
        `view.storage_class() == <mine>` before marking one.
    unsnapshotted(view) -> tuple[str, ...]                           chosen for file-storage / block-storage
        Names of its StorageClasses of whose volumes nothing takes snapshots; backups copy them file by file.
    address(view, capability: str) -> str | None                    provider of the capability
        URL or host:port of its Service: metrics-store `http://host:port` (PromQL base), log-store push base URL,
        `trace-ingest-otlp` and `telemetry-collector` `host:4317` (OTLP gRPC), `tracing` the query URL of dashboards,
        `alerting` the Alertmanager URL, `dashboards`, `registry` the host that images are pulled from,
        `secret-store`. Return None for capabilities you do not serve.
    authority(view) -> str                                          chosen for certificates
        Entry of the secret store with the certificate of an authority that nobody knows who has not been told.
    issuer(view) -> Issuer | None                                   chosen for certificates / certificate-automation
        The issuer that routes name; the issuer object itself comes from `objects(view)`.
    entry(view) -> Entry | None                                     chosen for ingress
        gateway_class or ingress_class, annotations, listener TLS options, labels of the proxy pods.
        The shared Gateway, its listeners and the routes are made by the framework (network.py).
    database(view) -> Callable[[View, str, str], dict]               provider of `data-store` that makes databases
        A function of the asking view, a name and a database: {"host", "port", "username", "secret": name of the Secret
        with `password` in the asker's namespace, "objects": [...] that the asker returns from its own `objects(view)`}.
    datasource(view) -> list[dict]                                  provider of metrics-store, log-store, tracing
        Grafana data sources ({name, type, url, jsonData, ...}) that the dashboards component collects with
        `view.gather("datasource", "metrics-store", "log-store", "tracing")` (one list per provider).
    alerts(view) -> dict                                            chosen for on-call / alerting
        Alertmanager receiver fragment: {"receiver": {...}, "secrets": [Secret, ...]}; collected by
        `view.gather("alerts", "on-call", "alerting")`.
    pipeline(view) -> dict                                          provider of metrics-store, log-store, tracing
        OpenTelemetry Collector exporters by signal: {"traces": {"name": "otlp/traces", "config": {...}}, "logs": ...}, and
        below "more" lists of further ones by signal;
        collected by `view.gather("pipeline", "metrics-store", "log-store", "tracing")`.
    sidecars(view) -> dict                                          chosen for mesh
        {"namespace_labels": {...}, "namespace_annotations": {...}, "pod_labels": {...}, "pod_annotations": {...}}:
        what makes a workload namespace and its pods members of the mesh. "annotations_of": a function of a workload that
        serves, for annotations that differ; "requests": {"cpu", "memory"} of the proxy in each pod;
        "grpc_probes": False where the kubelet cannot ask a member by gRPC.
    authorize(view) -> Callable[[dict, list[dict]], list[dict]]      chosen for mesh
        A function of a target and its callers: authorization objects for one workload. Target and each caller are
        {"name", "namespace", "service_account", "labels", "port", "protocol"}, the target also "services";
        callers from outside have name
        "entry" and the labels and namespace of the proxies. Called once per workload that has a port.
    canary(view) -> Callable[[Workload, str], list[dict]]            chosen for progressive-delivery
        A function of a workload and its namespace: the objects that shift its traffic step by step (Rollout, Canary).
        The framework makes a second Deployment and weighted routes when nothing answers or the list is empty.
    owns_traffic(view) -> Callable[[Workload], tuple[str, ...]]      chosen for progressive-delivery
        What of a workload it makes or says itself, so that nobody else does: `services`, `route`, `weights` (the
        shares in a route that the framework makes), `replicas` (the pods, by a Rollout of the workload's name).
    changed_live(view) -> list[dict]                                chosen for progressive-delivery
        Fields of objects in Git that it changes in the cluster: {"group", "kind", "name", "namespace", "jq": paths for
        Argo CD, "pointer": JSON pointer for Flux}.
    release_label(view) -> Callable[[Workload], dict[str, str]]      chosen for progressive-delivery
        A label of the pods in Git by which its copies of them can be told apart.
    policies(view) -> list[dict]                                    chosen for policy-engine
        Like `objects`; kept apart so that policies come after the engine and before workloads.
    own_route(view) -> Callable[[Workload, str, Second | None], list[dict]]  chosen for ingress
        A function of a workload with a host, its namespace and its second version: the route in kinds of the entry itself,
        where an Ingress says too little.
    whole_host(view) -> Callable[[str, str], list[dict]]             chosen for ingress
        A function of a host and a namespace: what holds for the whole host, where Ingresses with its paths join one
        (`Entry.joined_by`).
    own_host(view) -> str | None                                    provider of `registry`, `sign-on`
        The host of its own that each cluster serves.
    keeps_off(view) -> dict[str, str]                                chosen for dns-automation
        Annotations of a route or Ingress whose name it shall not write.
    second(view) -> Callable[[dict, Workload, Second], list[dict]]   chosen for ingress
        A function of an Ingress, its workload and its second version: changes the Ingress, or returns further objects, so
        that the second version gets its share.
    splits(view) -> str                                              chosen for mesh
        How it splits calls between workloads, in the words of exporters/manifests/sharing.py.
    further_service(view) -> dict                                    chosen for mesh
        Labels of a second Service of the same pods, where a member may have one Service only.
    unmeshed(view) -> dict[str, dict[str, str]]                      chosen for mesh
        `labels` and `annotations` that keep a pod of a namespace of the mesh out of it.
    account_of_service(view) -> bool                                 chosen for mesh
        True where the account of pods has to be called like their Service.
    between(view) -> Callable[[Workload, str, Second], list[dict]]   chosen for mesh
        A function of a workload, its namespace and its second version: what splits the calls to it, where that is not
        `routes`.
    route_policies(view) -> Callable[[dict, Workload], list[dict]]   ingress, edge-configuration, load-balancer
        A function of a route (the HTTPRoute or Ingress) and its workload: objects attached to it or to its Service
        (health check policy, CDN filter, timeouts), for the entry's own controller.
    uncached(view) -> str | None                                     chosen for ingress
        What a route lacks that another controller makes, so that the CDN keeps no answers; None where it keeps none anyway.
    service_annotations(view) -> Callable[[Workload], dict[str, str]]  chosen for ingress
        Annotations of the Service of a workload, by which the entry's own controller knows what belongs to it.
    dataplane(view) -> dict                                          chosen for cni, mesh, network-policy
        What the dataplane needs beyond standard NetworkPolicy: {"ingress": [rules], "egress": [rules]} are added to
        every workload policy; "objects": [dict, ...] are custom kinds; "residue": [sentences] what cannot be said.

    counts_owners(view) -> bool                                      chosen for mesh
        True where the names in its metrics are those of Deployments and not of Services.
    request_metrics(view) -> Callable[[Workload, str, tuple], tuple[str, str]]  chosen for mesh
        A function of a workload, its namespace and the names it is counted under: PromQL of (failed requests, all
        requests) per second with the word WINDOW in place of the range, from what the mesh measures.
    crossing(view, crossing: Crossing) -> list[dict]                 chosen for cni
        Custom kinds that allow a flow that standard NetworkPolicy cannot say here (API server, nodes, DNS names); when
        the list is not empty, the framework leaves out its own wide ipBlock rule for it.
    stance(view) -> str                                              chosen for network-policy
        `deny` (what holds when nobody answers), `namespace` (free within a namespace) or `open` (no policies).
    pull_secret(view) -> Callable[[str], Secret]                     provider of `registry`
        A function of a namespace: the Secret nodes pull images with. Define only where nodes have no identity for it.
    spot(view) -> dict                                               chosen for kubernetes
        {"tolerations": [...], "affinity": {...}} of pods that may run on nodes that can be taken away.
    restore(view) -> list[tuple[str, str, str]]                      provider of `cluster-backup`, `secret-store`
        (what to do, command, what to see) that bring objects and volumes back, for the restore runbook.
    announcement(view) -> str                                        chosen for address-announcement
        `bgp` or `layer-2`: how the load balancer of own machines makes its addresses known.
    node_encryption(view) -> str                                     chosen for node-network
        What encrypts traffic between nodes, such as `wireguard`; the CNI switches it on.
    api_agents(view) -> tuple[dict[str, str], ...]                   chosen for kubernetes
        Labels of the pods in kube-system through which the API server reaches pods, where it does not come by itself.
    api_server(view) -> tuple[str, int]                              chosen for kubernetes
        Where a CNI that replaces kube-proxy finds the API server from every node.
    dns_writer(view) -> Callable[[View], dict]                       provider of `dns-api`
        A function of the asking view: {"provider": name in ExternalDNS, "env": [...], "args": [...], "volumes": [...],
        "mounts": [...], "solver": dns01 solver of cert-manager, "objects": [...]} with the asker's identity or Secret.
    cni_paths(view) -> tuple[str, str]                               chosen for kubernetes
        Folders of CNI binaries and configuration, where they are not /opt/cni/bin and /etc/cni/net.d.
    address_scope(view) -> str                                       chosen for address-scope: `global` or `regional`.
    security_policy(view) -> str                                     chosen for waf, ddos-protection
        Name of the policy that backends of the cloud's load balancer refer to.
    pki(view) -> Callable[[View, str], dict]                         provider of `secret-store`
        A function of the view of what renews certificates and a role: the `vault` part of a cert-manager issuer.
    host_options(view) -> dict                                       chosen for kubernetes
        Values that a CNI of eBPF needs on the nodes of this platform.
    upgrade_image(view) -> str                                       chosen for kubernetes
        The image that upgrades a node.
    node_image(view) -> str                                          chosen for node-os
        The alias by which node provisioners name the image.
    cdn_cache(view) -> dict                                          chosen for cdn
        The cache policy that routes carry, where the CDN belongs to the entry's own load balancer.
    reach(view) -> tuple[str, ...]                                  provider of kubernetes, where somebody else runs it
        Commands that make a kubectl context with the cluster's name.
    audit_log(view) -> str                                          provider of self-managed-kubernetes
        Path of the API servers' audit log on their machines.
    sink(view) -> dict | None                                        provider of log-aggregation, log-store, elasticsearch
        Where collectors push logs to, in the words of exporters/manifests/sinks.py.
    datasource_secret(view) -> Callable[[str], Secret]               provider of `log-store`
        A function of a namespace: what dashboards there sign in with (`$LOGS_USERNAME`, `$LOGS_PASSWORD` ...).
    collects_dashboards(view) -> bool                                provider of `dashboards`
        True where ConfigMaps labelled `grafana_dashboard` are shown, so that charts may bring them.
    operated(view) -> dict                                           provider of `alerting`
        Values below `alertmanager` of the chart whose operator runs it.
    remote_write(view) -> list[dict]                                 provider of `long-term-metrics`
        Entries of `remoteWrite` of a Prometheus.
    external_store(view) -> Callable[[str, str], dict]               provider of `secret-store`
        A function of the operator's service account and namespace: `spec.provider` of a ClusterSecretStore.
    remote(view) -> Callable[[str], dict]                            provider of `secret-store`
        A function of an entry (`shop/shop/db/password`): its `remoteRef`, in names that the store takes.
    csi(view) -> Callable[[dict], tuple[str, dict]]                  provider of `secret-store`
        A function of keys to entries: provider and parameters of a SecretProviderClass.
    connection(view) -> dict                                         provider of `secret-store` with Vault's API
        {"address": URL, "authority": Secret of its namespace with ca.crt}.
    images(view) -> tuple[str, ...]             chosen for mesh; secrets-delivery, certificate-automation, cluster-backup
        Beginnings of images that it runs in workload namespaces, for policies about where images come from.
    attestor(view) -> dict                                           provider of `image-signing`
        An attestor of Kyverno's ImageValidatingPolicy: {"name": ..., "cosign" or "notary": {...}}, and "unknown": the
        setting without which it checks nothing.
    signer(view) -> dict | None                                      chosen for `ci`
        {"issuer", "subjectRegExp"} of the identity that pipelines sign with; None where a key is used.
    judged_by_engine(view) -> bool                                   chosen for `pod-security`
        True where the policy engine holds pods to the restricted standard.
    at_rest(view) -> str                                             chosen for etcd-encryption
        `key` (of the control plane's own) or `service` (KMS v2): how nodes' configuration encrypts Secrets in etcd.
    snapshots(view) -> Snapshots                                     chosen for etcd-backup
        Schedule and bucket of the copies that the distribution itself takes (exporters/nodes/machines.py).
    packaged(view) -> tuple[str, ...]                                chosen for load-balancer, block-storage
        Packaged parts of a distribution that must not be switched off: `balancer`, `local-volumes`.
    mirrors_public(view) -> bool                                     chosen for image-replication
        True where nodes pull public images through the own registry.
    upgrades_by_plan(view) -> bool | None                            chosen for cluster-upgrades
        True where another minor is a change in Git.
    reboots(view) -> bool                                           chosen for node-patching
        True where it takes machines away by itself within the maintenance window.
    oidc_endpoints(view) -> dict[str, str]                          chosen for sign-on
        What the issuer's address goes on with: {"auth", "token", "userinfo"}.
    oidc_scopes(view) -> tuple[str, ...]                            chosen for sign-on
        Scopes beyond openid, profile and email by which groups get into a token (without an answer: `groups`).
    oidc_client(view) -> dict | None                                 chosen for deployment, dashboards, registry
        How a sign-on inside the cluster knows it: {"id", "name", "redirectURIs"} and "public": True, or "secret": the entry
        of the store with what it proves itself with.

What a view answers: see `View`; the most used are `capability`, `setting`, `context`, `fact`, `replicas()`, `quorum()`,
    `highly_available`, `zones`, `spread(labels)`, `storage_class()`, `object_store(purpose)`, `secret(name, keys)`,
    `identity(account)`, `address(capability)`, `monitors`, `tracing`, `meshed`, `domain`, `cluster`, `region`,
    `environment`.

Identity of charts' service accounts
    `install.workload-identity` names the service accounts; put `view.identity(account).annotations` where the chart
    takes
    them (`serviceAccount.annotations`) and `.pod_labels` where it takes pod labels. Unknown account names, project
    ids and
    regions are visible placeholders in capitals (`PROJECT_ID`, `ACCOUNT_ID`), or settings where the catalog has them.

Names to refer to
    PriorityClasses `platform`, `workloads` (the default) and `batch`; the shared Gateway is `public`; the namespace
    label `k8s-wizard.dev/kind` is `platform` or `workloads`; workload pods carry `app.kubernetes.io/name` and
    `k8s-wizard.dev/track` (`stable` or `canary`). Argo CD has to know when an Application is healthy for waves to wait:
    its module sets `configs.cm."resource.customizations.health.argoproj.io_Application"`.

How it becomes delivery
    Argo CD: an Application per chart in `manifests/<nn>-<layer>/apps/`; Flux: HelmRepository or OCIRepository and a
    HelmRelease in `manifests/<nn>-<layer>/`; helmfile: an entry in `manifests/clusters/<name>/helmfile.yaml` with
    `manifests/<nn>-<layer>/values/<release>.yaml`.
    `exporters/manifests/through/*` does that; modules never see it. Components with `install.bootstrap: true` are
    installed by commands from manifests/00-bootstrap/ (helm template or upgrade with a values file).
"""
