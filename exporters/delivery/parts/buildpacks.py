"""Cloud Native Buildpacks build without a Dockerfile, for the architecture of the runner."""

_PACK = "https://github.com/buildpacks/pack/releases/download/v{v}/pack-v{v}-linux.tgz"
VARIABLES = (("BUILDER", "builder image, by digest"),)
ONE_PLATFORM = True
NEEDS = ("docker", "pack")
FETCH = {"pack": (_PACK, _PACK + ".sha256")}
ARCHIVE = "docker"
BUILD = ('pack build "$IMAGE" --path "$CONTEXT" --builder "${BUILDER:?name a builder image by digest in the variable BUILDER}"',)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = (
    'docker push "$IMAGE"',
    'docker inspect --format "{{index .RepoDigests 0}}" "$IMAGE" | cut -d @ -f 2 >"$DIGEST_FILE"',
)
SAVE = ('docker save --output "$ARCHIVE" "$IMAGE"',)
