# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Rehearse: start the new server with the new configuration where nobody sees it, ask it, measure
it, and stop it.

What fails only when a server starts fails here, with its own message, while the live server notices
nothing.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import signal
import subprocess
from collections import namedtuple

try:
    import resource
except ImportError:
    resource = None

from .._errors import DeadlineError, IsolationError, SlowCommandError, StrangerError
from .._fields import NUMBER, TEXT, WHOLE, Form, field, list_of, maybe
from .._model import NO_SUCH_PAGE, Rehearsal
from .._system import memory, namespaces, processes
from .._system.clock import monotonic, wait_until
from .._system.command import ENVIRONMENT, run_command
from .._system.confinement import read_confinement, take_on
from . import companion, compare, probes, prove, sites
from .crashes import MAX_LOG, CrashWatch, read_tail
from .log_lines import in_words, own_warnings
from .private_files import Stage, paths_written_by, written_folder

LONGEST = 60
START_WAIT = 20
ANSWER_WAIT = 3
STOP_WAIT = 2
# Seconds for all pages and sites, and of these for sites; warnings about pages.
ASK_SECONDS, SITES_SECONDS, MOST_DOUBTS = 20, 10, 5
PASSED, FAILED, UNAVAILABLE = 'passed', 'failed', 'unavailable'
_LIMITS = (
    ('Max processes', 'RLIMIT_NPROC'),
    ('Max open files', 'RLIMIT_NOFILE'),
    ('Max address space', 'RLIMIT_AS'),
    ('Max data size', 'RLIMIT_DATA'),
    ('Max stack size', 'RLIMIT_STACK'),
    ('Max locked memory', 'RLIMIT_MEMLOCK'),
)
_GRAVE = re.compile(r'\[(?:\w*:)?(?:emerg|alert|crit|error)\]')
_NEEDS_NETWORK = re.compile(
    r'resolv|name resolution|Name or service not known|No address associated|\bDNS\b|Network is '
    r'unreachable',
    re.IGNORECASE,
)
# How the process inside tells the one outside.
REHEARSAL = Form(
    Rehearsal,
    (
        field('state', TEXT),
        field('reason', TEXT),
        field('mpm', maybe(TEXT)),
        field('processes', maybe(WHOLE)),
        field('threads', maybe(WHOLE)),
        field('memory_kib', maybe(WHOLE)),
        field('warnings', list_of(TEXT)),
        field('seconds', NUMBER),
    ),
)
_MPM = re.compile(r'/mod_mpm_(\w+)\.so$')


class _Failed(Exception):
    """The server does not do what it should, in words. asked: whether a page was asked for by then:
    if so, a script may have written into its logs.
    """

    def __init__(self, words, asked=True):
        super(_Failed, self).__init__(words)
        self.asked = asked


# As what the live server runs: the new one gets no more. limits: {name: (soft, hard)}, each None
# where there is none; confinement: Confinement.
_Bounds = namedtuple('_Bounds', 'limits confinement')


class _Cast(object):
    """The rehearsed server: its process, what it prints, and what it writes into its logs.

    bounds: _Bounds; output: (descriptor for what it prints, function that reads that); shared:
    folders with logs of the live server.
    """

    def __init__(self, order, bounds, output, shared):
        self.order, self.proof, self.bounds, self.process = order, order.proof, bounds, None
        self.descriptor, self.read_output = output
        self.error_logs = [
            path for path in order.error_logs if written_folder(path)[0] not in shared
        ]
        self.doubts = [
            '%s is not private in the rehearsal: %s' % (path, shared[path])
            for path in sorted(shared)
        ]

    def main(self):
        return processes.noted_process(self.proof.expected.pid_file)

    def begin(self):
        try:
            self._start(self.bounds.confinement)
        except OSError as e:
            # An SELinux policy may not let us start a program with the label of another.
            if not self.bounds.confinement.label:
                raise IsolationError('%s could not be run: %s' % (self.order.argv[0], e.strerror))
            self.doubts.append('SELinux does not let the rehearsal run as the server does.')
            self._start(self.bounds.confinement._replace(label=None))

    def _start(self, confinement):
        environment = dict(ENVIRONMENT, **self.order.environment)
        with open(os.devnull, 'rb') as nothing:
            # run_command of Ansible waits for the end, but this server must keep running.
            self.process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                self.order.argv + ['-DFOREGROUND'],
                stdin=nothing,
                stdout=self.descriptor,
                stderr=self.descriptor,
                cwd='/',
                env=environment,
                close_fds=True,
                preexec_fn=lambda: self._prepare(confinement),
            )

    def _prepare(self, confinement):
        os.setsid()
        for name, constant in _LIMITS if resource else ():
            soft, hard = self.bounds.limits.get(name, (None, None))
            if constant == 'RLIMIT_NPROC' and soft is not None:
                # They are counted for each user, and those of the live server will be gone when it
                # has ended.
                soft, hard = (
                    soft + self.order.live_threads,
                    None if hard is None else hard + self.order.live_threads,
                )
            limits = [resource.RLIM_INFINITY if value is None else value for value in (soft, hard)]
            try:
                resource.setrlimit(getattr(resource, constant), limits)
            except (ValueError, OSError, resource.error):
                continue  # root of a container may not get more than it has
        take_on(confinement)

    def words(self):
        """The reason of its failure: what it printed, and the serious lines of its logs."""
        printed = self.read_output(MAX_LOG).decode('latin-1').splitlines()
        logged = [line for path in self.error_logs for line in read_tail(path, 0)]
        # What is not there was asked for by us, and is no reason.
        logged = [line for line in logged if NO_SUCH_PAGE not in line]
        # Lines before the logs are set up have neither time nor level.
        return in_words(
            printed + [line for line in logged if _GRAVE.search(line) or not line.startswith('[')]
        )

    def end(self):
        main = self.main()
        if main:
            os.kill(main.pid, signal.SIGTERM)
        wait_until(lambda: self.process.poll() is not None, STOP_WAIT)


