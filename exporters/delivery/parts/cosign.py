"""Cosign signs the digest with the job's own identity where the CI service has one that Sigstore trusts.

Otherwise with a key that never leaves its key service: COSIGN_KEY names it (`hashivault://...`, `gcpkms://...`), and
nothing is written to a public log.
"""

_RELEASE = "https://github.com/sigstore/cosign/releases/download/v{v}/"
VARIABLES = (("COSIGN_KEY", "address of the signing key in its key service, such as hashivault://images"),)
NEEDS = ("cosign",)
FETCH = {"cosign": (_RELEASE + "cosign-linux-amd64", _RELEASE + "cosign_checksums.txt")}
KEYLESS = ('cosign sign --yes "$PINNED"',)
SIGN = (
    'cosign sign --yes --use-signing-config=false --tlog-upload=false '
    '--key "${COSIGN_KEY:?address of the key in its key service}" "$PINNED"',
)
