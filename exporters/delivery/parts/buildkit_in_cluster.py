"""BuildKit as a daemon in the cluster: jobs send it their source and get an archive, which is scanned and pushed."""

from exporters.manifests.families.image_builder import CERTIFICATES, NAME, PORT

NEEDS = ("buildctl", "skopeo")
CACHES = True
ARCHIVE = "oci"
BUILD = (
    f'BUILDER="${{IMAGE_BUILDER:-tcp://{NAME}.buildkit.svc:{PORT}}}"',
    f"CERTIFICATES={CERTIFICATES}",
    'buildctl --addr "$BUILDER" --tlscacert "$CERTIFICATES/ca.pem" --tlscert "$CERTIFICATES/cert.pem" \\',
    '  --tlskey "$CERTIFICATES/key.pem" build --frontend dockerfile.v0 --opt "platform=$PLATFORMS" \\',
    '  --local "context=$CONTEXT" --local "dockerfile=$CONTEXT" --output "type=oci,name=$IMAGE,dest=$ARCHIVE"',
)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = ('skopeo copy --all --digestfile "$DIGEST_FILE" "oci-archive:$ARCHIVE" "docker://$IMAGE"',)
SAVE: tuple[str, ...] = ()
