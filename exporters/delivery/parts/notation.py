"""Notation signs the digest with the key that NOTATION_KEY names in its configuration."""

_RELEASE = "https://github.com/notaryproject/notation/releases/download/v{v}/notation_{v}_"
VARIABLES = (("NOTATION_KEY", "name of the signing key in the configuration of Notation"),)
NEEDS = ("notation",)
FETCH = {"notation": (_RELEASE + "linux_amd64.tar.gz", _RELEASE + "checksums.txt")}
SIGN = ('notation sign --key "${NOTATION_KEY:?name of the key}" "$PINNED"',)
