#!/bin/sh
# Build one image into an archive.
set -eu
. "${0%/*}/image.sh"
PLATFORMS="linux/amd64"
BUILDER="${IMAGE_BUILDER:-tcp://buildkitd.buildkit.svc:1234}"
CERTIFICATES=/etc/image-builder
buildctl --addr "$BUILDER" --tlscacert "$CERTIFICATES/ca.pem" --tlscert "$CERTIFICATES/cert.pem" \
  --tlskey "$CERTIFICATES/key.pem" build --frontend dockerfile.v0 --opt "platform=$PLATFORMS" \
  --local "context=$CONTEXT" --local "dockerfile=$CONTEXT" --output "type=oci,name=$IMAGE,dest=$ARCHIVE"
