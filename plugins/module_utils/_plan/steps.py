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

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import THREADED, Step
from .._orders import (
    NOTHING,
    Address,
    DependentsOrder,
    Evidence,
    Expectation,
    PageOrder,
    ProofOrder,
    StageOrder,
    StartOrder,
    StopOrder,
    SwapOrder,
)
from . import php_page
from .fpm import steps as fpm_steps
from .strategies import arrange
from .strategies.way_back import keep_way_back

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Sequence  # noqa: F401

    from .._model import (  # noqa: F401
        Answer,
        FileEdit,
        HostState,
        Outlook,
        Plan,
        Service,
        SiteAnswer,
        Strategy,
        Wanted,
    )

# Seconds until a server must be up, and for the start of all units that systemd stopped together
# with it.
START_SECONDS, DEPENDENTS_SECONDS = 30, 120
PHP_PAGE = "<?php echo 'webops %s zts=', (int) PHP_ZTS; ?>\n"


# What the steps are made from. now, target: of what a start brings once everything is taken back,
# and of what is wanted; align: one rename each, in order, while the old server runs; moves: the
# same, while no server runs; answers: of the probes before anything is changed; token: a word of
# this switch alone; strategy: None where there is no restart.
_Draft = NamedTuple(
    '_Draft',
    [
        ('state', 'HostState'),
        ('wanted', 'Wanted'),
        ('now', 'Outlook'),
        ('target', 'Outlook'),
        ('align', 'list[FileEdit]'),
        ('moves', 'list[FileEdit]'),
        ('restart', 'bool'),
        ('answers', 'Sequence[Answer]'),
        ('token', 'str | None'),
        ('strategy', 'Strategy | None'),
        ('fpm', 'fpm_steps.FpmMoves'),
    ],
)
_Draft.__new__.__defaults__ = (fpm_steps.NO_MOVES,)


class Draft(_Draft):
    """What the steps are made from."""

    __slots__ = ()

    @property
    def every_move(self):
        # type: () -> list[FileEdit]
        """All [FileEdit] in the order in which they are staged."""
        return self.align + self.fpm.first + self.moves + self.fpm.last


def build_steps(draft):
    # type: (Draft) -> tuple[list[Step], list[Step]]
    """Return ([Step, ...], [Step, ...]): what is done, each with its inverse, and what is tidied
    up once it is proved.

    The order and why: the page for PHP comes first, since the old server has to answer it too, or
    it proves nothing. Where the disk chooses another MPM than the one that runs, it is made to
    choose that one first, or nothing could lead back to it. The server stops with the configuration
    that it started with; httpd cannot even stop with one that it cannot read.
    """
    state, wanted, now, target = draft.state, draft.wanted, draft.now, draft.target
    stage = _stage(draft.every_move)
    numbered = iter([_swap(edit, number) for number, edit in enumerate(draft.every_move)])
    aligns, first, swaps, last = [
        [next(numbered) for _edit in edits]
        for edits in (draft.align, draft.fpm.first, draft.moves, draft.fpm.last)
    ]
    coming, going, tidy_fpm = fpm_steps.around(draft.fpm, first + last)
    if not draft.restart:
        return stage + coming + swaps + going, _unstage(draft.every_move) + tidy_fpm
    page, tidy = _php_page(draft)
    running = state.servers.running.mpm
    old = _way_back(state, now)
    new = _wanted_server(state, target) or old
    token = draft.token if page else None
    old_proof = proof_order(old, now, draft.answers, wanted, token, state)
    new_proof = proof_order(new, target, draft.answers, wanted, token, state)
    note = 'note how the %s server answers' % running
    observe = Step('observe', 'observe', old_proof, 'prove_restored', old_proof, note)
    parts = arrange.Parts(
        _stop(draft, running, _start_order(state, old, now)),
        swaps,
        _start(new.mpm, _start_order(state, new, target)),
        _prove(new.mpm, new_proof._replace(crashes=True)),
    )
    doing = with_dependents(state.service, arrange.arrange(draft, parts))
    steps = page + [observe] + stage + aligns + coming + doing + going
    return steps, tidy + _unstage(draft.every_move) + tidy_fpm


