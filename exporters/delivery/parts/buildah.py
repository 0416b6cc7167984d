"""Buildah builds and pushes without a daemon and without root, for one platform after the other."""

PACKAGES = ("buildah", "skopeo")
NEEDS = ("buildah", "skopeo")
ARCHIVE = "oci"
BUILD = (
    'buildah manifest exists "$IMAGE" && buildah manifest rm "$IMAGE"',
    'buildah build --isolation chroot --platform "$PLATFORMS" --manifest "$IMAGE" "$CONTEXT"',
)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | buildah login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = ('buildah manifest push --all --digestfile "$DIGEST_FILE" "$IMAGE" "docker://$IMAGE"',)
SAVE = ('rm -f "$ARCHIVE"', 'buildah manifest push --all "$IMAGE" "oci-archive:$ARCHIVE"')
