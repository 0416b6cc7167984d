"""Notation signs the digest with the key that its configuration names."""

NEEDS = ("notation",)
SIGN = ('notation sign "$REPOSITORY@$(cat "$DIGEST_FILE")"',)
