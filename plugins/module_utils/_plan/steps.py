# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The order of one switch, as data.

Each step names an action and its inverse; the engine runs them down, and back up.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections import namedtuple

from .._model import THREADED, Step
from .strategies import arrange

PHP_PAGE = "<?php echo 'webops %s zts=', (int) PHP_ZTS; ?>\n"


# state, wanted, answers, token: as for the planner; now: Outlook of what a start brings once
# everything is taken back; target: of what is wanted; align, moves: [FileEdit], one rename each, in
# order: while the old server runs, and while none does; restart: bool; strategy: a Strategy, None
# where there is no restart.
Draft = namedtuple('Draft', 'state wanted now target align moves restart answers token strategy')


def build_steps(draft):
    """Return ([Step, ...], [Step, ...]): what is done, each with its inverse, and what is tidied
    up once it is proved.

    The order and why: the page for PHP comes first, since the old server has to answer it too, or
    it proves nothing. Where the disk chooses another MPM than the one that runs, it is made to
    choose that one first, or there were no way back to it. The server stops with the configuration
    that it started with; httpd cannot even stop with one that it cannot read.
    """
    state, wanted, now, target = draft.state, draft.wanted, draft.now, draft.target
    stage = _stage(draft.align + draft.moves)
    swaps = [_swap(edit, number) for number, edit in enumerate(draft.align + draft.moves)]
    aligns, swaps = swaps[: len(draft.align)], swaps[len(draft.align) :]
    if not draft.restart:
        return stage + swaps, _unstage(draft.moves)
    page, tidy = _php_page(draft)
    running = state.servers.running.mpm
    old = _way_back(state, now)
    new = (
        expectation(target.mpm, state.real_paths[target.binary], target, state)
        if target.binary
        else old
    )
    token = draft.token if page else None
    old_proof = proof_args(old, now, draft.answers, wanted, token, state)
    new_proof = dict(proof_args(new, target, draft.answers, wanted, token, state), crashes=True)
    note = 'note how the %s server answers' % running
    observe = Step('observe', 'observe', old_proof, 'prove_restored', old_proof, note)
    parts = arrange.Parts(
        _stop(draft, running, _start_args(state, old, now)),
        swaps,
        _start(new['mpm'], _start_args(state, new, target)),
        Step('prove', 'prove', new_proof, None, {}, 'prove that %s serves as before' % new['mpm']),
    )
    steps = page + [observe] + stage + aligns + arrange.arrange(draft, parts)
    return steps, tidy + _unstage(draft.align + draft.moves)


def _stop(draft, running, again):
    """Return the step that stops the server. again: arguments of the start that takes it back."""
    wanted = draft.wanted
    words = 'stop %s: graceful for %d s, then TERM for %d s, then KILL'
    words %= (running, wanted.drain_timeout, wanted.stop_timeout)
    args = _stop_args(draft.state, wanted)
    return Step('stop', 'stop_server', args, 'ensure_started', again, words)


def _start(mpm, args):
    return Step('start', 'start_server', args, 'stop_whatever_runs', args, 'start %s' % mpm)


def _way_back(state, now):
    """What a start of the service brings once the files are back: the MPM of `now`."""
    running = state.servers.running
    if running.mpm == now.mpm or state.choice.mpm is None:
        return expectation(running.mpm, running.main.exe, now, state)
    return expectation(now.mpm, state.real_paths.get(now.binary, now.binary), now, state)


def _stage(edits):
    if not edits:
        return []
    args = {'paths': [edit.real for edit in edits]}
    return [
        Step(
            'stage',
            'stage_files',
            args,
            'forget_staged',
            {},
            'lay %d new files and the way back ready on the disk' % len(edits),
        ),
        Step(
            'recheck',
            'demand_unchanged',
            {},
            None,
            {},
            'look whether another hand changed a file in the meantime',
        ),
    ]


def _unstage(edits):
    return [Step('stage', 'discard_staged', {}, None, {}, 'remove the way back')] if edits else []


def _swap(edit, number):
    args = {'path': edit.real, 'staged': number}
    return Step(
        'swap', 'swap_file', args, 'put_back', args, 'write %s: %s' % (edit.path, edit.reason)
    )


