"""GitLab CI: the identity that its pipelines sign images with."""

from __future__ import annotations

import re

from exporters.manifests.view import View


def signer(view: View) -> dict[str, str] | None:
    """Pipelines of the repository on gitlab.com; an own GitLab is no identity that public authorities know."""
    repository = str(view.setting("delivery.code-repository", "https://gitlab.com/example/app")).removesuffix(".git")
    host, _, path = repository.split("://", 1)[-1].partition("/")
    if host != "gitlab.com":
        return None
    return {"issuer": "https://gitlab.com", "subjectRegExp": f"^https://gitlab\\.com/{re.escape(path)}//.*$"}
