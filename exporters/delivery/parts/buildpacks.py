"""Cloud Native Buildpacks build without a Dockerfile."""

NEEDS = ("docker", "pack")
BUILD = ('pack build "$IMAGE" --path "$CONTEXT" --builder "${BUILDER:?name a builder image in the variable BUILDER}"',)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = (
    'docker push "$IMAGE"',
    'docker inspect --format "{{index .RepoDigests 0}}" "$IMAGE" | cut -d @ -f 2 >"$DIGEST_FILE"',
)
SAVE = ('docker save --output "$ARCHIVE" "$IMAGE"',)
