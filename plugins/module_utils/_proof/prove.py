# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Prove the state of a running server. The same code proves a new state and a restored one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._errors import ProofError
from .._model import Answer, Probe
from .._system import processes, sockets
from .._system.clock import wait_until
from .._system.files import size_of
from . import probes
from .crashes import CrashWatch

READY_WAIT = 10


def observe(probe_list, addresses):
    """Return the Answers of the user's probes; where there are none, of the first page on every
    address that listens.
    """
    if probe_list:
        return [probes.ask(probe, addresses) for probe in probe_list]
    ports = sorted(set(port for _address, port in addresses))
    # A page that nobody asked about may answer as it likes, even not at all; it only has to answer
    # the same afterwards.
    return [
        probes.ask(Probe('http://localhost:%d/' % port, None, None), addresses)._replace(error=None)
        for port in ports
    ]


def note_baseline(args, context):
    """Ask the old server for the page that asks PHP.

    Where it does not answer, the page proves nothing later, and is not used.
    """
    context.baseline = _ask_php(args, args['addresses']) if args['page'] else None
    context.log_size = size_of(args['error_log'])


def _ask_php(args, addresses):
    """Return (scheme, address, port, 0 or 1: PHP_ZTS) of the first listener that runs the page,
    or None.
    """
    for address, port in addresses:
        for scheme in ('http', 'https'):
            try:
                status, body = probes.fetch(
                    scheme, address, port, 'localhost', args['page'], args.get('own_ports', False)
                )
            except Exception:  # a listener that talks something else is no fault of the server
                continue
            found = re.match(r'^webops %s zts=([01])\s*$' % re.escape(args['token']), body)
            if status == 200 and found:
                return scheme, address, port, int(found.group(1))
    return None


def prove(args, context):
    """Prove that the server is as `expected`, answers as it did before, and stays so for `soak`
    seconds.

    Raises ProofError with everything that is wrong, not the first only.
    """
    wrong = _wrong_with_process(args, context)
    main = processes.noted_process(args['expected']['pid_file'])
    # A restored server is not judged by that: it ran with these children before.
    judged = main is not None and args.get('crashes', False)
    watch = CrashWatch(main, args['error_log'], context.log_size) if judged else None
    if not wrong:
        wrong = _until_nothing(lambda: _wrong_answers(args, context, main, watch), pause=0.1)
    if not wrong:
        wrong = _soak(args, context, main, watch)
    _conclude(wrong, context)


def prove_restored(args, context):
    """Prove that the server that was restored is as `expected` and lives on, and compare its pages.

    What a page answers is in the hands of those who wrote it, and of visitors who keep it busy. So
    a page that answers otherwise does not mean that something was not taken back:
    `context.unlike` has it, and the server does not count as proved. Raises ProofError for the
    rest.
    """
    wrong = _wrong_with_process(args, context)
    main = processes.noted_process(args['expected']['pid_file'])
    if not wrong:
        context.unlike = _until_nothing(lambda: _unlike_answers(args, context, main), pause=0.1)
        wrong = _ended_within_soak(args, context, main, None)
    _conclude(wrong, context)
    context.proved = not context.unlike


def _wrong_with_process(args, context):
    """Wait until nothing is wrong with the main process; return what is wrong at the end."""
    expected, context.proved = args['expected'], False
    if context.log_size is None:
        # In a recovery: what crashed before does not speak against this server.
        context.log_size = size_of(args['error_log'])
    return _until_nothing(
        lambda: wrong_process(expected, processes.noted_process(expected['pid_file'])), pause=0.01
    )


def _conclude(wrong, context):
    if wrong:
        raise ProofError('The server does not do what it should: ' + '; '.join(wrong), wrong=wrong)
    context.proved = True


def _until_nothing(ask, pause):
    """Ask what is wrong until nothing is or the time is over; return the last answer."""
    answers = []

    def nothing_wrong():
        answers.append(ask())
        return not answers[-1]

    wait_until(nothing_wrong, READY_WAIT, pause)
    return answers[-1]


