"""The user's cache folder: texts that are kept under a name for the next start, each with its key and digest.

Knows nothing of what is kept, and loads none of the libraries that a first frame on the screen need not wait for.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from catalog.folders import entries_of

FORMAT = 4

_LINUX: bool = sys.platform == "linux"


def folder() -> Path | None:
    """Where caches lie; None when K8S_WIZARD_CACHE is set to nothing."""
    stated = os.environ.get("K8S_WIZARD_CACHE")
    if stated is not None:
        return Path(stated) if stated else None
    if _LINUX:
        # As the library says it, which takes longer to import than a cached catalog takes to read.
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        return Path(base or Path.home() / ".cache") / "k8s-wizard"
    from platformdirs import user_cache_path

    return user_cache_path("k8s-wizard")


def key(folders: Sequence[Path]) -> str:
    """Changes whenever a file of the catalog or the code that reads it changes, and with the folders themselves."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for folder in folders:
        digest.update(f"{os.path.abspath(folder)}\n".encode())  # noqa: PTH100  (without a look at the disk)
    with os.scandir(Path(__file__).parent) as entries:
        code = sorted((entry for entry in entries if entry.name.endswith(".py")), key=lambda entry: entry.name)
    for entry in [*code, *(entry for folder in folders for entry in entries_of(folder))]:
        status = entry.stat()
        # The time of the last change of the entry cannot be set: a file of the same size that was unpacked with the same
        # date is another file all the same.
        times = f"{status.st_mtime_ns}\0{status.st_ctime_ns}"
        digest.update(f"{entry.path}\0{status.st_size}\0{times}\n".encode())
    return digest.hexdigest()


def entry(name: str, wanted: str) -> bytes | None:
    """What is kept under a name, where it is whole and of that key; None otherwise."""
    place = folder()
    if place is None:
        return None
    try:
        head, digest, text = (place / f"{name}.json").read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    return text if head == wanted.encode() and hashlib.sha256(text).hexdigest().encode() == digest else None


def keep(name: str, wanted: str, text: bytes, most: int) -> None:
    """Keep something for the next start, and at most so many of its sort; what cannot be written is no failure."""
    place = folder()
    if place is None:
        return
    try:
        import tempfile

        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
            file.write(b"\n".join([wanted.encode(), hashlib.sha256(text).hexdigest().encode(), text]))
        Path(file.name).replace(place / f"{name}.json")
        sort = name.split("-", 1)[0]
        for stale in sorted(place.glob(f"{sort}-*.json"), key=lambda path: path.stat().st_mtime)[:-most]:
            stale.unlink(missing_ok=True)
    except OSError:
        return
