"""Structured answers about what runs where: clusters with pools and ranges, workloads, systems outside."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from catalog import schedules
from catalog.model import DnsLabel, Model
from catalog.quantities import magnitude


def _fixed(value: str) -> str:
    """An image that stays what it is."""
    if value.endswith(":latest"):
        raise ValueError(f"{value!r} is whatever is newest when it is pulled; name a version or a digest")
    return value


Image = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9.-]+(:[0-9]+)?/)?[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(@sha256:[a-f0-9]{64})?"
        r"|@sha256:[a-f0-9]{64})$",
        max_length=400,
    ),
    AfterValidator(_fixed),
]
POD_NAMES, SECOND_VERSION = "-pods", "-canary"
"""What follows a workload's name in that of the Service that names its pods, and in that of its second version."""
Host = Annotated[str, StringConstraints(pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", max_length=253)]
Folder = Annotated[str, StringConstraints(pattern=r"^/[^\s:]+$", max_length=200)]
Port = Annotated[int, Field(ge=1, le=65535)]


def _quantity(value: str | None) -> str | None:
    if value is not None:
        magnitude(value, "quantity")
    return value


def _bytes(value: str) -> str:
    """A quantity of whole bytes."""
    if magnitude(value, "quantity") % 1:
        raise ValueError(f"{value!r} is a part of a byte")
    return value


def _path(value: str) -> str:
    """A path prefix that gateways and Ingresses take (https://gateway-api.sigs.k8s.io/reference/spec/)."""
    if not re.fullmatch(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+", value):
        raise ValueError(f"{value!r} has characters that no path of a URL has; leave query and fragment out")
    parts = value.lower().split("/")[1:]
    if "" in parts[:-1] or {".", ".."} & set(parts) or "%2f" in value.lower():
        raise ValueError(f"{value!r} has an empty or relative part; give the path as it is requested")
    return value


def _range(value: str | None) -> str | None:
    if value is not None:
        try:
            ipaddress.ip_network(value, strict=True)
        except ValueError as error:
            raise ValueError(f"{value!r} is not an address range: {error}") from None
    return value


class Disks(Model):
    """Disks of each node of a pool."""

    raw: int = Field(default=0, ge=0, le=64)
    """Disks without a file system, for distributed storage."""
    size: str | None = None
    """Size of each raw disk, as a quantity."""

    _size = field_validator("size")(_quantity)


class Pool(Model):
    """Nodes of one shape."""

    name: DnsLabel
    machine: str | None = Field(default=None, max_length=63, pattern=r"^[A-Za-z0-9._-]+$")
    nodes: int | None = Field(default=None, ge=0, le=5000)
    """Nodes at the start (and the least, unless `at-least` says otherwise)."""
    at_least: int | None = Field(default=None, ge=0, le=5000)
    at_most: int | None = Field(default=None, ge=0, le=5000)
    architecture: Literal["amd64", "arm64"] = "amd64"
    spot: bool = False
    zones: int | None = Field(default=None, ge=1, le=10)
    """Over how many zones (or fire compartments) its nodes are spread."""
    compute: Literal["machines", "fargate"] = "machines"
    """`fargate`: each pod gets its own micro machine, and DaemonSets do not run there."""
    disks: Disks = Disks()
    taints: tuple[str, ...] = ()


class Ranges(Model):
    """The address plan of a cluster."""

    nodes: str | None = None
    pods: str | None = None
    services: str | None = None

    _ranges = field_validator("nodes", "pods", "services")(_range)


PRODUCTION = "prod"
"""The environment that is held to the availability target, and that users are led to."""


class Cluster(Model):
    """One cluster: facts only; what was chosen for it in particular is an override in the answers."""

    name: DnsLabel
    environment: DnsLabel = PRODUCTION
    cloud: str | None = None
    region: str | None = Field(default=None, max_length=63, pattern=r"^[A-Za-z0-9-]+$")
    private: bool | None = None
    pools: tuple[Pool, ...] = ()
    ranges: Ranges = Ranges()


class Probe(Model):
    """Where a workload says that it is healthy."""

    ready: str = Field(default="/readyz", pattern=r"^/[^\s]*$", max_length=200)
    live: str = Field(default="/livez", pattern=r"^/[^\s]*$", max_length=200)


class Replicas(Model):
    """How many copies run."""

    at_least: int = Field(default=2, ge=0, le=1000)
    at_most: int = Field(default=10, ge=1, le=1000)

    @model_validator(mode="after")
    def ordered(self) -> Replicas:
        if self.at_least > self.at_most:
            raise ValueError("'at-least' is above 'at-most'")
        return self


class Volume(Model):
    """Persistent storage of a stateful workload."""

    path: str = Field(pattern=r"^/[^\s:]+$", max_length=200)
    size: str

    @field_validator("size")
    @classmethod
    def some(cls, value: str) -> str:
        if not magnitude(_bytes(value), "quantity"):
            raise ValueError("a volume of nothing: give a size such as 10Gi")
        return value


class SecretRef(Model):
    """An environment variable filled from the chosen secrets tool; the value itself is never in a file."""

    env: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=100)
    key: str = Field(pattern=r"^[A-Za-z0-9._/-]+$", max_length=200)
    """Name of the entry in the secret store."""


class Canary(Model):
    """A second version that takes a share of the traffic (A/B test or canary)."""

    image: Image
    weight: int = Field(ge=0, le=100)
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+: ?[^\r\n]+$", max_length=200)
    """`name: value` that sends a request to it whatever the weight."""


class Workload(Model):
    """Something of the company's own that runs in the clusters."""

    name: DnsLabel
    kind: Literal["deployment", "statefulset", "job", "cronjob"] = "deployment"
    image: Image
    title: str | None = Field(default=None, max_length=300)
    port: Port | None = None
    protocol: Literal["http", "grpc", "thrift", "tcp"] = "http"
    metrics_port: Port | None = None
    host: Host | None = None
    path: str = Field(default="/", pattern=r"^/[^\s]*$", max_length=200)
    calls: tuple[DnsLabel, ...] = ()
    slo: Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{1,4})?$")] | None = None
    """Objective in percent of successful requests over thirty days."""
    team: DnsLabel | None = None
    namespace: DnsLabel | None = None
    replicas: Replicas | None = None
    cpu: str = "100m"
    memory: str = "128Mi"
    schedule: str | None = Field(default=None, pattern=r"^[0-9*/,@a-zA-Z -]+$", max_length=60)
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    secrets: tuple[SecretRef, ...] = ()
    volumes: tuple[Volume, ...] = ()
    writable: tuple[Folder, ...] = ()
    """Folders besides /tmp and its volumes that it writes to, emptied with each pod: the rest of its image is read-only."""
    health: Probe | None = None
    canary: Canary | None = None
    spot: bool = False
    """May run on nodes that can be taken away at short notice."""
    architecture: Literal["amd64", "arm64"] | None = None
    clusters: tuple[DnsLabel, ...] = ()
    """Only in these clusters; empty means in all."""

    _cpu = field_validator("cpu")(_quantity)
    _memory = field_validator("memory")(_bytes)
    _route = field_validator("path")(_path)

    @field_validator("schedule")
    @classmethod
    def due(cls, value: str | None) -> str | None:
        if value is not None:
            schedules.check(value)
        return value

    @field_validator("namespace", "team")
    @classmethod
    def own(cls, value: str | None) -> str | None:
        if value is not None and (value == "default" or value.startswith("kube-")):
            raise ValueError(f"{value!r} is a namespace of Kubernetes itself; give the workload one of its own")
        return value

    @field_validator("env")
    @classmethod
    def names(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
                raise ValueError(f"{name!r} is not a name of an environment variable")
        return value

    @model_validator(mode="before")
    @classmethod
    def text_slo(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("slo"), int | float):
            return {**data, "slo": str(data["slo"])}
        return data

    @model_validator(mode="after")
    def consistent(self) -> Workload:
        if (self.kind == "cronjob") != (self.schedule is not None):
            raise ValueError("'schedule' goes with kind cronjob, and only with it")
        if self.host is not None and self.port is None:
            raise ValueError("'host' needs 'port'")
        if self.canary is not None and self.port is None:
            raise ValueError("'canary' needs 'port': a second version takes a share of the calls to the first")
        if self.kind in ("job", "cronjob") and (self.host or self.canary or self.slo):
            raise ValueError(f"a {self.kind} has no host, canary or slo")
        if self.volumes and self.kind != "statefulset":
            raise ValueError("'volumes' needs kind statefulset")
        variables = [*self.env, *(secret.env for secret in self.secrets)]
        if twice := sorted({name for name in variables if variables.count(name) > 1}):
            raise ValueError(f"variable {twice[0]} is given twice in 'env' and 'secrets'")
        places = [volume.path.rstrip("/") for volume in self.volumes]
        if again := sorted({place for place in places if places.count(place) > 1}):
            raise ValueError(f"two volumes at {again[0]}")
        if lasting := sorted({*places, "/tmp"} & {place.rstrip("/") for place in self.writable}):
            raise ValueError(f"{lasting[0]} can be written to without being named in 'writable'")
        return self

    @property
    def serves(self) -> bool:
        """True for what runs all the time, false for jobs."""
        return self.kind in ("deployment", "statefulset")

    @property
    def also_named(self) -> tuple[str, ...]:
        """Names of further Services that it gets beside its own."""
        pods = (f"{self.name}{POD_NAMES}",) if self.kind == "statefulset" else ()
        return (*pods, f"{self.name}{SECOND_VERSION}", f"{self.name}-primary") if self.canary is not None else pods


class External(Model):
    """A system outside the clusters that workloads call."""

    name: DnsLabel
    title: str | None = Field(default=None, max_length=300)
    kind: Literal["postgresql", "mysql", "redis", "kafka", "mongodb", "object-storage", "http", "smtp", "ldap", "other"] = "other"
    host: Host
    port: Port
    cidr: str | None = None
    """Addresses, where they are known: what a standard NetworkPolicy can say."""

    _cidr = field_validator("cidr")(_range)


def claimants(host: str, clusters: Sequence[Cluster], workloads: Iterable[Workload]) -> tuple[Cluster, ...]:
    """The clusters that users of a host may be led to: those of production that serve it, or all that do where none is."""
    serving = [entry.clusters for entry in workloads if entry.host == host]
    found = [cluster for cluster in clusters if any(not names or cluster.name in names for names in serving)]
    return tuple([cluster for cluster in found if cluster.environment == PRODUCTION] or found)
