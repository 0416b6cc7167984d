"""Buildah builds and pushes without a daemon."""

NEEDS = ("buildah",)
BUILD = ('buildah build --isolation chroot --tag "$IMAGE" "$CONTEXT"',)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | buildah login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = ('buildah push --digestfile "$DIGEST_FILE" "$IMAGE"',)
SAVE = ('buildah push "$IMAGE" "oci-archive:$ARCHIVE"',)
