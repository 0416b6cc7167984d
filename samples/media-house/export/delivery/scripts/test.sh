#!/bin/sh
# Run the tests of one image's source.
set -eu
CONTEXT="services/$1"
if [ -x "$CONTEXT/test.sh" ]; then (cd "$CONTEXT" && ./test.sh)
elif [ -f "$CONTEXT/Makefile" ]; then make -C "$CONTEXT" test
else echo "$CONTEXT has neither test.sh nor a Makefile; nothing says that it works" >&2; exit 1; fi
