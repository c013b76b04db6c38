"""A host that lies: what Ansible takes for its Python answers whatever a test wants."""

from __future__ import annotations

import json
import subprocess
from typing import Any

# The module comes as a file, or as the input of the program where Ansible saves the round trip, and
# is not run. What it is called stands in it: so a host may lie of one module, and print nothing of
# others.
LIAR = """#!/bin/sh
cat "${{1:--}}" | grep -F {module} >/dev/null || exit 0
cat {lie}
"""
# The first of several liars that prints anything.
FIRST = """#!/bin/sh
asked=$(mktemp)
cat "${1:--}" >$asked
for liar in LIARS; do
    said=$($liar $asked)
    test -z "$said" || { printf '%s' "$said"; exit; }
done
"""
# Nothing is left of the connection, and nobody can connect again.
LOST = """#!/bin/sh
kill -KILL $(pidof sshd)
"""
FOLDER = '/usr/local/lib/lies'


def tell(container: str, name: str, answer: Any, module: str = '') -> str:
    """Have a program on the host answer so, and return its path, for ansible_python_interpreter.

    answer: text, or what becomes JSON; module: a word that stands only in the module that is to be
    answered so, empty for all.
    """
    lie = answer if isinstance(answer, str) else json.dumps(answer)
    _put(container, f'{FOLDER}/{name}.json', lie, '644')
    _put(
        container,
        f'{FOLDER}/{name}',
        LIAR.format(module=f"'{module}'", lie=f'{FOLDER}/{name}.json'),
        '755',
    )
    return f'{FOLDER}/{name}'


def first_of(container: str, name: str, programs: list[str]) -> str:
    """Have a program on the host that asks these until one answers; return its path."""
    if len(programs) == 1:
        return programs[0]
    _put(container, f'{FOLDER}/{name}', FIRST.replace('LIARS', ' '.join(programs)), '755')
    return f'{FOLDER}/{name}'


def lose(container: str) -> str:
    """Have a program on the host that ends every connection, for good; return its path."""
    _put(container, f'{FOLDER}/lose', LOST, '755')
    return f'{FOLDER}/lose'


def _put(container: str, path: str, text: str, mode: str) -> None:
    words = f'mkdir -p {FOLDER} && cat >{path} && chmod {mode} {path}'
    subprocess.run(
        ['docker', 'exec', '-i', container, 'sh', '-c', words], input=text, text=True, check=True
    )
