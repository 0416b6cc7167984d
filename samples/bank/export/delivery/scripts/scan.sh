#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=HIGH,CRITICAL
LOWEST=high
MIRROR=harbor.hansebank.example
# Where nothing leads to the internet its databases come from the mirror, and nobody is asked about anything else
# (https://trivy.dev/docs/latest/guide/advanced/air-gap/).
export TRIVY_DB_REPOSITORY="$MIRROR/ghcr.io/aquasecurity/trivy-db:2"
export TRIVY_JAVA_DB_REPOSITORY="$MIRROR/ghcr.io/aquasecurity/trivy-java-db:1"
export TRIVY_OFFLINE_SCAN=true TRIVY_SKIP_VERSION_CHECK=true TRIVY_DISABLE_TELEMETRY=true
PLATFORM=linux/amd64
INPUT="$WORK/$1.oci"
FORM=oci-dir
rm -rf "$INPUT"
skopeo copy --quiet --override-os "${PLATFORM%%/*}" --override-arch "${PLATFORM#*/}" \
  "oci-archive:$ARCHIVE" "oci:$INPUT"
trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$INPUT"
