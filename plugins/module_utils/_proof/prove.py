# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Prove the state of a running server. The same code proves a new state and a restored one."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._errors import ProofError
from .._model import Probe
from .._system import processes, sockets
from .._system.clock import monotonic, wait_until
from .._system.files import size_of
from . import compare, probes, sites
from .crashes import CrashWatch

READY_WAIT = 10
# Seconds before a page is asked again that answers now that it is asked too often. The first passes
# a limit for each second; mod_evasive blocks for 10 s, and for 10 s more whenever it is asked.
LIMIT_PAUSES = (1.5, 11)
# So many things that are wrong say enough: pages that hang take 10 s each.
ENOUGH = 5


def observe(probe_list, addresses):
    """Return the Answers of the user's probes; if there are none, of the first page on every
    address that listens.
    """
    if probe_list:
        return [probes.ask(probe, addresses) for probe in probe_list]
    ports = sorted(set(port for _address, port in addresses))
    # A page that the user did not name may answer anything, even nothing; it only has to answer the
    # same afterwards.
    return [
        probes.ask(Probe('http://localhost:%d/' % port, None, None), addresses)._replace(error=None)
        for port in ports
    ]


def note_baseline(order, context):
    """Ask the old server for the page that asks PHP.

    If it does not answer, the page proves nothing later, and is not used.
    """
    context.baseline = _ask_php(order, order.addresses) if order.page else None
    context.log_size = size_of(order.error_log)


def _ask_php(order, addresses):
    """Return (scheme, address, port, 0 or 1: PHP_ZTS) of the first listener that runs the page,
    or None.
    """
    for address, port in addresses:
        for scheme in ('http', 'https'):
            try:
                page = probes.fetch(
                    scheme, address, port, 'localhost', order.page, order.own_ports
                )
            except Exception:  # a listener with another protocol is not a fault of the server
                continue
            found = re.match(r'^webops %s zts=([01])\s*$' % re.escape(order.token), page.body)
            if page.status == 200 and found:
                return scheme, address, port, int(found.group(1))
    return None


def prove(order, context):
    """Prove what a ProofOrder says: that the server is as `expected`, answers as it did before, and
    stays so for `soak` seconds.

    Raises ProofError with everything that is wrong, not only the first.
    """
    wrong = _wrong_with_process(order, context)
    main = processes.noted_process(order.expected.pid_file)
    # A restored server is not judged by that: it ran with these children before.
    judged = main is not None and order.crashes
    watch = CrashWatch(main, order.error_log, context.log_size) if judged else None
    if not wrong:
        wrong = _until_as_before(order, context, main, watch, READY_WAIT)
    if not wrong:
        wrong = _unlike_sites(order, context, main, watch)
    if not wrong:
        wrong = _soak(order, context, main, watch)
    _conclude(wrong, context)


def prove_restored(order, context):
    """Prove that the server that was restored is as `expected` and lives on, and compare its pages.

    The answer of a page depends on its authors, and on visitors who keep it busy. So a different
    answer does not mean that something was not taken back: `context.unlike` has it, and the server
    does not count as proved. Raises ProofError for the rest.
    """
    wrong = _wrong_with_process(order, context)
    main = processes.noted_process(order.expected.pid_file)
    if not wrong:
        # What is told of each page and site is how the new server answered.
        answers, site_answers = context.answers, context.site_answers
        # A main process that ends meanwhile is found next.
        unlike = _until_as_before(order, context, main, None, READY_WAIT)
        unlike += _unlike_sites(order, context, main, None)
        context.answers, context.site_answers = answers, site_answers
        wrong = _ended_within_soak(order, context, main, None)
        context.unlike = unlike if main is not None and processes.is_alive(main) else []
    _conclude(wrong, context)
    context.proved = not context.unlike
    if context.unlike:
        context.warnings.append(
            'All was taken back, but the proof of the restored server failed: %s.'
            % '; '.join(context.unlike)
        )


def _wrong_with_process(order, context):
    """Wait until nothing is wrong with the main process; return what is wrong at the end."""
    expected, context.proved, context.answered = order.expected, False, None
    if context.log_size is None:
        # In a recovery: earlier crashes do not count against this server.
        context.log_size = size_of(order.error_log)
    seen = [None]

    def wrong():
        main = processes.noted_process(expected.pid_file)
        seen[0] = main or seen[0]
        return wrong_process(expected, main)

    # One that was never seen may still come; one that was seen and ended does not come back.
    found = _until_nothing(wrong, 0.01, lambda: seen[0] is not None and _has_ended(seen[0]))
    context.answered = False if found and _has_ended(seen[0]) else None
    return found


def _has_ended(main):
    return main is None or not processes.is_alive(main)


def _conclude(wrong, context):
    if wrong:
        context.count_unanswered()
        raise ProofError('The server does not do what it should: ' + '; '.join(wrong), wrong=wrong)
    context.proved = True
    # Until here a server that came up may have ended again, and that is an outage, too.
    context.end_watch()


