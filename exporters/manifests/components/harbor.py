"""Harbor: how it is reached, where images lie, copies, and what it signs in with. Highly available, it keeps its state
in a PostgreSQL and a Redis of their own and its images in a bucket or on a shared volume.

Every secret comes through the secrets tool: the administrator's password, keys, database and Redis.
"""

from __future__ import annotations

import json
from typing import Any

from catalog.workloads import Workload
from exporters.manifests import authority, hosts, names, sign_on
from exporters.manifests.references import Obj, ObjectStore, Secret
from exporters.manifests.view import View

_DATABASE, _REDIS = "harbor-database", "harbor-redis"
_ACCOUNT, _CLIENT = "harbor-registry", "harbor"


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


def _client(view: View) -> Secret | None:
    """What it proves itself with at the sign-on; None until somebody has said where that is."""
    return view.secret("harbor-sign-on", ["client-secret"]) if sign_on.works(view) and own_host(view) else None


def _signed_on(view: View, client: Secret) -> list[dict[str, Any]]:
    """Variables by which Harbor takes its sign-on from Git, and nothing of its configuration from its pages any more
    (https://goharbor.io/docs/latest/install-config/configure-system-settings-cli/): the secret is put in from the variable
    before it, as Kubernetes does with names in `$()`."""
    said = {
        "auth_mode": "oidc_auth",
        "primary_auth_mode": True,
        "self_registration": False,
        "project_creation_restriction": "adminonly",
        "oidc_name": "Company",
        "oidc_endpoint": sign_on.issuer(view),
        "oidc_client_id": _CLIENT,
        "oidc_client_secret": "$(SIGN_ON_SECRET)",
        "oidc_scope": ",".join([*sign_on.scopes(view), "offline_access"]),
        "oidc_groups_claim": "groups",
        "oidc_admin_group": str(view.setting("access.admin-group", "platform-admins")),
        "oidc_user_claim": "email",
        "oidc_auto_onboard": True,
        "oidc_verify_cert": True,
    }
    reference = {"secretKeyRef": {"name": client.name, "key": "client-secret"}}
    return [
        {"name": "SIGN_ON_SECRET", "valueFrom": reference},
        {"name": "CONFIG_OVERWRITE_JSON", "value": json.dumps(said, sort_keys=True)},
    ]


def oidc_client(view: View) -> dict[str, Any] | None:
    """How it is known to a sign-on that runs in the cluster."""
    client = _client(view)
    if client is None:
        return None
    back = f"https://{_host(view)}/c/oidc/callback"
    return {"id": _CLIENT, "name": "Harbor", "redirectURIs": [back], "secret": client.keys["client-secret"]}


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
    told = [hosts.service_annotations(view, service) for service in _parts(view)]
    behind = [{"serviceAnnotations": annotations} if annotations else {} for annotations in told]
    found: dict[str, Any] = {
        "externalURL": f"https://{_host(view)}",
        "existingSecretAdminPassword": secrets["admin"].name,
        "existingSecretSecretKey": secrets["key"].name,
        "portal": {**part, **behind[1]},
        "core": {
            **part,
            **behind[0],
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
        "trivy": {"replicas": copies, **dict.fromkeys(("offlineScan", "skipUpdate", "skipJavaDBUpdate"), view.yes("air-gap"))},
        "metrics": {"serviceMonitor": {"enabled": view.monitors}},
        "expose": _exposed(view),
        "persistence": _persistence(view, store, shared, copies),
    }
    if store is not None and store.identity:
        identity = view.identity(_ACCOUNT)
        found["registry"] |= {"serviceAccountName": _ACCOUNT, "podLabels": dict(identity.pod_labels)}
    client, root = _client(view), authority.brought(view, view.namespace)
    if client is not None:
        found["core"]["extraEnvVars"] = _signed_on(view, client)
    if root is not None:
        # Its parts ask each other by the host, and other registries, buckets and the sign-on.
        found["caBundleSecretName"] = root.name
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


def _parts(view: View) -> tuple[Workload, Workload]:
    """What requests of its host are sent to: what answers machines, and the pages."""
    core = hosts.place(view, "harbor-core", _host(view), 8080, "/api/v2.0/ping")
    return core, hosts.place(view, "harbor-portal", _host(view), 8080, "/")


def _exposed(view: View) -> dict[str, Any]:
    entry = view.entry()
    plain = {"enabled": False}
    if entry is not None and entry.gateway_class:
        route = {
            "parentRefs": [hosts.parent(view, _host(view))],
            "hosts": [_host(view)],
            "annotations": names.marks(view, _host(view)),
        }
        return {"type": "route", "tls": plain, "route": route}
    if entry is not None and entry.ingress_class:
        # An Ingress that joins the host of another says nothing of its certificate.
        issuer = view.issuer() if entry.tls and not entry.joined_by else None
        annotations = {
            **entry.annotations,
            **entry.uploads,
            **entry.joined_by,
            **(issuer.gateway_annotations if issuer else {}),
            **hosts.attached(view, _parts(view))[1],
            **names.marks(view, _host(view)),
        }
        # Some controllers of clouds act on the older annotation alone, which must not stand beside the field.
        named = "" if "kubernetes.io/ingress.class" in annotations else entry.ingress_class
        secret = hosts.named_certificate(view, entry, _host(view)) if not entry.joined_by else None
        # Without a Secret the load balancer looks for a certificate of its cloud by the host of the rule
        # (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/cert_discovery/).
        tls = {"enabled": True, "certSource": "secret", "secret": {"secretName": secret}} if secret else plain
        ingress = {"hosts": {"core": _host(view)}, "className": named, "annotations": annotations}
        return {"type": "ingress", "tls": tls, "ingress": ingress}
    return {"type": "clusterIP", "tls": plain}


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
    """The Secrets that it names, its database where one is made here, its account, and what its way in needs."""
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
    told = (_client(view), authority.brought(view, view.namespace))
    found.extend(obj for secret in told if secret is not None for obj in secret.objects)
    host = _host(view)
    return [
        *found,
        *hosts.certificate(view, host),
        *(obj for made in view.gather("whole_host", "ingress") for obj in made(host, view.namespace)),
        *hosts.attached(view, _parts(view))[0],
    ]