def rehearse(order, base):
    """Return the Rehearsal. It takes 60 s at most.

    order: a RehearsalOrder; base: an existing folder for root only.
    """
    begun = monotonic()
    try:
        if order.problem:
            raise IsolationError(order.problem)
        live = processes.read_process(order.live)
        also = paths_written_by(live) if live else set()
        order = order._replace(
            private=sorted(set(order.private) | also), written=sorted(set(order.written) | also)
        )
        bounds = _Bounds(processes.limits_of(order.live), read_confinement(order.live))
        found = _perform_apart(order, bounds, base)
    except DeadlineError as e:
        found = Rehearsal(FAILED, 'the new server hangs: %s' % e.message)
    except (IsolationError, StrangerError) as e:
        found = Rehearsal(UNAVAILABLE, e.message)
    return found._replace(seconds=monotonic() - begun)


def _perform_apart(order, bounds, base):
    """Return the Rehearsal that is made in namespaces of its own."""
    try:
        made = companion.make_place(order.companion)
    except OSError as e:
        raise IsolationError('%s could not be made: %s' % (order.companion.folder, e.strerror))
    try:
        plain = namespaces.run_apart(
            lambda: REHEARSAL.plain(_perform(order, bounds, base)), LONGEST, order.live
        )
        return REHEARSAL.read(plain)
    finally:
        if made:
            companion.remove_place(order.companion)


def _perform(order, bounds, base):
    """The part inside the namespaces: return the Rehearsal."""
    stage = Stage(base)
    laid = stage.lay_over(order)
    try:
        test = run_command(order.argv + ['-t'], START_WAIT, environment=order.environment)
    except SlowCommandError as e:
        return Rehearsal(FAILED, e.message.rstrip('.'))
    if test.rc != 0:
        # Outside it was read without error, so the cause is the namespaces, not the configuration.
        raise IsolationError(
            'the configuration could not be read there: %s'
            % in_words((test.err or test.out).splitlines())
        )
    cast = _Cast(order, bounds, stage.make_output(), laid.shared)
    cast.doubts += [
        '%s holds too much to copy: only what the configuration names was there.' % path
        for path in sorted(laid.thinned)
    ]
    beside = companion.Companion(order.companion, bounds.confinement)
    problem = beside.start()
    if problem:
        return Rehearsal(FAILED, problem)
    cast.begin()
    warnings = own_warnings(test.err.splitlines())
    try:
        doubts = _watch(cast)
        measured = _measure(cast.main(), cast.proof.expected)
        return measured._replace(warnings=warnings + cast.doubts + doubts)
    except _Failed as e:
        words = cast.words()
        if not e.asked and _NEEDS_NETWORK.search(words):
            raise IsolationError(
                'the server does not start where there is no network to ask: %s' % words
            )
        reason = '%s%s' % (e, words and ': ' + words)
        return Rehearsal(FAILED, reason, warnings=warnings + cast.doubts)
    finally:
        cast.end()
        beside.end()


def _watch(cast):
    """Wait for the server, ask it all, and return what could not be judged, in words.

    Raises _Failed. What the server is and does decides. Its logs only explain, since scripts can
    write there.
    """
    main = _await_server(cast)
    crashes = CrashWatch(main, (cast.error_logs or [None])[0], 0)
    addresses, deadline = prove.addresses_of(main), monotonic() + ASK_SECONDS
    found = []

    def well():
        crashes.look()
        found[:] = _judge_pages(cast.proof, addresses)
        return not found[0] or cast.process.poll() is not None

    wait_until(well, ANSWER_WAIT, pause=0.1)
    _demand_alive(cast)
    wrong = found[0] + _wrong_php(cast.proof, addresses, cast.order.companion is not None)
    unlike, unjudged = ([], []) if wrong else _judge_sites(cast, addresses, deadline)
    wrong += unlike
    _demand_alive(cast)
    crashes.look()
    wrong += ['%d of its child processes crashed' % crashes.count()] * bool(crashes.count())
    if wrong:
        raise _Failed(
            '%s does not do what it should: %s' % (cast.proof.expected.mpm, '; '.join(wrong))
        )
    return found[1] + unjudged


