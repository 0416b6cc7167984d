"""Settings: typed values under a decision, with bounds and a default that depends on the context."""

from __future__ import annotations

import base64
import ipaddress
import re
from typing import Literal

from pydantic import model_validator

from catalog import windows
from catalog.conditions import Condition
from catalog.model import Model, Scalar, Sentence, Slug
from catalog.quantities import magnitude as magnitude

SettingType = Literal[
    "integer", "duration", "quantity", "percent", "choice", "boolean", "text", "url", "domain", "cidr", "address", "mail",
    "bucket", "image-path", "branch", "folder", "window", "pem",
]

NUMERIC: frozenset[str] = frozenset({"integer", "duration", "quantity", "percent"})
"""Types whose values have an order, so that rules may bound them."""

KUBERNETES_VERSION = "kubernetes.version"
"""The setting whose value is the Kubernetes minor of a cluster: releases of components are tied to it."""

KUBERNETES = "kubernetes"
"""The capability of what brings a control plane: a release of its provider is a Kubernetes minor."""


class SettingDefault(Model):
    """A default that applies when all conditions (context and choices only) hold; the last one has none, unless a placeholder
    stands behind it."""

    when: tuple[Condition, ...] = ()
    value: Scalar


class Setting(Model):
    """A typed value under a decision. Its id is `<word>.<word>` and unique in the catalog."""

    id: Slug
    title: str
    type: SettingType
    why: Sentence
    """One sentence: why it is asked and what it changes."""
    at_least: Scalar | None = None
    at_most: Scalar | None = None
    choices: tuple[str, ...] = ()
    """The values of a `choice`, in the order in which they are preferred when nothing else decides."""
    steps: tuple[Scalar, ...] = ()
    """Values a screen offers for a numeric setting; others within the bounds are allowed too."""
    default: tuple[SettingDefault, ...] = ()
    """Tried in order; the first whose conditions hold is taken."""
    only_for: tuple[Slug, ...] = ()
    """The components for which it matters; empty means for any choice but `none`."""
    placeholder: str | None = None
    """For an input without a sensible default, or with one in some designs only: a visible, type-valid stand-in that `check`
    lists where no default applies."""

    @model_validator(mode="after")
    def complete(self) -> Setting:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("'choices' goes with type choice, and only with it")
        if self.placeholder is None and not self.default:
            raise ValueError("a setting has a default or a placeholder")
        if self.default and bool(self.default[-1].when) != (self.placeholder is not None):
            raise ValueError("the last default must have no condition, unless a placeholder stands behind it")
        for entry in self.default:
            self.check(entry.value)
        return self

    def check(self, value: Scalar) -> None:
        """Raise ValueError, in a plain sentence, when `value` is not one that this setting takes."""
        if self.type in NUMERIC:
            size = magnitude(value, self.type)
            if self.at_least is not None and size < magnitude(self.at_least, self.type):
                raise ValueError(f"{value} is below {self.at_least}, the least that {self.id} takes")
            if self.at_most is not None and size > magnitude(self.at_most, self.type):
                raise ValueError(f"{value} is above {self.at_most}, the most that {self.id} takes")
        elif self.type == "choice" and str(value) not in self.choices:
            raise ValueError(f"{value!r} is not one of {', '.join(self.choices)}")
        elif self.type == "boolean" and not isinstance(value, bool):
            raise ValueError(f"{value!r} is not true or false")
        elif self.type in _TEXT_PATTERNS:
            _check_text(str(value), self.type)


_TEXT_PATTERNS = {
    "text": (r"[^\x00-\x1f\x7f]{1,253}", "a line of text"),
    "url": (r"(https?|ssh|git|oci|s3|gs)://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,2000}", "a URL"),
    "domain": (r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "a domain name"),
    "cidr": (r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}", "an address range such as 10.0.0.0/16"),
    "address": (r"[0-9a-f.:]{2,45}", "an IP address such as 192.0.2.1"),
    "mail": (r"[^\s@<>,;\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,253}", "a mail address such as oncall@example.com"),
    "bucket": (r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?",
               "a name for buckets: at most 63 small letters, digits, dots and hyphens"),
    "image-path": (r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*",
                   "a registry, or a path in it, such as registry.example.com/apps"),
    "branch": (r"(?![/.-])(?!.*(\.\.|//|\.lock$|[/.]$))[A-Za-z0-9._/+-]{1,200}", "a branch such as main"),
    "folder": (r"(?!.*(^|/)\.{1,2}(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", "a folder of the repository, such as deploy/k8s"),
    "window": (windows.PATTERN, windows.MEANS),
    "pem": (r"none|[A-Za-z0-9+/]{40,16000}={0,2}", "none, or a certificate or public key in PEM as one line of base64"),
}
"""What a value of each type of text looks like, and what to say of one that does not."""


def _check_text(value: str, type_: str) -> None:
    pattern, meaning = _TEXT_PATTERNS[type_]
    if not re.fullmatch(pattern, value) or not _exists(value, type_):
        raise ValueError(f"{value!r} is not {meaning}")
    if type_ == "window":
        windows.window(value)


def pem(value: str) -> str | None:
    """The text of a value of type `pem`; None for `none` and for what holds no certificate and no public key. Private keys are
    none of them: they have no place in answers."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except ValueError:
        return None
    begun = re.findall(r"^-----BEGIN ([A-Z ]+)-----$", text, re.MULTILINE)
    return text if begun and set(begun) <= {"CERTIFICATE", "PUBLIC KEY"} else None


def _exists(value: str, type_: str) -> bool:
    """False for what has the right shape and means nothing: addresses above 255, base64 of something else."""
    if type_ == "pem":
        return value == "none" or pem(value) is not None
    try:
        if type_ == "cidr":
            ipaddress.ip_network(value)
        elif type_ == "address":
            ipaddress.ip_address(value)
    except ValueError:
        return False
    return True
