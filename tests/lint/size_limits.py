"""Fail where a file, a function or a module's main() is longer than design.md allows.

Documentation strings of modules (DOCUMENTATION, EXAMPLES, RETURN) do not count, and in the length
of a file neither do lines that only mypy reads: type comments, and what is guarded for them.
Usage: python3 tests/lint/size_limits.py FILE...
"""

import ast
import os
import re
import sys
from collections.abc import Iterator

FILE_LINES = 500
FUNCTION_LINES = 40
# Of shell scripts; ruff and yamllint count those of others.
LINE_COLUMNS = 100
MAIN_LINES = 25
DOCUMENTATION = ('DOCUMENTATION', 'EXAMPLES', 'RETURN')
# Line, what, lines, limit.
Size = tuple[int, str, int, int]
TYPE_COMMENT = re.compile(r'^ *# type: (?!ignore)', re.M)
SHELL_FUNCTION = re.compile(r'^(?:function )?(\w[\w-]*) ?\(\) \{$\n(?:.*\n)*?^\}$', re.M)


def length(node: ast.stmt) -> int:
    """Return the number of lines of a statement."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_documentation(node: ast.stmt) -> bool:
    """Return whether a statement is the documentation of a module."""
    return isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', None) in DOCUMENTATION


def is_for_mypy(node: ast.stmt) -> bool:
    """Return whether a statement is an `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and getattr(node.test, 'id', None) == 'TYPE_CHECKING'


def python_sizes(path: str, text: str) -> Iterator[Size]:
    """Yield (line, what, lines, limit) of a Python file."""
    tree = ast.parse(text, path)
    free = [node for node in tree.body if is_documentation(node) or is_for_mypy(node)]
    uncounted = sum(length(node) for node in free) + len(TYPE_COMMENT.findall(text))
    yield 1, 'file', text.count('\n') - uncounted, FILE_LINES
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            is_main = node.name == 'main' and 'plugins/modules/' in path
            yield (
                node.lineno,
                node.name + '()',
                length(node),
                MAIN_LINES if is_main else FUNCTION_LINES,
            )


def shell_sizes(path: str, text: str) -> Iterator[Size]:
    """Yield (line, what, lines, limit) of a shell script; functions must close with a brace in
    column one.
    """
    yield 1, 'file', text.count('\n'), FILE_LINES
    # What an image is made of is as the system has it that it stands for.
    rows = [] if path.startswith('tests/images/') else text.split('\n')
    for number, row in enumerate(rows, 1):
        yield number, 'line', len(row), LINE_COLUMNS
    for match in SHELL_FUNCTION.finditer(text):
        line = text.count('\n', 0, match.start()) + 1
        yield line, match.group(1) + '()', match.group(0).count('\n') + 1, FUNCTION_LINES


def too_long(path: str) -> Iterator[str]:
    """Yield in words what of a file is too long."""
    with open(path, encoding='utf-8') as source:
        text = source.read()
    sizes = python_sizes if os.path.splitext(path)[1] == '.py' else shell_sizes
    for line, what, lines, limit in sizes(path, text):
        if lines > limit:
            unit = 'columns' if what == 'line' else 'lines'
            yield '%s:%d: %s has %d %s, the limit is %d' % (path, line, what, lines, unit, limit)


def main() -> int:
    """Print what is too long in the files of the command line; return 0 if nothing is."""
    problems = [problem for path in sys.argv[1:] for problem in too_long(path)]
    print('\n'.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
