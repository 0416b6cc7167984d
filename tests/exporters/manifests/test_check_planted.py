"""One of each failure that `verify` knows and that no design is needed for: planted in a few objects, and seen.

Together with `test_check*.py` these plant every sentence that the checks can say.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from exporters.manifests import check, check_charts, check_delivery, check_kinds, check_kustomize, check_objects, check_references
from exporters.manifests.check import Placed, Tree

Body = dict[str, Any]


def made(api: str, kind: str, name: str, spec: Any = None, **more: Any) -> Body:
    metadata = {"name": name, "namespace": "shop", **more.pop("metadata", {})}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **({} if spec is None else {"spec": spec}), **more}


def pods(**more: Any) -> Body:
    return {"containers": [{"name": "web", "image": "a/web:1", "ports": [{"name": "http", "containerPort": 8080}]}], **more}


def deployment(**more: Any) -> Body:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": pods(**more)}
    return made("apps/v1", "Deployment", "web", {"selector": {"matchLabels": labels}, "template": template})


def service(**more: Any) -> Body:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    return made("v1", "Service", "web", {"selector": {"app": "web"}, "ports": ports, **more}, metadata={"labels": {"app": "web"}})


def ingress(path: Body) -> Body:
    return made("networking.k8s.io/v1", "Ingress", "web", {"rules": [{"host": "a.example.com", "http": {"paths": [path]}}]})


def backed(name: str = "web", port: int = 80) -> Body:
    return ingress({"path": "/", "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"number": port}}}})


def gateway(allowed: str = "Same") -> Body:
    listener = {"name": "https", "port": 443, "allowedRoutes": {"namespaces": {"from": allowed}},
                "tls": {"certificateRefs": [{"name": "web-tls"}]}}
    return made("gateway.networking.k8s.io/v1", "Gateway", "public", {"listeners": [listener]})


def route(**parent: Any) -> Body:
    rules = [{"backendRefs": [{"name": "web", "port": 80}]}]
    spec = {"parentRefs": [{"name": "public", **parent}], "rules": rules}
    return made("gateway.networking.k8s.io/v1", "HTTPRoute", "web", spec)


def monitor(**more: Any) -> Body:
    spec = {"selector": {"matchLabels": {"app": "web"}}, "endpoints": [{"port": "http"}], **more}
    return made("monitoring.coreos.com/v1", "ServiceMonitor", "web", spec)


CERTIFICATE = made("cert-manager.io/v1", "Certificate", "web-tls", {"secretName": "web-tls"})
SPACES = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("shop", "edge")]
BASE = [*SPACES, deployment(), service(), CERTIFICATE]


def volume(**source: Any) -> Body:
    return deployment(volumes=[{"name": "x", **source}])


def variable(**source: Any) -> Body:
    body = deployment()
    body["spec"]["template"]["spec"]["containers"][0].update(source)
    return body


def elsewhere(body: Body, namespace: str = "edge") -> Body:
    return {**body, "metadata": {**body["metadata"], "namespace": namespace}}


REFERENCES: list[tuple[str, list[Body], str]] = [
    ("pods that their own selector does not mean",
     [made("apps/v1", "DaemonSet", "agent", {"selector": {"matchLabels": {"app": "other"}},
                                             "template": {"metadata": {"labels": {"app": "web"}}, "spec": pods()}})],
     "its selector does not select its own pods"),
    ("a backend of an Ingress that is nowhere", [backed("ghost")], "its backend Service shop/ghost is nowhere"),
    ("a port that the backend does not have", [backed("web", 81)], "its backend Service shop/web has no port 81"),
    ("a certificate that nobody makes", [elsewhere(gateway())], "its certificate web-tls is made by nothing"),
    ("a class of priority that is nowhere", [deployment(priorityClassName="ghost")], "its PriorityClass ghost is nowhere"),
    ("a volume of a Secret that is nowhere", [volume(secret={"secretName": "ghost"})], "it uses Secret ghost"),
    ("a volume of a ConfigMap that is nowhere", [volume(configMap={"name": "ghost"})], "it uses ConfigMap ghost"),
    ("a claim that is nowhere", [volume(persistentVolumeClaim={"claimName": "ghost"})], "it uses PersistentVolumeClaim ghost"),
    ("variables of a Secret that is nowhere", [variable(envFrom=[{"secretRef": {"name": "ghost"}}])], "it uses Secret ghost"),
    ("a variable of a ConfigMap that is nowhere",
     [variable(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "ghost", "key": "a"}}}])], "it uses ConfigMap ghost"),
    ("a route of a Gateway that is nowhere", [route()], "its parent Gateway shop/public is nowhere"),
    ("a route that its Gateway does not take", [gateway(), elsewhere(route(namespace="shop"))],
     "its parent Gateway shop/public takes no routes from namespace edge"),
    ("a monitor of no Service", [monitor(selector={"matchLabels": {"app": "ghost"}})], "its selector selects no Service"),
    ("a monitor of a port that no Service has", [monitor(endpoints=[{"port": "ghost"}])],
     "no selected Service has a port named ghost"),
]


def referred(*bodies: Body) -> list[str]:
    placed = [Placed("a.yaml", copy.deepcopy(body)) for body in (*BASE, *bodies)]
    return [finding.message for finding in check_references.check(placed)[0]]


@pytest.mark.parametrize(("name", "bodies", "said"), REFERENCES, ids=[entry[0] for entry in REFERENCES])
def test_each_reference_that_leads_nowhere_is_seen(name: str, bodies: list[Body], said: str) -> None:
    assert any(said in message for message in referred(*bodies))


def test_references_that_lead_somewhere_are_not_told() -> None:
    right = [backed(), gateway("All"), route(), elsewhere(route(namespace="shop")), monitor(),
             monitor(namespaceSelector={"any": True}, endpoints=[{"port": "ghost"}])]
    wrong = [message for message in referred(*right) if "Service edge/web" not in message]
    assert wrong == []


@pytest.mark.parametrize("maker", [
    made("bitnami.com/v1alpha1", "SealedSecret", "one", {"encryptedData": {"a": "x"}}),
    made("secrets.hashicorp.com/v1beta1", "VaultStaticSecret", "any", {"destination": {"name": "one"}}),
    made("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", "any", {"secretObjects": [{"secretName": "one"}]}),
    made("networking.k8s.io/v1", "Ingress", "any", {"tls": [{"secretName": "one"}]},
         metadata={"annotations": {"cert-manager.io/cluster-issuer": "x"}}),
], ids=lambda body: str(body["kind"]))
def test_secrets_that_a_controller_makes_are_there(maker: Body) -> None:
    user = volume(secret={"secretName": "one"})
    assert "it uses Secret one, which nothing makes" in referred(user)
    assert "it uses Secret one, which nothing makes" not in referred(user, maker)


def test_the_user_and_the_authority_of_an_operators_store_are_there() -> None:
    store = made("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", "logs", {"version": "9"})
    users = [volume(secret={"secretName": f"logs-es-{what}"}) for what in ("elastic-user", "http-certs-public")]
    assert any("which nothing makes" in message for message in referred(*users))
    assert not any("which nothing makes" in message for message in referred(store, *users))


def delivered(*bodies: Body) -> list[str]:
    folder = {"manifests/01-a/kustomization.yaml": [{}]}
    files = {**folder, "manifests/clusters/prod/apps.yaml": [copy.deepcopy(body) for body in bodies]}
    return [finding.message for finding in check_delivery.check(Tree(files))]


GIT = made("source.toolkit.fluxcd.io/v1", "GitRepository", "here", {})
CHART = {"chart": "a", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}
CHARTS = made("source.toolkit.fluxcd.io/v1", "HelmRepository", "charts", {})


def kustomization(**more: Any) -> Body:
    spec = {"path": "./manifests/01-a", "sourceRef": {"kind": "GitRepository", "name": "here"}, **more}
    return made("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", spec)


def release(**more: Any) -> Body:
    return made("helm.toolkit.fluxcd.io/v2", "HelmRelease", "a", {"chart": {"spec": CHART}, **more})


@pytest.mark.parametrize(("bodies", "said"), [
    ([GIT, kustomization(dependsOn=[{"name": "ghost"}])], "it waits for Kustomization ghost, which is nowhere"),
    ([kustomization()], "its source GitRepository here is nowhere"),
    ([GIT, kustomization(path="./manifests/02-b")], "its path manifests/02-b has no kustomization"),
    ([CHARTS, release(dependsOn=[{"name": "ghost"}])], "it waits for HelmRelease ghost, which is nowhere"),
    ([release()], "its source HelmRepository charts is nowhere"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_delivery_that_waits_for_nothing_or_comes_from_nowhere_is_seen(bodies: list[Body], said: str) -> None:
    assert delivered(*bodies) == [said]
    assert delivered(GIT, CHARTS, kustomization(), release()) == []


def test_paths_of_the_delivery_lie_below_the_folder_that_the_repository_calls_the_manifests() -> None:
    def below(folder: str) -> list[Body]:
        return [{**kustomization(path=f"./{folder}/01-a"), "metadata": {"name": f"{at}", "namespace": "shop"}} for at in range(2)]

    assert delivered(GIT, *below("deploy/k8s")) == []
    assert delivered(GIT, *below("deploy/k8s"), kustomization(path="./deploy/k9s/01-a")) == [
        "its path deploy/k9s/01-a has no kustomization"
    ]


SERVER: list[tuple[str, Body, str]] = [
    ("no name", made("v1", "ConfigMap", ""), "it has no name"),
    ("a namespace with a capital", made("v1", "ConfigMap", "a", metadata={"namespace": "Shop"}), "is no name of a namespace"),
    ("an annotation that is a number", made("v1", "ConfigMap", "a", metadata={"annotations": {"a": 1}}),
     "annotation a is no text"),
    ("a role with a slash", made("rbac.authorization.k8s.io/v1", "Role", "a/b"), "has a part that no path can have"),
    ("ports of which one has no name", service(ports=[{"port": 80}, {"port": 81, "name": "b"}]), "one of them has no name"),
    ("a port with a capital", service(ports=[{"port": 80, "name": "Web"}]), "port name 'Web' is no DNS label"),
    ("a scaler to nothing", made("autoscaling/v2", "HorizontalPodAutoscaler", "a", {"minReplicas": 0, "maxReplicas": 2}),
     "minReplicas is 0"),
    ("a scaler without an end", made("autoscaling/v2", "HorizontalPodAutoscaler", "a", {}), "it has no maxReplicas"),
    ("a path without its type", ingress({"path": "/"}), "path '/' has no pathType"),
    ("a path that goes up", ingress({"path": "/a/../b", "pathType": "Prefix"}), "is no path of an Ingress"),
    ("a path without a slash", ingress({"path": "a", "pathType": "Exact"}), "is no path of an Ingress"),
    ("ports that end before they begin",
     made("networking.k8s.io/v1", "NetworkPolicy", "a", {"egress": [{"ports": [{"port": 90, "endPort": 80}]}]}),
     "ports 90 to 80 are no range"),
    ("a listener twice", made("gateway.networking.k8s.io/v1", "Gateway", "a", {"listeners": [{"name": "web"}, {"name": "web"}]}),
     "listener web is there twice"),
    ("two listeners for one host",
     made("gateway.networking.k8s.io/v1", "Gateway", "a",
          {"listeners": [{"name": name, "hostname": "a.example", "port": 443, "protocol": "HTTPS"} for name in ("a", "b")]}),
     "a listener for a.example at port 443 by HTTPS is there twice"),
    ("a webhook of two places",
     made("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "a",
          webhooks=[{"name": "x", "clientConfig": {"url": "https://a", "service": {}}}]),
     "webhook x needs one of url and service"),
    ("a policy that judges nothing", made("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "a", {}),
     "it judges nothing"),
    ("an expression that is cut off",
     made("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "a", {"validations": [{"expression": "has(object"}]}),
     "is not whole"),
    ("pods without a container", deployment(containers=[]), "its pods have no container"),
    ("a job that restarts for ever", made("batch/v1", "Job", "a", {"template": {"spec": pods(restartPolicy="Always")}}),
     "restart Never or OnFailure, not Always"),
    ("more rights than the level has", variable(securityContext={"capabilities": {"add": ["SYS_ADMIN"]}}), "adds SYS_ADMIN"),
    ("root", variable(securityContext={"runAsUser": 0}), "container web runs as root"),
]


@pytest.mark.parametrize(("name", "body", "said"), SERVER, ids=[entry[0] for entry in SERVER])
def test_each_refusal_of_a_server_is_foreseen(name: str, body: Body, said: str) -> None:
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": level}}
    found = check_objects.check([Placed("a.yaml", space), Placed("b.yaml", copy.deepcopy(body))])
    assert any(said in finding.message for finding in found), [str(entry) for entry in found]


def built(overlay: Body, component: Body | None = None) -> list[str]:
    files: dict[str, list[Any]] = {
        "manifests/clusters/prod/kustomization.yaml": [overlay],
        "manifests/01-a/a.yaml": [deployment()],
    }
    if component is not None:
        files["manifests/images/kustomization.yaml"] = [component]
    objects, found = check_kustomize.build(Tree(files), "manifests/clusters/prod")
    return [finding.message for finding in found] or [str(objects[0].body["spec"]["template"]["spec"]["containers"][0]["image"])]


HERE = {"resources": ["../../01-a/a.yaml"]}


@pytest.mark.parametrize(("overlay", "component", "said"), [
    ({**HERE, "resource": []}, None, "unknown field 'resource'"),
    ({**HERE, "patches": [{"patch": "[]"}]}, None, "a patch needs a target and a list of operations"),
    ({**HERE, "patches": [{"patch": '[{"op": "remove", "path": "/spec/ghost"}]', "target": {"kind": "Deployment"}}]}, None,
     "a patch does not fit it"),
    ({"resources": [*HERE["resources"], *HERE["resources"]]}, None, "stands here twice"),
    ({**HERE, "components": ["../../images"]}, None, "component 'manifests/images' does not exist"),
    ({**HERE, "components": ["../../images"]}, {"ghost": 1}, "unknown field 'ghost'"),
    ({**HERE, "components": ["../../images"]}, {"images": [{"name": "a/web", "newTag": "2"}]}, "a/web:2"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_each_fault_of_a_kustomization_is_seen(overlay: Body, component: Body | None, said: str) -> None:
    assert built(overlay, component) == [said]


def test_a_folder_without_a_kustomization_is_seen() -> None:
    found = check_kustomize.build(Tree({}), "manifests/clusters/prod")[1]
    assert [finding.message for finding in found] == ["there is no kustomization"]


def valued(*bodies: Body, **files: list[Any]) -> list[tuple[str, str, Any]]:
    named = {f"manifests/{name}": documents for name, documents in files.items()}
    tree = Tree({"manifests/clusters/prod/apps.yaml": list(bodies), **named})
    return [(entry.chart, entry.version, entry.values) for entry in check_charts.of_tree(tree)]


def test_values_are_found_wherever_their_chart_comes_from() -> None:
    values = {"a": 1}
    image = {"url": "oci://example.com/charts/web", "ref": {"tag": "1.2.3"}}
    oci = made("source.toolkit.fluxcd.io/v1", "OCIRepository", "web", image)
    of_oci = made("helm.toolkit.fluxcd.io/v2", "HelmRelease", "a", {"chartRef": {"name": "web"}, "values": values})
    folder = {"chart": {"spec": {"chart": "./charts/web-v1.2.3"}}, "values": values}
    carried = made("helm.toolkit.fluxcd.io/v2", "HelmRelease", "b", folder)
    ours = {"path": "charts/web-1.2.3", "helm": {"valuesObject": values}}
    application = made("argoproj.io/v1alpha1", "Application", "c", {"source": ours, "destination": {}})
    assert valued(oci, of_oci) == [("web", "1.2.3", values)]
    assert valued(carried) == [("web", "v1.2.3", values)]
    assert valued(application) == [("web", "1.2.3", values)]
    file = {"releases": [{"name": "a", "chart": "../charts/web-1.2.3", "values": ["a.yaml"]}]}
    assert valued(**{"x/helmfile.yaml": [file], "x/a.yaml": [values]}) == [("web", "1.2.3", values)]


def test_a_value_that_only_a_file_of_the_chart_reads_is_known(tmp_path: Path) -> None:
    chart = tmp_path / "web"
    for folder, text in (("templates", "{{ tpl (.Files.Get \"files/start.sh\") . }}"), ("files", "{{ .Values.node.bridge }}")):
        (chart / folder).mkdir(parents=True)
        (chart / folder / "start.sh").write_text(text)
    (chart / "Chart.yaml").write_text("name: web\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("node: {enabled: true}\n")
    found = check_charts.chart_at(str(tmp_path), "web")
    assert found is not None
    assert check_charts.unknown_keys({"node": {"bridge": True, "brigde": True}}, found, str(tmp_path)) == ["node.brigde"]


def constrained(template: Any, constraint: Any, kind: str = "Limits") -> list[str]:
    bodies = [
        made("templates.gatekeeper.sh/v1", "ConstraintTemplate", "limits", {"crd": {"spec": template}}),
        made("constraints.gatekeeper.sh/v1beta1", kind, "limits", constraint),
    ]
    return [finding.message for finding in check_kinds.custom([Placed("a.yaml", body) for body in bodies], None)[0]]


NAMED: Body = {"names": {"kind": "Limits"}}
SIZED = {**NAMED, "validation": {"openAPIV3Schema": {"type": "object", "properties": {"most": {"type": "integer"}}}}}


@pytest.mark.parametrize(("template", "constraint", "said"), [
    (NAMED, {"match": {"kind": []}}, ["spec.match: Additional properties are not allowed ('kind' was unexpected)"]),
    (NAMED, {"match": {"scope": "Here"}}, ["spec.match.scope: 'Here' is not one of ['*', 'Cluster', 'Namespaced']"]),
    (NAMED, {"parameters": {"most": 3}}, ["spec: Additional properties are not allowed ('parameters' was unexpected)"]),
    (SIZED, {"parameters": {"most": "3"}}, ["spec.parameters.most: '3' is not of type 'integer'"]),
    (SIZED, {"parameters": {"mots": 3}}, ["spec.parameters: Additional properties are not allowed ('mots' was unexpected)"]),
    (SIZED, {"parameters": {"most": 3}, "match": {"kinds": [{"kinds": ["Pod"]}]}}, []),
    ({**NAMED, "validation": {"openAPIV3Schema": {"type": "sphere"}}}, {"parameters": {"most": 3}}, []),
])
def test_a_constraint_is_held_to_the_template_that_makes_its_kind(template: Body, constraint: Body, said: list[str]) -> None:
    assert constrained(template, constraint) == said


def test_a_constraint_that_no_template_makes_is_seen() -> None:
    assert constrained(NAMED, {}, "Limit") == ["no ConstraintTemplate here makes the kind Limit"]


def test_a_file_that_cannot_be_read_is_a_finding_and_hides_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "manifests" / "01-a"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_bytes(b"kind: \xff\n")
    (folder / "b.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
    tree = check.tree(tmp_path)
    assert [(entry.path, entry.message) for entry in tree.faults] == [("manifests/01-a/a.yaml", "cannot be read: not UTF-8")]
    assert [entry.body["kind"] for entry in tree.objects()] == ["Service"]


def test_a_kind_that_a_minor_calls_deprecated_is_told() -> None:
    endpoints = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "a", "namespace": "shop"}}
    found = check_kinds.core([Placed("a.yaml", endpoints)], "1.36")
    told = [(entry.sort, entry.message) for entry in found]
    assert told == [("deprecated", "Endpoints is deprecated in Kubernetes 1.36")]


