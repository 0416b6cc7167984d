"""GitHub Actions: the identity that its pipelines sign images with."""

from __future__ import annotations

import re

from exporters.manifests.view import View


def signer(view: View) -> dict[str, str]:
    """Workflows of the repository of the source code, whatever their file is called."""
    repository = str(view.setting("delivery.code-repository", "https://github.com/example/app")).removesuffix(".git")
    path = repository.split("://", 1)[-1].split("/", 1)[-1]
    return {
        "issuer": "https://token.actions.githubusercontent.com",
        "subjectRegExp": f"^https://github\\.com/{re.escape(path)}/.*$",
    }