def _judge_sites(cast, addresses, deadline):
    """Return (what is wrong with sites, what could not be judged), in words."""

    def goes_on():
        return cast.process.poll() is None

    left = max(0, min(deadline - monotonic(), SITES_SECONDS))
    ask, pause = sites.asking(addresses), cast.proof.site_pause
    return sites.judge_rehearsed(
        sites.ask_again(cast.proof.sites, ask, pause, goes_on, seconds=left)
    )


def _judge_pages(proof, addresses):
    """Return (what is worse than before, what could not be judged), in words. There may be more
    pages than there is time for.
    """
    pairs, deadline = [], monotonic() + ASK_SECONDS
    for pair in prove.ask_again(proof, addresses):
        pairs.append(pair)
        if monotonic() >= deadline:
            break
    wrong, unjudged = compare.judge_answers(pairs)
    if len(unjudged) > MOST_DOUBTS:
        more = len(unjudged) - MOST_DOUBTS
        unjudged[MOST_DOUBTS:] = ['%d more pages could not be judged in the rehearsal.' % more]
    left = len(proof.answers) - len(pairs)
    if left:
        words = '%d pages were not asked in the rehearsal: others took the %d s for all.'
        unjudged.append(words % (left, ASK_SECONDS))
    return wrong, unjudged


def _await_server(cast):
    """Wait until the server is up with all its workers; return its main Process. Raises _Failed."""
    expected, wrong, short = cast.proof.expected, ['nothing is known about it'], []

    def is_there():
        wrong[:] = prove.wrong_process(expected, cast.main())
        return not wrong or cast.process.poll() is not None

    wait_until(is_there, START_WAIT)
    _demand_alive(cast, asked=False)
    if wrong:
        raise _Failed(
            '%s did not come up within %d s: %s' % (expected.mpm, START_WAIT, '; '.join(wrong)),
            asked=False,
        )
    main = cast.main()

    def has_workers():
        short[:] = lacks_workers(cast.order.workers, _threads_of_children(main))
        return not short or cast.process.poll() is not None

    # A server listens before it has made all workers, and may still fail.
    wait_until(has_workers, ANSWER_WAIT, pause=0.03)
    _demand_alive(cast, asked=False)
    if short:
        raise _Failed(
            '%s does not do what it should: %s' % (expected.mpm, short[0]), asked=False
        )
    return main


def _threads_of_children(main):
    """Return the number of threads of each child that runs the program of its parent."""
    family = processes.family_of(main, processes.read_processes()) if main else []
    return [
        processes.count_threads(process.pid)
        for process in family
        if process.parent == main.pid and process.name == main.name
    ]


def lacks_workers(workers, threads):
    """Return [what is missing, in words]; [] if the server has made all that it must.

    workers: Workers that it needs; threads: how many each of its children has. A
    child has two more threads than workers: one that listens, and its first.
    """
    able = [number for number in threads if number > workers.threads]
    if len(able) >= workers.processes:
        return []
    words = (
        'with all of their %d threads' % workers.threads if workers.threads else 'that serve'
    )
    return ['it made only %d of %d processes %s' % (len(able), workers.processes, words)]


def _demand_alive(cast, asked=True):
    if cast.process.poll() is not None:
        raise _Failed(
            '%s does not start on this configuration' % cast.proof.expected.mpm, asked
        )


def _wrong_php(proof, addresses, answers):
    """Judge the page that asks PHP: no server answered it before, so only an impossible answer is
    wrong. answers: PHP has all that it needs, so an error of the server is wrong, too.
    """
    for address, port in addresses if proof.page else ():
        for scheme in ('http', 'https'):
            try:
                page = probes.fetch(scheme, address, port, 'localhost', proof.page)
            except Exception:  # a listener with another protocol is not a fault of the server
                continue
            body = page.body
            if '<?php' in body and proof.token in body:
                return ['it serves the source of PHP scripts on port %d' % port]
            if proof.threaded_php and body.startswith('webops %s zts=0' % proof.token):
                return ['PHP answers, and is not thread-safe']
            if answers and page.status >= 500:
                return ['PHP answers %d on port %d' % (page.status, port)]
    return []


def _measure(main, expected):
    if main is None:
        raise _Failed('%s ended' % expected.mpm)
    family = processes.family_of(main, processes.read_processes())
    loaded = [
        match.group(1)
        for match in [_MPM.search(path) for path in processes.mapped_files(main.pid)]
        if match
    ]
    return Rehearsal(
        PASSED,
        mpm=loaded[0] if loaded else expected.mpm,
        processes=len(family),
        threads=sum(processes.count_threads(process.pid) for process in family),
        memory_kib=memory.used_by([process.pid for process in family]),
    )