def _until_nothing(ask, pause, is_over):
    """Check until nothing is wrong, `is_over()`, or the time is over; return the last answer."""
    answers = []

    def nothing_wrong():
        answers.append(ask())
        return not answers[-1] or is_over()

    wait_until(nothing_wrong, READY_WAIT, pause)
    return answers[-1]


def wrong_process(expected, main):
    """Return what is wrong with a main process, as sentences: its program, its ports, the
    modules that it has loaded. expected: an Expectation.
    """
    if main is None:
        return ['no process of %s is noted in %s' % (expected.mpm, expected.pid_file)]
    wrong = []
    if main.exe != expected.exe:
        wrong.append(
            'process %d runs %s instead of %s (%s)'
            % (main.pid, main.exe, expected.exe, expected.mpm)
        )
    missing = sorted(set(expected.ports) - sockets.ports_of(main.pid))
    mapped = processes.mapped_files(main.pid)
    return (
        wrong
        + ['it does not listen on port %d' % port for port in missing]
        + ['it has not loaded %s' % path for path in expected.modules if path not in mapped]
    )


def _until_as_before(order, context, main, watch, seconds):
    """Ask until every page answers as before, or process or time end; return what is wrong.

    A page that says that it is asked too often is left alone for a while, then asked once more.
    """
    deadline, pauses = None, list(LIMIT_PAUSES)
    while True:
        if watch:
            watch.look()
        if _has_ended(main):
            context.answered = bool(context.answered)
            return ['the main process ended']
        wrong, limited = _unlike_answers(order, context, main, watch)
        # Asking many pages once may take longer than the time that is left to ask them again.
        deadline = deadline or monotonic() + seconds
        is_over = not pauses if limited else monotonic() >= deadline
        if not _has_ended(main) and (not wrong or is_over):
            return wrong
        wait_until(lambda: _has_ended(main), pauses.pop(0) if limited else 0.1, pause=0.05)


def _unlike_answers(order, context, main, watch):
    """Return (what is worse than before, whether a page says that it is asked too often).

    It ends early where enough is wrong, or the main process has ended.
    """
    addresses, wrong, limited, context.answers = addresses_of(main), [], False, {}
    for before, now in ask_again(order, addresses):
        if watch:
            watch.look()
        context.answers[before.url] = now
        context.answered = bool(context.answered or now.status is not None)
        wrong.extend(compare.worse(before, now))
        limited = limited or (now.status in probes.LIMITED and now.status != before.status)
        if len(wrong) >= ENOUGH or _has_ended(main):
            return wrong, limited
    return wrong + _wrong_php(order, context, addresses), limited


def _unlike_sites(order, context, main, watch):
    """Ask each site as before; return what is worse, in words."""
    if not order.sites:
        return []

    def goes_on():
        if watch:
            watch.look()
        return not _has_ended(main)

    ask = sites.asking(addresses_of(main), order.own_ports)
    found = sites.ask_again(order.sites, ask, order.site_pause, goes_on)
    context.site_answers = found.answers
    return [sites.worse(one, found.answers[sites.key_of(one)]) for one in found.unlike]


def addresses_of(main):
    """Return [(address, port)] on which a process listens."""
    held = sockets.socket_inodes(main.pid)
    return [(item.address, item.port) for item in sockets.read_listeners() if item.inode in held]


def ask_again(order, addresses):
    """Yield (Answer as it was, Answer as it is) of each page, of the server that listens on
    `addresses`.
    """
    asked = list(order.probes)
    # A page that the user did not name only has to answer the same.
    asked += [Probe(each.url, None, None, each.address) for each in order.answers[len(asked) :]]
    for probe, before in zip(asked, order.answers):
        yield before, probes.ask(probe, addresses, order.own_ports)


def _wrong_php(order, context, addresses):
    if context.baseline is None:
        return []
    now = _ask_php(
        order, [(address, port) for address, port in addresses if port == context.baseline[2]]
    )
    if now is None:
        return ['PHP does not answer any more']
    if order.threaded_php and now[3] != 1:
        return ['PHP answers, and is not thread-safe']
    return []


def _soak(order, context, main, watch):
    """Watch until the same main process has lived for `soak` seconds; return what is wrong.

    Its children must not crash meanwhile, and everything is checked again at the end.
    """
    ended = _ended_within_soak(order, context, main, watch)
    if ended:
        return ended
    crashes = watch.count() if watch else 0
    if crashes:
        return ['%d of its child processes crashed' % crashes]
    if not order.soak:
        return []
    wrong = wrong_process(order.expected, main)
    return wrong + _until_as_before(order, context, main, watch, 0)


def _ended_within_soak(order, context, main, watch):
    def has_ended():
        if watch:
            watch.look()
        return _has_ended(main)

    if _left(order, main):
        context.meanwhile()
    ended = wait_until(has_ended, _left(order, main), pause=0.05)
    return ['the main process ended within %d s' % order.soak] if ended else []


def _left(order, main):
    """Seconds that are left of the soak."""
    return max(0, order.soak - processes.age_of(main)) if main and order.soak else 0


ACTIONS = {'observe': note_baseline, 'prove': prove, 'prove_restored': prove_restored}
