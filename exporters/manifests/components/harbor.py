"""Harbor: how it is reached, where images lie, copies, and what it signs in with. Highly available, it keeps its state
in a PostgreSQL and a Redis of their own and its images in a bucket or on a shared volume.

Every secret comes through the secrets tool: the administrator's password, keys, database and Redis.
"""

from __future__ import annotations

from typing import Any

from exporters.manifests import names
from exporters.manifests.references import Obj, ObjectStore, Secret
from exporters.manifests.routes import certificate
from exporters.manifests.view import View

_DATABASE, _REDIS, _GATEWAY = "harbor-database", "harbor-redis", "registry"
_ACCOUNT = "harbor-registry"


def _host(view: View) -> str:
    return str(view.setting("registry.host", f"harbor.{view.domain}")).split("/", 1)[0]


def own_host(view: View) -> str | None:
    """Where its pages and images are, in each cluster that has an entrance."""
    return _host(view) if view.entry() is not None else None


def address(view: View, capability: str) -> str | None:
    """The host that images are pulled from."""
    return _host(view) if capability == "registry" else None


def pull_secret(view: View) -> Any:
    """A robot account that may pull, for each namespace."""

    def answer(namespace: str) -> Secret:
        return view.secret("registry-pull", [".dockerconfigjson"], namespace, "kubernetes.io/dockerconfigjson")

    return answer


def _apart(view: View) -> bool:
    """True where database and cache stand outside of the chart."""
    return view.highly_available and view.capability("data-store")


def _secrets(view: View) -> dict[str, Secret]:
    found = {
        "admin": view.secret("harbor-admin", ["HARBOR_ADMIN_PASSWORD"]),
        "key": view.secret("harbor-secret-key", ["secretKey"]),
        "core": view.secret("harbor-core", ["secret", "CSRF_KEY", "tls.crt", "tls.key"]),
        "jobservice": view.secret("harbor-jobservice", ["JOBSERVICE_SECRET"]),
        "registry": view.secret("harbor-registry", ["REGISTRY_HTTP_SECRET", "REGISTRY_PASSWD", "REGISTRY_HTPASSWD"]),
    }
    if _apart(view):
        if not _made(view):
            found["database"] = view.secret(_DATABASE, ["password"])
        found["redis"] = view.secret(_REDIS, ["REDIS_PASSWORD"])
    return found


def _made(view: View) -> list[dict[str, Any]]:
    """A PostgreSQL that somebody in this cluster makes for it."""
    return [make(view, "harbor", "registry") for make in view.gather("database", "data-store")][:1]


def _bucket(view: View, keys: Secret) -> Secret:
    """The keys of the bucket under the names that Harbor's registry reads."""
    names = {
        "access-key": "REGISTRY_STORAGE_S3_ACCESSKEY",
        "secret-key": "REGISTRY_STORAGE_S3_SECRETKEY",
        "account-key": "AZURE_STORAGE_ACCESS_KEY",
    }
    return view.secret("harbor-bucket", {names[key]: entry for key, entry in keys.keys.items() if key in names})


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://goharbor.io/docs/latest/install-config/harbor-ha-helm/)."""
    secrets = _secrets(view)
    store = view.object_store("registry")
    shared = view.storage_class("file") if store is None else None
    copies = view.replicas() if _apart(view) and (store is not None or view.capability("file-storage")) else 1
    part = {"replicas": copies, "podDisruptionBudget": {"enabled": copies > 1}}
    keys = secrets["core"].name
    found: dict[str, Any] = {
        "externalURL": f"https://{_host(view)}",
        "existingSecretAdminPassword": secrets["admin"].name,
        "existingSecretSecretKey": secrets["key"].name,
        "portal": part,
        "core": {
            **part,
            "existingSecret": keys,
            "secretName": keys,
            "existingXsrfSecret": keys,
            "existingXsrfSecretKey": "CSRF_KEY",
        },
        "jobservice": {
            **part,
            "existingSecret": secrets["jobservice"].name,
            "existingSecretKey": "JOBSERVICE_SECRET",
            "jobLoggers": ["database"],
        },
        "registry": {
            **part,
            "existingSecret": secrets["registry"].name,
            "existingSecretKey": "REGISTRY_HTTP_SECRET",
            "credentials": {"existingSecret": secrets["registry"].name},
        },
        "trivy": {"replicas": copies, "offlineScan": view.yes("air-gap"), "skipUpdate": view.yes("air-gap")},
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
        "expose": _exposed(view),
        "persistence": _persistence(view, store, shared, copies),
    }
    if store is not None and store.identity:
        identity = view.identity(_ACCOUNT)
        found["registry"] |= {"serviceAccountName": _ACCOUNT, "podLabels": dict(identity.pod_labels)}
    if view.tracing:
        host = view.tracing.rpartition(":")[0]
        found["trace"] = {"enabled": True, "provider": "otel", "otel": {"endpoint": f"{host}:4318"}}
    return {**found, **_state(view, secrets)}


