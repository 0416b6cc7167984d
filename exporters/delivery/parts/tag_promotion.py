"""A version tag starts the delivery."""

PROMOTION = "tag"
NEEDS: tuple[str, ...] = ()
