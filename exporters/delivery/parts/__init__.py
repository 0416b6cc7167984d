"""One module per chosen component that a pipeline step runs or depends on, named by its component id.

Shell commands, one a line: BUILD, SIGN_IN, PUSH, SAVE (a builder), SCAN (before the push, of `$ARCHIVE`), GATE (after
the push, asks the registry's own scanner about `$PINNED`), SIGN, LOGIN (a registry). In them `$IMAGE` is the image
with its tag, `$PINNED` the image by digest, `$CONTEXT` the folder it is built from, `$DIGEST_FILE` where a push writes
the digest, `$REGISTRY` the registry's host, `$PLATFORMS` what it is built for, `$SEVERITIES` and `$LOWEST` what stops
a pipeline; LOGIN leaves `$REGISTRY_USER` and `$REGISTRY_PASSWORD`.

NEEDS: programs a runner must have. FETCH: program to (address of the archive, address of its checksums) for those
that hosted runners do not bring along; `{v}` is the version, which the catalog names: that of the component's release,
or of what comes along with it. PACKAGES: programs they have
as a package. CLOUD: whose identity a registry or a GATE takes. TOKEN: the
CI service whose own token a registry takes. USUAL: used where no builder was
chosen. STEP, PROMOTION: what choosing a pattern means. VARIABLES: what the
service must tell it. KEYLESS: a signer that can
sign with the job's own identity.
"""