def _php_page(draft):
    state, now, target, wanted, token = (
        draft.state,
        draft.now,
        draft.target,
        draft.wanted,
        draft.token,
    )
    root = now.document_root
    facts = state.paths.get(root)
    safe = facts is not None and facts.problem is None
    served = (now.php or now.proxied_php) and (target.php or target.proxied_php)
    if not (served and wanted.php != 'none' and safe and root == target.document_root):
        return [], []
    args = {'path': os.path.join(facts.real, page_name(token)), 'content': PHP_PAGE % token}
    return (
        [
            Step(
                'php page',
                'write_page',
                args,
                'remove_page',
                args,
                'put a page that asks PHP into %s' % root,
            )
        ],
        [Step('php page', 'remove_page', args, None, {}, 'take the page that asks PHP away')],
    )


def page_name(token):
    """The name of the page that asks PHP: nobody can guess it, and it is there for the length of
    the switch only.
    """
    return 'webops-mpm-%s.php' % token


def expectation(mpm, exe, look, state):
    """What must be true of a running server, as JSON-able data."""
    modules = [module.path for module in look.php] + (
        [state.mpm_modules[mpm]] if mpm in state.mpm_modules else []
    )
    return {
        'mpm': mpm,
        'exe': exe,
        'pid_file': state.service.pid_file,
        'ports': sorted(set(port for _address, port in look.listens)),
        'modules': sorted(state.real_paths.get(path, path) for path in modules),
    }


def proof_args(expected, look, answers, wanted, token, state):
    """What the proof needs: the expectation, how the probes answered before, the page that asks
    PHP, how long to watch. Only where `crashes` is set do children that crash count."""
    addresses = [(item.address, item.port) for item in state.servers.running.listeners]
    return {
        'expected': expected,
        'answers': [answer._asdict() for answer in answers],
        'probes': [probe._asdict() for probe in wanted.probes],
        'soak': wanted.soak,
        'error_log': look.error_log,
        'addresses': addresses,
        'token': token,
        'threaded_php': bool(look.php) and expected['mpm'] != 'prefork',
        'page': '/' + page_name(token) if token else None,
    }


def _stop_args(state, wanted):
    main = state.servers.running.main
    # The units of Debian and SUSE cut requests off when they are stopped, so they are told only if
    # they would start another server.
    announce = state.service.begin_stop if state.service.restarts else None
    return dict(
        _evidence(state),
        **{
            'pid': main.pid,
            'start_time': main.start_time,
            'threaded': state.servers.running.mpm in THREADED,
            'drain_timeout': wanted.drain_timeout,
            'stop_timeout': wanted.stop_timeout,
            'announce': announce,
            'settle': _settle(state),
            'service_timeout': wanted.stop_timeout + 20,
            'ports': sorted(set(item.port for item in state.servers.running.listeners)),
        }
    )


def _start_args(state, expected, look):
    mpm = expected['mpm']
    loaded = [state.real_paths[state.mpm_modules[mpm]]] if mpm in state.mpm_modules else []
    others = [other.process for other in state.others]
    return dict(
        _evidence(state),
        **{
            'argv': state.service.start,
            'exe': expected['exe'],
            'loaded': loaded,
            'pid_file': expected['pid_file'],
            'ports': expected['ports'],
            'timeout': 30,
            'prepare': state.service.prepare,
            'announce': state.service.begin_stop,
            'settle': _settle(state),
            'log': look.error_log,
            'spare': [process.pid for process in state.servers.strangers + others],
            'spare_services': sorted(set(other.service for other in state.others if other.service)),
        }
    )


def _evidence(state):
    """What tells the processes of the server from those of others, as the transaction knows it."""
    running = state.servers.running
    programs = set(state.real_paths[path] for path in state.binaries.values())
    programs.add(running.main.exe)
    # A socket that the service manager holds, too, stays when the server ends, for the next one.
    sockets = [item.inode for item in running.listeners if item.inode not in running.inherited]
    return {
        'programs': sorted(programs),
        'owners': sorted(running.owners),
        'users': sorted(running.users),
        'sockets': sorted(sockets),
        'groups': sorted(running.groups),
    }


def _settle(state):
    # Where a connection starts the server again at once, the manager would wait for the end of the
    # new one.
    return None if state.service.socket else state.service.stop