def _state(view: View, secrets: dict[str, Secret]) -> dict[str, Any]:
    if not _apart(view):
        return {"database": {"type": "internal"}, "redis": {"type": "internal"}}
    made = _made(view)
    database = next(iter(entry for entry in view.externals if entry.kind == "postgresql" and "harbor" in entry.name), None)
    redis = next(iter(entry for entry in view.externals if entry.kind == "redis"), None)
    host = database.host if database is not None else f"harbor-db.{view.domain}"
    external = {"host": host, "port": str(database.port if database is not None else 5432), "username": "harbor"}
    if made:
        external = {"host": made[0]["host"], "port": str(made[0]["port"]), "username": made[0]["username"]}
    return {
        "database": {
            "type": "external",
            "external": {
                **external,
                "coreDatabase": "registry",
                "existingSecret": made[0]["secret"] if made else secrets["database"].name,
                # One that is made here signs its certificate by itself.
                "sslmode": "require" if made else "verify-full",
            },
        },
        "redis": {
            "type": "external",
            "external": {
                "addr": f"{redis.host}:{redis.port}" if redis is not None else f"harbor-redis.{view.domain}:6379",
                "existingSecret": secrets["redis"].name,
                "tlsOptions": {"enable": True},
            },
        },
    }


def _secure(view: View) -> bool:
    """True where its Gateway ends TLS itself."""
    entry = view.entry()
    return entry is not None and entry.tls and (view.issuer() is not None or bool(entry.certificate_options))


def _gateway(view: View) -> list[Obj]:
    """A Gateway of its own: the shared one serves the workloads' hosts to the workloads' namespaces only."""
    entry = view.entry()
    if entry is None or not entry.gateway_class:
        return []
    issuer = view.issuer() if entry.tls else None
    listener: Obj = {"name": "http", "port": 80, "protocol": "HTTP", "hostname": _host(view)}
    if _secure(view):
        listener = {"name": "https", "port": 443, "protocol": "HTTPS", "hostname": _host(view)}
        if entry.certificate_options:
            listener["tls"] = {"mode": "Terminate", "options": dict(entry.certificate_options)}
        elif issuer is None or issuer.kind is not None:  # else the cloud finds its own by the host
            reference = {"kind": "Secret", "name": certificate(_host(view))}
            listener["tls"] = {"mode": "Terminate", "certificateRefs": [reference]}
    listener["allowedRoutes"] = {"namespaces": {"from": "Same"}}
    metadata: Obj = {"name": _GATEWAY, "namespace": view.namespace}
    annotations = {**entry.annotations, **(issuer.gateway_annotations if issuer else {})}
    if annotations:
        metadata["annotations"] = annotations
    spec = {"gatewayClassName": entry.gateway_class, "listeners": [listener]}
    return [{"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": metadata, "spec": spec}]


