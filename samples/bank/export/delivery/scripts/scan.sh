#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=HIGH,CRITICAL
LOWEST=high
# Trivy opens archives of Docker's form only; one of OCI's is read as a folder
# (https://trivy.dev/docs/latest/guide/target/container_image/#oci-layout).
INPUT="$ARCHIVE"
if ! tar --list --file "$ARCHIVE" manifest.json >/dev/null 2>&1; then
  INPUT="${ARCHIVE%.tar}.oci"
  rm -rf "$INPUT" && mkdir "$INPUT" && tar --extract --file "$ARCHIVE" --directory "$INPUT"
fi
trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$INPUT"
