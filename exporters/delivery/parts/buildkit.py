"""BuildKit, as docker buildx brings it along. The built archive is what is scanned and what is pushed."""

USUAL = True
PACKAGES = ("skopeo",)
NEEDS = ("docker", "skopeo")
BUILD = (
    "docker buildx inspect delivery >/dev/null 2>&1 || docker buildx create --name delivery --driver docker-container",
    'docker buildx build --builder delivery --platform "$PLATFORMS" --output "type=oci,dest=$ARCHIVE" '
    '--tag "$IMAGE" "$CONTEXT"',
)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = ('skopeo copy --all --digestfile "$DIGEST_FILE" "oci-archive:$ARCHIVE" "docker://$IMAGE"',)
SAVE: tuple[str, ...] = ()
