"""BuildKit, as docker buildx brings it along."""

NEEDS = ("docker",)
BUILD = ('docker buildx build --load --tag "$IMAGE" "$CONTEXT"',)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = (
    'docker push "$IMAGE"',
    'docker inspect --format "{{index .RepoDigests 0}}" "$IMAGE" | cut -d @ -f 2 >"$DIGEST_FILE"',
)
SAVE = ('docker save --output "$ARCHIVE" "$IMAGE"',)
