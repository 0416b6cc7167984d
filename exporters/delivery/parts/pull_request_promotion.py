"""A pull request in the repository of the manifests is the delivery."""

PROMOTION = "pull-request"
NEEDS: tuple[str, ...] = ()
