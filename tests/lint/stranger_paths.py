"""Fail where code that deals with strangers' paths reaches one by its name.

Between two calls that name the same path, its owner can put something else there. Such code goes
by descriptors: see plugins/module_utils/_strangers.
Usage: python3 tests/lint/stranger_paths.py
"""

import ast
import sys
from pathlib import Path

UTILS = Path(__file__).resolve().parents[2] / 'plugins' / 'module_utils'
# {file: which paths of strangers it meets}
FILES = {
    '_proof/private_files.py': 'folders that the server writes into, of site owners and pages',
    '_proof/rehearsal.py': 'logs of sites',
    '_proof/crashes.py': 'logs of sites',
    '_host/folder_search.py': 'folders of sites',
    '_host/htaccess.py': 'folders of sites',
    '_host/access_logs.py': 'logs of sites',
}
OPENERS = {'open', 'io.open', 'os.open'}
# What only takes a path apart, or works on what is open already.
HARMLESS = {
    'os.close',
    'os.dup',
    'os.fstat',
    'os.fdopen',
    'os.kill',
    'os.setsid',
    'os.getpid',
    'os.path.basename',
    'os.path.dirname',
    'os.path.join',
    'os.path.normpath',
    'os.path.split',
    'os.path.samestat',
}
NAMESPACES = {'namespaces.mount', 'namespaces.bind'}
# The null device is root's, and always there.
NULL = 'os.devnull'


def dotted(node: ast.expr) -> str:
    """Return the name that an expression spells, such as os.path.isdir; an empty text for
    others.
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f'{before}.{node.attr}' if before else ''
    return ''


def problems_of(text: str) -> list[tuple[int, str]]:
    """Return [(line, call)] of the calls in a source that reach something by the name of a path."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        if name in OPENERS and node.args and dotted(node.args[0]) == NULL:
            continue
        by_name = name.startswith('os.') and name not in HARMLESS
        if by_name or name in OPENERS or name in NAMESPACES:
            found.append((node.lineno, name))
    return found


def main() -> int:
    """Print the calls that go by name; return 0 if there are none."""
    status = 0
    for file, reason in sorted(FILES.items()):
        for line, call in problems_of((UTILS / file).read_text(encoding='utf-8')):
            print(
                f'{UTILS / file}:{line}: {call}() goes by the name of a path; this file meets '
                f'{reason}'
            )
            status = 1
    return status


if __name__ == '__main__':
    sys.exit(main())
