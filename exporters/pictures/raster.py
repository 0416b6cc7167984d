"""SVG to PNG with the shipped fonts, in processes of their own: the rasteriser holds the lock of its process.

The product never relies on fonts of the machine, so the same picture is the same bytes anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from exporters.pictures import fonts
from exporters.pictures.faults import PictureError

_UNKNOWN = "\u00b7"
"""Painted for a character that no shipped font has; a picture in SVG keeps the character, as viewers may have it."""

FEW = 2
"""So many pictures are painted sooner than a process has started."""


def png(svg: str, scale: int = 1, width: int = 0) -> bytes:
    """One picture as PNG at 1x or 2x, or so many pixels wide; PictureError when the rasteriser fails."""
    try:
        import resvg_py
    except ImportError as error:
        raise PictureError(f"the rasteriser resvg_py cannot be loaded: {error}; install k8s-wizard again") from error
    homes = {char: fonts.home(char) for char in set(svg) if not char.isascii()}
    missing = {ord(char): _UNKNOWN for char, name in homes.items()
               if not name and unicodedata.category(char) not in ("Mn", "Me", "Cf")}
    if missing:
        svg = svg.translate(missing)
    rare = [name for name in fonts.RARE if name in homes.values()]
    files = [str(fonts.file(name)) for name in (*fonts.TEXT, *rare)]
    try:
        return bytes(resvg_py.svg_to_bytes(
            svg_string=svg, width=width or None, zoom=None if width else scale, skip_system_fonts=True, font_files=files,
            font_family=fonts.FAMILY, sans_serif_family=fonts.FAMILY))
    except (ValueError, RuntimeError) as error:
        raise PictureError(f"the rasteriser failed: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what Rust code raises is no Exception
            raise
        raise PictureError(f"the rasteriser failed: {error}") from error


def _one(job: tuple[str, int]) -> bytes | str:
    try:
        return png(*job)
    except PictureError as error:
        return str(error)


def all_png(jobs: Sequence[tuple[str, int]], workers: int = 2) -> list[bytes | PictureError]:
    """Several pictures (SVG text, scale) at once; an error stands in the place of what could not be made."""
    if len(jobs) <= FEW:
        return [_result(_one(job)) for job in jobs]
    try:
        with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
            results = list(pool.map(_one, jobs))
    except (OSError, RuntimeError):  # no processes to be had here, or one was killed: slower, but the same bytes
        results = [_one(job) for job in jobs]
    return [_result(result) for result in results]


def _result(result: bytes | str) -> bytes | PictureError:
    return PictureError(result) if isinstance(result, str) else result