def with_sites(plan, answers, pause):
    # type: (Plan, Iterable[SiteAnswer], float) -> Plan
    """Return the Plan in which the first proof, and that of a restored server, compare sites, too.

    A strategy may prove a server several times; the sites are asked once. answers: [SiteAnswer];
    pause: seconds before each request to one.
    """
    first = [step for step in plan.steps if step.action == 'prove'][:1]
    told = {'sites': list(answers), 'site_pause': pause}
    steps = []
    for step in plan.steps:
        if step in first:
            step = step._replace(order=step.order._replace(**told))
        if step.undo == 'prove_restored':
            step = step._replace(undo_order=step.undo_order._replace(**told))
        steps.append(step)
    return plan._replace(steps=steps, sites=list(answers))


def _wanted_server(state, target):
    # type: (HostState, Outlook) -> Expectation | None
    """Return the Expectation of the new server; None where its program is not known."""
    if not target.binary:
        return None
    return expectation(target.mpm, state.installed.real_paths[target.binary], target, state)


def with_dependents(service, steps):
    # type: (Service, list[Step]) -> list[Step]
    """Return the steps with those that start again what systemd stops with the service: before the
    last proof, and on the way back once the server runs.
    """
    if not service.dependents:
        return steps
    order = DependentsOrder(
        control=service.start[0],
        units=[unit.name for unit in service.dependents],
        timeout=DEPENDENTS_SECONDS,
    )
    words = 'start what systemd stopped together with the server: %s' % ', '.join(order.units)
    back = keep_way_back('start_units', order, 'have a way back for them', 'dependents')
    last = max(at for at, step in enumerate(steps) if step.action == 'prove')
    again = Step('dependents', 'start_units', order, None, NOTHING, words)
    return [back] + steps[:last] + [again] + steps[last:]


def _stop(draft, running, again):
    # type: (Draft, str | None, StartOrder) -> Step
    """Return the step that stops the server. again: StartOrder of the start that takes it back."""
    wanted = draft.wanted
    words = 'stop %s: graceful for %d s, then TERM for %d s, then KILL'
    words %= (running, wanted.drain_timeout, wanted.stop_timeout)
    order = _stop_order(draft.state, wanted)
    return Step('stop', 'stop_server', order, 'ensure_started', again, words)


def _start(mpm, order):
    # type: (str | None, StartOrder) -> Step
    return Step('start', 'start_server', order, 'stop_whatever_runs', order, 'start %s' % mpm)


def _prove(mpm, order):
    # type: (str | None, ProofOrder) -> Step
    words = 'prove that %s serves as before' % mpm
    return Step('prove', 'prove', order, None, NOTHING, words)


def _way_back(state, now):
    # type: (HostState, Outlook) -> Expectation
    """What a start of the service brings once the files are back: the MPM of `now`."""
    running = state.servers.running
    if running.mpm == now.mpm or state.choice.mpm is None:
        return expectation(running.mpm, running.main.exe, now, state)
    return expectation(now.mpm, state.installed.real_paths.get(now.binary, now.binary), now, state)


def _stage(edits):
    # type: (list[FileEdit]) -> list[Step]
    if not edits:
        return []
    return [
        Step(
            'stage',
            'stage_files',
            StageOrder([edit.real for edit in edits]),
            'forget_staged',
            NOTHING,
            'lay %d new files and the way back ready on the disk' % len(edits),
        ),
        Step(
            'recheck',
            'demand_unchanged',
            NOTHING,
            None,
            NOTHING,
            'look whether something else changed a file in the meantime',
        ),
    ]


def _unstage(edits):
    # type: (list[FileEdit]) -> list[Step]
    if not edits:
        return []
    return [Step('stage', 'discard_staged', NOTHING, None, NOTHING, 'remove the way back')]


def _swap(edit, number):
    # type: (FileEdit, int) -> Step
    order = SwapOrder(staged=number)
    words = 'write %s: %s' % (edit.path, edit.reason)
    return Step('swap', 'swap_file', order, 'put_back', order, words)


