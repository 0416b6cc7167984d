"""One module per tool that a pipeline step runs, named by its component id.

BUILD, PUSH, SCAN, SIGN, LOGIN: shell commands, one a line. In them `$IMAGE` is the image with its tag, `$CONTEXT` the
folder it is built from, `$DIGEST_FILE` where a push writes the digest, `$REGISTRY` the registry's host, and LOGIN
leaves the password in `$REGISTRY_PASSWORD` and the user in `$REGISTRY_USER`. NEEDS: programs a runner must have.
"""
