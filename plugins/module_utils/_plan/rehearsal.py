# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a rehearsal needs, as data: which files are laid over the real ones, which folders have
to be private, how the server is started.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import Link
from .._orders import RehearsalOrder, Workers
from .._syntax.evaluate import active_directives
from .._syntax.written_directives import ERROR_LOG, VITAL, kind_of, paths_written
from . import changes, directives, effective
from .fpm import companion
from .outlook import world_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401
    from typing import Any  # noqa: F401

    from .._model import ConfigTree, HostState, Outlook, Plan  # noqa: F401
    from .._orders import ProofOrder  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401

    # {path of a folder: {name in it: text, Link, or None where there is nothing}}.
    FolderChanges = dict[str, dict[str, 'str | Link | None']]

# Folders that httpd takes for its own where nothing names one.
_USUAL = ('logs', 'run')
# Not folders of files: what is written there is not a regular file.
_NEVER = ('/dev/', '/proc/', '/sys/')


def arrange(state, plan, tree):
    # type: (HostState, Plan, ConfigTree) -> RehearsalOrder
    """Return the RehearsalOrder for a Plan. tree: the ConfigTree as it will be."""
    tree = layout_named(state.layout).choose(state, tree, plan.target.mpm)
    active = active_directives(tree, world_of(state, plan.target.mpm))
    texts, folders = overlays(state, plan, tree)
    pages = [step.order for step in plan.steps if step.action == 'write_page']
    running = state.servers.running
    written, vital = _written_paths(state, active, tree.root)
    command = layout_named(state.layout).command(plan.target.binary)
    return RehearsalOrder(
        argv=list(command) + list(state.launch.options),
        environment=dict(state.launch.environment),
        texts=texts,
        folders=folders,
        page=pages[0] if pages else None,
        written=sorted(written),
        private=_on_disk(written),
        vital=_on_disk(vital),
        workers=_workers(plan.target),
        error_logs=error_logs(active, tree.root),
        live=running.main.pid,
        live_threads=running.threads,
        proof=_proof(plan),
        problem=_problem(active),
        companion=companion.describe(state, plan.carried),
    )


def _written_paths(state, active, root):
    # type: (HostState, list[Active], str) -> tuple[set[str], set[str]]
    """Return (set of paths that are written, set of those that two servers cannot share)."""
    usual = usual_paths(state, active, root)
    vital = written_paths([item for item in active if kind_of(item.name) == VITAL], root)
    vital |= set(path for path in usual if not path.endswith('/logs/.'))
    return written_paths(active, root) | usual, vital


def _on_disk(paths):
    # type: (Iterable[str]) -> list[str]
    return sorted(path for path in paths if not path.startswith(_NEVER))


def _workers(target):
    # type: (Outlook) -> Workers
    settings = directives.numbers_of(target.directives)
    processes, threads = effective.first_workers(target.mpm, settings)
    return Workers(processes, threads)


def _proof(plan):
    # type: (Plan) -> ProofOrder
    first = [step.order for step in plan.steps if step.action == 'prove'][0]
    return first._replace(soak=0, own_ports=False)


def overlays(state, plan, tree):
    # type: (HostState, Plan, ConfigTree) -> tuple[dict[str, str], FolderChanges]
    """Return (texts, folders) of a RehearsalOrder: they make the disk, as it is seen from within,
    what the plan's edits will make of it.
    """
    texts, folders = {}, {}  # type: dict[str, Any], FolderChanges
    for edit in [
        edit for edit in plan.edits if edit.path in _read_paths(state.tree) | _read_paths(tree)
    ]:
        if not any(value is None or isinstance(value, Link) for value in (edit.before, edit.after)):
            texts[edit.real] = edit.after
        else:
            _change_in(folders, edit.real, edit.after)
    # What the service writes at its start, this start has to find.
    for path in layout_named(state.layout).generated(state.disk.evidence):
        if tree.files.get(path) != state.tree.files.get(path):
            if state.tree.files.get(path) is None:
                _change_in(folders, path, tree.files[path])
            else:
                texts[changes.real_path(state, path)] = tree.files[path]
    return texts, folders


def _read_paths(tree):
    # type: (ConfigTree) -> set[str]
    """What httpd reads: other edits tell the service, or a package manager, which MPM is wanted."""
    return set(tree.files) | set(
        changes.target_of(path, target) for path, target in tree.links.items()
    )


def _change_in(folders, path, value):
    # type: (FolderChanges, str, str | Link | None) -> None
    folders.setdefault(os.path.dirname(path), {})[os.path.basename(path)] = value


def written_paths(active, root):
    # type: (list[Active], str) -> set[str]
    """Return the set of paths that directives in force have httpd, or what it pipes to, write."""
    return set(path for item in active for path in paths_written(item, root))


def usual_paths(state, active, root):
    # type: (HostState, list[Active], str) -> set[str]
    """Return the set of paths that httpd writes where nothing is said."""
    pid_files = [state.service.pid_file] + [state.build.pid_file] * (
        not any(item.name == 'pidfile' for item in active)
    )
    return set(pid_files + [os.path.join(root, name, '.') for name in _USUAL])


def error_logs(active, root):
    # type: (list[Active], str) -> list[str]
    """Return the files to which httpd reports, each once."""
    named = [item for item in active if item.name == ERROR_LOG and item.args]
    direct = [item for item in named if not item.args[0].startswith('|')]
    return _on_disk(written_paths(direct, root))


def _problem(active):
    # type: (list[Active]) -> str | None
    """Why it cannot be rehearsed at all, in words, or None."""
    zoned = [item for item in active if item.name == 'listen' and item.args and '%' in item.args[0]]
    if zoned:
        return (
            '%s line %d listens on an address of one link, which the private network does not have'
            % (zoned[0].path, zoned[0].line.number)
        )
    return None
