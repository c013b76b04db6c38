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
import re
import shlex

from .._layouts.table import layout_named
from .._model import Link
from .._syntax.evaluate import active_directives
from . import changes, directives
from .outlook import world_of

# Directives that name a file or folder that httpd, or one of its modules, writes. By their endings,
# since the modules are not all known.
_WRITTEN = re.compile(
    r'(log|logfile|shmfile|lockfile|lock|pidfile|lockdb|mutex|scoreboardfile|scriptsock'
    r'|socketprefix|sessioncache|staplingcache|processtablefile|storedir|ipcdir|cacheroot|datadir'
    r'|uploaddir|storagedir|cachepath|lockpath|runtimedir|tmpdir|tempdir)$'
)
# Those of them that a server takes away from another one that has the same.
_VITAL = re.compile(
    r'(pidfile|scoreboardfile|scriptsock|mutex|lockfile|shmfile|socketprefix|sessioncache'
    r'|staplingcache|processtablefile|ipcdir)$'
)
_ERROR_LOGS = ('errorlog', 'globallog')
# `shmcb:/run/httpd/cache(512000)`, `file:/run/lock`; not the `:` of Windows or of a pipe.
_PLACE = re.compile(r'^(?:[a-z]+:)?((?=[^(:/]*/)[^(:]*)(?:\(\d+\))?$')
_NEVER = ('/dev/', '/proc/', '/sys/')
# Folders that httpd takes for its own where nothing names one.
_USUAL = ('logs', 'run')


def arrange(state, plan, tree):
    """Return what a rehearsal of this Plan needs, as JSON-able data. tree: the ConfigTree as it
    will be.

    texts: {path: text} over files that are there; folders: {path: {name: {'text' or 'link': value}
    or None}} of which a copy is changed;
    page: {path, content} of the page that asks PHP, or None; private: paths that are written, each
    a folder or a file in one;
    vital: those of them that a server takes away from another one that writes them, too;
    workers: how many processes, with how many threads each, it has to make;
    error_logs: where httpd says what is wrong; proof: as for the proof, without a soak.
    """
    tree = layout_named(state.layout).choose(state, tree, plan.target.mpm)
    active = active_directives(tree, world_of(state, plan.target.mpm))
    texts, folders = overlays(state, plan, tree)
    pages = [step.args for step in plan.steps if step.action == 'write_page']
    running = state.servers.running
    private, vital = _private_paths(state, active, tree.root)
    return {
        'argv': list(layout_named(state.layout).command(plan.target.binary)) + list(state.options),
        'environment': dict(state.environment),
        'texts': texts,
        'folders': folders,
        'page': pages[0] if pages else None,
        'private': private,
        'vital': vital,
        'workers': _workers(plan.target),
        'error_logs': error_logs(active, tree.root),
        'live': running.main.pid,
        'live_threads': running.threads,
        'mpm': plan.target.mpm,
        'proof': _proof(plan),
        'problem': _problem(active),
    }


def _private_paths(state, active, root):
    """Return ([paths that are written], [those of them that two servers cannot share])."""
    usual = usual_paths(state, active, root)
    vital = written_paths([item for item in active if _VITAL.search(item.name)], root)
    vital |= set(path for path in usual if not path.endswith('/logs/.'))
    return sorted(written_paths(active, root) | usual), sorted(vital)


def _workers(target):
    settings = dict((name, found.value) for name, found in target.directives.items())
    processes, threads = directives.first_workers(target.mpm, settings)
    return {'processes': processes, 'threads': threads}


def _proof(plan):
    return dict(
        [step.args for step in plan.steps if step.action == 'prove'][-1], soak=0, own_ports=False
    )


def overlays(state, plan, tree):
    """Return (texts, folders) that make the disk, as it is seen from within, what the plan's
    edits will make of it.
    """
    texts, folders = {}, {}
    for edit in [
        edit for edit in plan.edits if edit.path in _read_paths(state.tree) | _read_paths(tree)
    ]:
        if not any(value is None or isinstance(value, Link) for value in (edit.before, edit.after)):
            texts[edit.real] = edit.after
        else:
            _change_in(folders, edit.real, edit.after)
    # What the service writes at its start, this start has to find.
    for path in layout_named(state.layout).generated:
        if tree.files.get(path) != state.tree.files.get(path):
            if state.tree.files.get(path) is None:
                _change_in(folders, path, tree.files[path])
            else:
                texts[changes.real_path(state, path)] = tree.files[path]
    return texts, folders


def _read_paths(tree):
    """What httpd reads: other edits tell the service, or a package manager, which MPM is wanted."""
    return set(tree.files) | set(
        changes.target_of(path, target) for path, target in tree.links.items()
    )


def _change_in(folders, path, value):
    entry = (
        {'link': value.target}
        if isinstance(value, Link)
        else None
        if value is None
        else {'text': value}
    )
    folders.setdefault(os.path.dirname(path), {})[os.path.basename(path)] = entry


def written_paths(active, root):
    """Return the set of paths that directives in force have httpd write, and the absolute ones
    in what they have it pipe to.
    """
    found = set()
    for item in active:
        by_php = item.name.startswith('php_') and item.args[:1] == ['error_log']
        if item.args and (by_php or _WRITTEN.search(item.name)):
            value = item.args[-1 if by_php else 0]
            found.update(piped_paths(value) if value.startswith('|') else named_path(value, root))
    return set(path for path in found if not path.startswith(_NEVER))


def named_path(value, root):
    """Return [path] that the value of a directive names; [] for words such as `syslog`, `off`
    and `none`.
    """
    place = _PLACE.match(value)
    return [os.path.normpath(os.path.join(root, place.group(1)))] if place else []


def piped_paths(value):
    """Return the absolute paths among the arguments of a program that a log is piped to, the
    program itself not among them.
    """
    try:
        words = [word for text in shlex.split(str(value.lstrip('|$ '))) for word in text.split('=')]
    except (ValueError, UnicodeError):
        return []
    return [word for word in words[1:] if word.startswith('/')]


def usual_paths(state, active, root):
    """Return the set of paths that httpd writes where nothing is said."""
    pid_files = [state.service.pid_file] + [state.build.pid_file] * (
        not any(item.name == 'pidfile' for item in active)
    )
    return set(pid_files + [os.path.join(root, name, '.') for name in _USUAL])


def error_logs(active, root):
    """Return the files to which httpd reports, each once."""
    found = [
        path
        for item in active
        if item.name in _ERROR_LOGS and item.args and not item.args[0].startswith('|')
        for path in named_path(item.args[0], root)
    ]
    return sorted(set(path for path in found if not path.startswith(_NEVER)))


def _problem(active):
    """Why it cannot be rehearsed at all, in words, or None."""
    zoned = [item for item in active if item.name == 'listen' and item.args and '%' in item.args[0]]
    if zoned:
        return (
            '%s line %d listens on an address of one link, which the private network does not have'
            % (zoned[0].path, zoned[0].line.number)
        )
    return None