def _exposed(view: View) -> dict[str, Any]:
    entry = view.entry()
    if entry is not None and entry.gateway_class:
        parent = {"name": _GATEWAY, "namespace": view.namespace, "sectionName": "https" if _secure(view) else "http"}
        return {"type": "route", "tls": {"enabled": False}, "route": {
            "parentRefs": [parent], "hosts": [_host(view)], "annotations": names.marks(view, _host(view))}}
    if entry is not None and entry.ingress_class:
        issuer = view.issuer()
        return {
            "type": "ingress",
            "tls": {"enabled": True, "certSource": "secret", "secret": {"secretName": certificate(_host(view))}},
            "ingress": {
                "hosts": {"core": _host(view)},
                "className": entry.ingress_class,
                "annotations": {
                    **entry.annotations,
                    **(issuer.gateway_annotations if issuer else {}),
                    **names.marks(view, _host(view)),
                },
            },
        }
    return {"type": "clusterIP", "tls": {"enabled": False}}


def _persistence(view: View, store: ObjectStore | None, shared: str | None, copies: int) -> dict[str, Any]:
    block = view.storage_class()
    size = str(view.setting("registry.storage", "100Gi"))
    small = {"storageClass": block} if block else {}
    registry: dict[str, Any] = {"size": size, **small}
    if shared is not None and copies > 1:
        registry = {"size": size, "storageClass": shared, "accessMode": "ReadWriteMany"}
    claims = {"registry": registry, "jobservice": {"jobLog": small}, "trivy": small, "database": small, "redis": small}
    found: dict[str, Any] = {"persistentVolumeClaim": claims}
    if store is None:
        return found
    storage: dict[str, Any]
    if store.protocol == "s3":
        s3: dict[str, Any] = {"bucket": store.bucket, "region": store.region or "us-east-1"}
        if store.endpoint:
            s3["regionendpoint"] = store.endpoint
        if store.secret is not None:
            s3["existingSecret"] = _bucket(view, store.secret).name
        storage = {"type": "s3", "s3": s3, "disableredirect": bool(store.endpoint)}
    elif store.protocol == "gcs":
        gcs: dict[str, Any] = {"bucket": store.bucket, "useWorkloadIdentity": store.identity}
        if store.secret is not None:
            gcs["existingSecret"] = store.secret.name
        storage = {"type": "gcs", "gcs": gcs}
    else:
        azure: dict[str, Any] = {"accountname": store.account or "STORAGE_ACCOUNT", "container": store.bucket}
        if store.secret is not None:
            azure["existingSecret"] = _bucket(view, store.secret).name
        storage = {"type": "azure", "azure": azure}
    return {**found, "imageChartStorage": storage}


def objects(view: View) -> list[Obj]:
    """The Secrets that it names, its database where one is made here, its account and its Gateway."""
    found = [obj for secret in _secrets(view).values() for obj in secret.objects]
    if _apart(view):
        found.extend(obj for made in _made(view) for obj in made["objects"])
    store = view.object_store("registry")
    if store is not None and store.secret is not None:
        # The keys are asked for under the chart's names; what makes bucket and owner is wanted all the same.
        found.extend(obj for obj in store.secret.objects if obj["metadata"]["name"] != store.secret.name)
        found.extend(_bucket(view, store.secret).objects)
    if store is not None and store.identity:
        identity = view.identity(_ACCOUNT)
        metadata = {"name": _ACCOUNT, "namespace": view.namespace, "annotations": dict(identity.annotations)}
        found.append({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
        found.extend(identity.objects)
    return [*found, *_certificate(view), *_gateway(view)]


def _certificate(view: View) -> list[Obj]:
    """The certificate, where the secrets tool brings it in and nobody in the cluster signs."""
    issuer, entry = view.issuer(), view.entry()
    if issuer is None or issuer.kind != "Secret" or entry is None:
        return []
    return list(view.secret(certificate(_host(view)), ["tls.crt", "tls.key"], type_="kubernetes.io/tls").objects)
