"""The doors to a person: the wizard in this terminal, the same questions line by line, the wizard in a browser."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import UsageError
from wizard.diagnostics import Exit

if TYPE_CHECKING:
    from catalog.catalog import Catalog
    from wizard.session import Session


SHOWING = {"WezTerm", "iTerm.app", "ghostty", "vscode", "mintty", "contour", "foot", "foot-extra", "mlterm", "wezterm",
           "xterm-kitty", "xterm-ghostty"}
"""What terminals that may show images call themselves, and the entries of theirs in terminfo, which pass through ssh."""


def open_wizard(answers_path: Path | None, overlays: tuple[Path, ...]) -> int:
    """Open the wizard, on an answers file where one is named. Without a terminal: UsageError that says what to use."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError("this is no terminal, and the wizard needs one: use `k8s-wizard check ANSWERS` and "
                         "`k8s-wizard build ANSWERS -o DIR` here, or `k8s-wizard prompts`")
    checked(overlays)
    _as_wide_as_it_is()
    from wizard.tui.app import WizardApp
    from wizard.tui.glimpse import Seen

    app = WizardApp(partial(catalog_with, overlays),
                    None if answers_path is None else lambda catalog: opened(answers_path, catalog), images=_images(),
                    file=answers_path,
                    seen=partial(Seen, overlays=overlays))
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.return_code:
        return app.return_code
    if app.desk is not None and app.session.changed and app.session.past and app.draft.file.exists():
        print(f"kept as a draft: {app.session.answers.name}; the next start offers to continue", file=sys.stderr)
    return int(Exit.DONE)


def _as_wide_as_it_is() -> None:
    """Have the terminal's own size win over COLUMNS and LINES: a shell that exports them says what was so when it did, and
    no resize changes them. In a browser there is no terminal, and they are all there is."""
    if "TEXTUAL_DRIVER" in os.environ:
        return
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return
    if size.columns and size.lines:
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)


def checked(overlays: tuple[Path, ...]) -> None:
    """Raises UsageError for a folder that is not there."""
    for folder in overlays:
        if not folder.is_dir():
            raise UsageError(f"--catalog {folder}: is not a folder")


def catalog_with(overlays: tuple[Path, ...]) -> Catalog:
    """The catalog with overlays. Raises UsageError for a folder that is not there."""
    from catalog.loader import load

    checked(overlays)
    return load(overlays)


def opened(path: Path, catalog: Catalog) -> Session:
    """A session on a file. Raises UsageError where it cannot be read at all."""
    from wizard.opening import open_file

    try:
        return open_file(path, catalog).session
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None


def _images() -> bool:
    """Whether the terminal can show images; asked before the screen is ours, as the answer comes as input. Asked of
    terminals alone that are known to answer: a multiplexer passes neither question nor image on."""
    if "TMUX" in os.environ or "STY" in os.environ or os.environ.get("TERM", "").split("-")[0] in (
            "", "dumb", "linux", "screen", "tmux"):
        return False
    named = {os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", "")} & SHOWING
    if named or any(name in os.environ for name in ("KITTY_WINDOW_ID", "XTERM_VERSION", "KONSOLE_VERSION", "WT_SESSION",
                                                    "TEXTUAL_IMAGE")):
        try:
            from wizard.tui.graphics import images

            return images()
        except (ImportError, OSError):
            return False
    return False
