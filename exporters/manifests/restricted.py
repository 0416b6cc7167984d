"""The Pod Security Standard called restricted, in CEL over the variables of policies about pods.

Control by control as https://github.com/kubernetes/pod-security-admission/tree/master/policy has them, read on 2026-11-28.
What the API server refuses by itself beside one of these is not said again: a privileged container may gain privileges, and
host processes of Windows want their node's network. Pods in a user namespace get no relief.
"""

from __future__ import annotations

_POD = "variables.pod.securityContext"
_SYSCTLS = (
    "kernel.shm_rmid_forced",
    *(f"net.ipv4.{name}" for name in (
        "ip_local_port_range", "tcp_syncookies", "ping_group_range", "ip_unprivileged_port_start", "ip_local_reserved_ports",
        "tcp_keepalive_time", "tcp_fin_timeout", "tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_rmem", "tcp_wmem",
        "tcp_slow_start_after_idle", "tcp_notsent_lowat",
    )),
)
_VOLUMES = ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret")
_LABELS = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_ASKED = tuple(
    f"{part}.{way}"
    for part in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop")
    for way in ("httpGet", "tcpSocket")
)


def checks() -> tuple[tuple[str, str], ...]:
    """Each control as an expression that has to be true, with what it says when it is not."""
    profiles = ("RuntimeDefault", "Localhost")
    host = " && ".join(f"(!has(variables.pod.{name}) || !variables.pod.{name})" for name in ("hostNetwork", "hostPID", "hostIPC"))
    volumes = " || ".join(f"has(v.{name})" for name in _VOLUMES)
    asked = " && ".join(f"({_unless(f'c.{way}.host', '{it} == ' + _word(''))})" for way in _ASKED)
    return (
        (_own_or_pods("runAsNonRoot", "{it}"), "Pods must run as a user other than root."),
        (_both("runAsUser", "{it} != 0"), "Pods must not ask for the user root."),
        (_own_or_pods("seccompProfile.type", f"{{it}} in {_list(profiles)}"), "Pods must use the runtime's seccomp profile."),
        (_both("appArmorProfile.type", f"{{it}} in {_list(profiles)}"), "Pods must not switch AppArmor off."),
        (_both("seLinuxOptions.type", f"{{it}} in {_list(_LABELS)}"), "Pods must not leave the SELinux type of containers."),
        (_both("seLinuxOptions.user", "{it} == ''"), "Pods must not choose a user of SELinux."),
        (_both("seLinuxOptions.role", "{it} == ''"), "Pods must not choose a role of SELinux."),
        (host, "Pods must not share the network, processes or memory of their node."),
        (
            f"variables.containers.all(c, {_said('c.securityContext.allowPrivilegeEscalation')} && "
            "!c.securityContext.allowPrivilegeEscalation)",
            "Containers must not gain privileges.",
        ),
        (
            f"variables.containers.all(c, {_said('c.securityContext.capabilities.drop')} && "
            "'ALL' in c.securityContext.capabilities.drop)",
            "Containers must drop all capabilities.",
        ),
        (
            _each("c.securityContext.capabilities.add", "{it}.all(name, name == 'NET_BIND_SERVICE')"),
            "Containers must not add capabilities other than NET_BIND_SERVICE.",
        ),
        (_each("c.securityContext.procMount", "{it} == 'Default'"), "Containers must keep the usual mask over /proc."),
        (_each("c.ports", "{it}.all(p, !has(p.hostPort) || p.hostPort == 0)"), "Containers must not take ports of their node."),
        (f"variables.containers.all(c, {asked})", "Probes and hooks must not name a host."),
        (
            _unless(f"{_POD}.sysctls", f"{{it}}.all(s, s.name in {_list(_SYSCTLS)})"),
            "Pods must not set parameters of the kernel other than the safe ones.",
        ),
        (
            f"!has(variables.pod.volumes) || variables.pod.volumes.all(v, {volumes})",
            "Pods must not mount folders of their node or other volumes past their claims.",
        ),
    )


def _word(text: str) -> str:
    return f"'{text}'"


def _list(words: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_word, words))}]"


def _steps(path: str) -> list[str]:
    """What has to be there, one after the other, before a field can be read."""
    parts = path.split(".")
    first = 3 if parts[0] == "variables" else 2
    return [".".join(parts[:at]) for at in range(first, len(parts) + 1)]


def _said(path: str) -> str:
    return " && ".join(f"has({step})" for step in _steps(path))


def _unless(path: str, holds: str) -> str:
    """It holds wherever the field is there."""
    return " || ".join([*(f"!has({step})" for step in _steps(path)), f"({holds.format(it=path)})"])


def _each(path: str, holds: str) -> str:
    return f"variables.containers.all(c, {_unless(path, holds)})"


def _both(field: str, holds: str) -> str:
    """It holds wherever pod or container say the field."""
    return f"({_unless(f'{_POD}.{field}', holds)}) && {_each(f'c.securityContext.{field}', holds)}"


def _own_or_pods(field: str, holds: str) -> str:
    """Each container says the field itself, or its pod says it for it."""
    own, pods = f"c.securityContext.{field}", f"{_POD}.{field}"
    return (
        f"variables.containers.all(c, ({_said(own)}) ? {holds.format(it=own)} : "
        f"({_said(pods)} && {holds.format(it=pods)}))"
    )
