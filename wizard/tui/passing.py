"""Lines that pass: let go of as soon as nobody shows them.

Textual gives each line seven small stores for what is made of it, and keeps in one of them, more often than not, the line
itself. So no line ever goes before garbage is looked for, and a cursor that moves by a row leaves thousands of objects
behind. What is drawn twice is kept elsewhere as well: by the widget that draws it, and as the text that was written.
"""

from __future__ import annotations

from collections.abc import Hashable, KeysView
from typing import Any

import textual.strip


class Nowhere:
    """Stands for a store of a line, and keeps nothing."""

    __slots__ = ()

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Nothing is there."""
        return default

    def __setitem__(self, key: Hashable, value: object) -> None:
        pass

    def clear(self) -> None:
        """Nothing is there."""

    def keys(self) -> KeysView[Any]:
        """Nothing is there."""
        return {}.keys()

    def __len__(self) -> int:
        return 0


NOWHERE = Nowhere()


def begin() -> None:
    """Keep nothing of lines from now on, in this process."""
    vars(textual.strip)["FIFOCache"] = lambda maxsize: NOWHERE
