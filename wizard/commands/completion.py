"""`completion SHELL`: a completion script, made from the table of verbs."""

from __future__ import annotations

import argparse

from wizard.commands import VERBS

SHELLS = ("bash", "zsh", "fish")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=SHELLS)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell]())
    return 0


def _options(verb: str) -> list[str]:
    from wizard.main import parser_of

    entry = next(each for each in VERBS if each.name == verb)
    return sorted(option for action in parser_of(entry)._actions for option in action.option_strings
                  if option.startswith("--"))


def _bash() -> str:
    cases = "\n".join(f'        {verb.name}) words="{" ".join(_options(verb.name))}" ;;' for verb in VERBS)
    verbs = " ".join(verb.name for verb in VERBS)
    return f"""_k8s_wizard() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" words
    if [ "$COMP_CWORD" -eq 1 ]; then
        words="{verbs}"
    else
        case "${{COMP_WORDS[1]}}" in
{cases}
        esac
    fi
    COMPREPLY=( $(compgen -W "$words" -- "$current") )
    [ "${{current#-}}" = "$current" ] && [ "$COMP_CWORD" -gt 1 ] && COMPREPLY+=( $(compgen -f -- "$current") )
}}
complete -o filenames -F _k8s_wizard k8s-wizard"""


def _zsh() -> str:
    verbs = "\n".join(f"    '{verb.name}:{verb.summary}'" for verb in VERBS)
    cases = "\n".join(f"    {verb.name}) _values option {' '.join(_options(verb.name))}; _files ;;" for verb in VERBS)
    return f"""#compdef k8s-wizard
_k8s_wizard() {{
  local -a verbs=(
{verbs}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  case "$words[2]" in
{cases}
  esac
}}
compdef _k8s_wizard k8s-wizard"""


def _fish() -> str:
    lines = ["complete -c k8s-wizard -n __fish_use_subcommand -f"]
    for verb in VERBS:
        lines.append(f"complete -c k8s-wizard -n __fish_use_subcommand -a {verb.name} -d '{verb.summary}'")
        lines += [f"complete -c k8s-wizard -n '__fish_seen_subcommand_from {verb.name}' -l {option[2:]}"
                  for option in _options(verb.name)]
    return "\n".join(lines)
