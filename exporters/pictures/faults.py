"""The one error of pictures: a part that draws them does not work. Says what is wrong and what to try."""

from __future__ import annotations

from catalog.errors import MissingProgram


class PictureError(MissingProgram):
    """A picture cannot be laid out, drawn or rasterised, because a part of the installation does not work."""