def wrong_process(expected, main):
    """Return what is wrong with a main process, as sentences: its program, its ports, the
    modules that it has loaded.
    """
    if main is None:
        return ['no process of %s is noted in %s' % (expected['mpm'], expected['pid_file'])]
    wrong = []
    if main.exe != expected['exe']:
        wrong.append(
            'process %d runs %s instead of %s (%s)'
            % (main.pid, main.exe, expected['exe'], expected['mpm'])
        )
    missing = sorted(set(expected['ports']) - sockets.ports_of(main.pid))
    mapped = processes.mapped_files(main.pid)
    return (
        wrong
        + ['it does not listen on port %d' % port for port in missing]
        + ['it has not loaded %s' % path for path in expected['modules'] if path not in mapped]
    )


def _wrong_answers(args, context, main, watch):
    if watch:
        watch.look()
    if main is None or not processes.is_alive(main):
        return ['the main process ended']
    return _unlike_answers(args, context, main)


def _unlike_answers(args, context, main):
    addresses, wrong = addresses_of(main), []
    for before, now in ask_again(args, addresses):
        wrong.extend(worse(before, now))
    return wrong + _wrong_php(args, context, addresses)


def addresses_of(main):
    """Return [(address, port)] on which a process listens."""
    held = sockets.socket_inodes(main.pid)
    return [(item.address, item.port) for item in sockets.read_listeners() if item.inode in held]


def ask_again(args, addresses):
    """Return [(Answer as it was, Answer as it is)] of the probes, of the server that listens on
    `addresses`.
    """
    answers = [Answer(**answer) for answer in args['answers']]
    # Without probes of the user's the first page on each port was asked for.
    asked = [Probe(**probe) for probe in args['probes']] or [
        Probe(answer.url, None, None) for answer in answers
    ]
    return [
        (before, probes.ask(probe, addresses, args.get('own_ports', False)))
        for probe, before in zip(asked, answers)
    ]


def worse(before, now):
    """What is worse about an answer now than it was before."""
    wrong = []
    if now.source and not before.source:
        wrong.append('%s serves the source of a script' % now.url)
    if before.status is not None and now.status != before.status:
        wrong.append(
            '%s answers %s, before it was %s' % (now.url, now.status or now.error, before.status)
        )
    elif now.error and not before.error and before.status is not None:
        wrong.append('%s: %s' % (now.url, now.error))
    return wrong


def _wrong_php(args, context, addresses):
    if context.baseline is None:
        return []
    now = _ask_php(
        args, [(address, port) for address, port in addresses if port == context.baseline[2]]
    )
    if now is None:
        return ['PHP does not answer any more']
    if args['threaded_php'] and now[3] != 1:
        return ['PHP answers, and is not thread-safe']
    return []


def _soak(args, context, main, watch):
    """Watch until the same main process has lived for `soak` seconds; return what is wrong.

    Its children must not crash meanwhile, and everything is asked again at the end.
    """
    ended = _ended_within_soak(args, context, main, watch)
    if ended:
        return ended
    crashes = watch.count() if watch else 0
    if crashes:
        return ['%d of its child processes crashed' % crashes]
    if not args['soak']:
        return []
    return wrong_process(args['expected'], main) + _wrong_answers(args, context, main, watch)


def _ended_within_soak(args, context, main, watch):
    def has_ended():
        if watch:
            watch.look()
        return main is None or not processes.is_alive(main)

    if _left(args, main):
        context.meanwhile()
    ended = wait_until(has_ended, _left(args, main), pause=0.05)
    return ['the main process ended within %d s' % args['soak']] if ended else []


def _left(args, main):
    """Seconds that are left of the soak."""
    return max(0, args['soak'] - processes.age_of(main)) if main and args['soak'] else 0


ACTIONS = {'observe': note_baseline, 'prove': prove, 'prove_restored': prove_restored}