def _php_page(draft):
    # type: (Draft) -> tuple[list[Step], list[Step]]
    folder = php_page.find_folder(draft.state, draft.wanted, draft.now, draft.target)[0]
    if folder is None:
        return [], []
    root, token = draft.now.files.document_root, draft.token
    order = PageOrder(os.path.join(folder, page_name(token)), PHP_PAGE % token)
    return (
        [
            Step(
                'php page',
                'write_page',
                order,
                'remove_page',
                order,
                'put a page that asks PHP into %s' % root,
            )
        ],
        [Step('php page', 'remove_page', order, None, NOTHING, 'take the page that asks PHP away')],
    )


def page_name(token):
    # type: (str) -> str
    """The name of the page that asks PHP: nobody can guess it, and it is there for the length of
    the switch only.
    """
    return 'webops-mpm-%s.php' % token


def expectation(mpm, exe, look, state):
    # type: (str | None, str | None, Outlook, HostState) -> Expectation
    """Return the Expectation of a running server."""
    modules = [module.path for module in look.php.modules] + (
        [state.installed.mpm_modules[mpm]] if mpm in state.installed.mpm_modules else []
    )
    return Expectation(
        mpm=mpm,
        exe=exe,
        pid_file=state.service.pid_file,
        ports=sorted(set(port for _address, port in look.listens)),
        modules=sorted(state.installed.real_paths.get(path, path) for path in modules),
    )


def proof_order(expected, look, answers, wanted, token, state):
    # type: (Expectation, Outlook, Iterable[Answer], Wanted, str | None, HostState) -> ProofOrder
    """Return the ProofOrder for an Expectation. token: None where no page asks PHP."""
    return ProofOrder(
        expected=expected,
        answers=list(answers),
        probes=list(wanted.probes),
        soak=wanted.soak,
        error_log=look.files.error_log,
        addresses=[
            Address(item.address, item.port) for item in state.servers.running.listeners
        ],
        token=token,
        page='/' + page_name(token) if token else None,
        threaded_php=bool(look.php.modules) and expected.mpm != 'prefork',
    )


def _stop_order(state, wanted):
    # type: (HostState, Wanted) -> StopOrder
    running, service = state.servers.running, state.service
    return StopOrder(
        evidence=_evidence(state, [item.port for item in running.listeners]),
        pid=running.main.pid,
        start_time=running.main.start_time,
        threaded=running.mpm in THREADED,
        drain_timeout=wanted.drain_timeout,
        stop_timeout=wanted.stop_timeout,
        pid_file=service.pid_file,
        # The units of Debian and SUSE cut requests off when they are stopped, so they are told only
        # if they would start another server.
        announce=service.begin_stop if service.restarts else None,
        settle=_settle(state),
        service_timeout=wanted.stop_timeout + 20,
    )


def _start_order(state, expected, look):
    # type: (HostState, Expectation, Outlook) -> StartOrder
    mpm, others = expected.mpm, state.around.others
    spare = state.servers.strangers + [other.process for other in others]
    modules = [state.installed.mpm_modules[mpm]] if mpm in state.installed.mpm_modules else []
    evidence = _evidence(state, expected.ports)._replace(
        spare=[process.pid for process in spare],
        spare_services=sorted(set(other.service for other in others if other.service)),
    )
    return StartOrder(
        evidence=evidence,
        argv=state.service.start,
        exe=expected.exe,
        loaded=[state.installed.real_paths[path] for path in modules],
        pid_file=expected.pid_file,
        timeout=START_SECONDS,
        prepare=state.service.prepare,
        announce=state.service.begin_stop,
        settle=_settle(state),
        log=look.files.error_log,
    )


def _evidence(state, ports):
    # type: (HostState, list[int]) -> Evidence
    """Return the Evidence of the server that runs, and of the one that comes, on some ports."""
    running = state.servers.running
    programs = set(state.installed.real_paths[path] for path in state.installed.binaries.values())
    programs.add(running.main.exe)
    # A socket that the service manager holds, too, stays when the server ends, for the next one.
    sockets = [item.inode for item in running.listeners if item.inode not in running.inherited]
    return Evidence(
        programs=sorted(programs),
        owners=sorted(running.owners),
        users=sorted(running.users),
        sockets=sorted(sockets),
        ports=sorted(set(ports)),
        groups=sorted(running.groups),
    )


def _settle(state):
    # type: (HostState) -> list[str] | None
    # Where a connection starts the server again at once, the manager would wait for the end of the
    # new one.
    return None if state.service.socket else state.service.stop
