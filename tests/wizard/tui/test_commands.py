"""The list of commands: complete, without two meanings of a key, and each proven by a test beside this one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.screens.main import MainScreen


def test_every_command_is_proven_by_a_test_here() -> None:
    modules = [import_module(f"tests.wizard.tui.{path.stem}") for path in Path(__file__).parent.glob("test_*.py")]
    proven = {action for module in modules for test in vars(module).values()
              for mark in getattr(test, "pytestmark", ()) if getattr(mark, "name", "") == "proves" for action in mark.args}
    assert proven == {command.action for command in COMMANDS}


def test_every_command_has_an_action_a_title_and_help() -> None:
    for command in COMMANDS:
        assert hasattr(MainScreen, f"action_{command.action}"), command
        assert command.title and command.help and command.keys


def test_no_key_means_two_things() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    keys += list(JUMPS)
    assert len(keys) == len(set(keys))
