"""Cosign signs the digest with the job's own identity, without a key, where the CI service gives it one."""

NEEDS = ("cosign",)
SIGN = ('cosign sign --yes "$REPOSITORY@$(cat "$DIGEST_FILE")"',)
