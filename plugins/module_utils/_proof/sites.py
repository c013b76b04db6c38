# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask each site how it answers: before the switch, in the rehearsal, and after it.

Compared is what becomes of a request: it is answered, sent elsewhere, denied, or there is nothing.
Nothing of a page is kept.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time
from collections import namedtuple

from .._model import PHP_OFF, PHP_ON, LeftOut, Probe, SiteAnswer
from .._system.clock import monotonic, wait_until
from . import probes

# Seconds for the requests to all sites.
MAX_SECONDS = 10
# Seconds before a site is asked again that answers otherwise than before; the second only if it
# says that it is asked too often.
PAUSES = (1.5, 11)
# Seconds in which such a request may begin.
RETRY_SECONDS = 5
# So many sites that answer otherwise say enough.
ENOUGH = 5
# Answers that a request of ours got for being ours, not the site's: no virtual host, or another one
# than that of TLS, too many.
_UNSUITABLE = (400, 421, 429)
WANTS_LOGIN = 'it asks for a name and a password, so only that is compared'
LATE = 'others took the %d s for all' % MAX_SECONDS

SERVED, ELSEWHERE, DENIED, MISSING, BROKEN = 'served', 'elsewhere', 'denied', 'missing', 'broken'

# How sites answer now. answers: {(url, address): Answer}; unlike: [SiteAnswer] of those that answer
# otherwise; left: [SiteAnswer] of those that were not asked in time.
Round = namedtuple('Round', 'answers unlike left')


def kind_of(status):
    """Return what becomes of a request that is answered with a status, one of the five kinds; the
    status itself where it is none of them. status: of HTTP, or None.
    """
    if status in (401, 403, 407):
        return DENIED
    if status in (404, 410):
        return MISSING
    if status is None or status >= 500:
        return BROKEN
    return {2: SERVED, 3: ELSEWHERE}.get(status // 100, status)


def ask_twice(requests, addresses, pause, seconds=MAX_SECONDS):
    """Return ([SiteAnswer] of what a later answer can be compared with, [LeftOut] of the rest).

    requests: [SiteRequest]; addresses: as for `probes.ask`; pause: seconds before each request;
    seconds: for each of the two rounds.
    """
    first, left = _ask_all(requests, addresses, pause, seconds)
    well = []
    for request, answer in first:
        why = _why_unsuitable(request, answer, addresses)
        if why:
            left.append(LeftOut(request.site, why))
        else:
            well.append((request, answer))
    second, late = _ask_all([request for request, _answer in well], addresses, pause, seconds)
    left, used = left + late, []
    for (request, before), (_request, again) in zip(well, second):
        if kind_of(before.status) != kind_of(again.status) or before.source != again.source:
            left.append(LeftOut(request.site, 'it changes by itself'))
            continue
        if before.status == 401:
            left.append(LeftOut(request.site, WANTS_LOGIN))
        used.append(SiteAnswer(*(tuple(request) + (before.status, before.source))))
    return used, _each_once(left)


def _ask_all(requests, addresses, pause, seconds):
    """Return ([(SiteRequest, Answer)] in order, [LeftOut] of what was not asked in time)."""
    begun, found = monotonic(), []
    for number, request in enumerate(requests):
        if monotonic() - begun >= seconds:
            return found, [LeftOut(each.site, LATE) for each in requests[number:]]
        time.sleep(pause)
        found.append((request, _ask(request, addresses)))
    return found, []


def _ask(request, addresses, own_ports=False):
    """Return the Answer to a SiteRequest, or to the request of a SiteAnswer."""
    return probes.ask(Probe(request.url, None, None, request.address), addresses, own_ports)


def _why_unsuitable(request, answer, addresses):
    """Return why an answer before the switch proves nothing, in words, or None."""
    if request.address and not probes.is_reached(request.address, addresses):
        return 'its address %s is not one of this host' % request.address
    if answer.status is None:
        return 'it gives no answer already: %s' % answer.error
    if answer.status >= 500 or answer.status in _UNSUITABLE:
        return 'it answers %d already' % answer.status
    return None


def _each_once(left):
    """Return [LeftOut] with the first of each site."""
    found = {}
    for item in left:
        found.setdefault(item.what, item)
    return [item for item in left if found[item.what] is item]


def ask_again(before, ask, pause, goes_on, seconds=MAX_SECONDS):
    """Return the Round of sites. One that answers otherwise is asked again after a while.

    before: [SiteAnswer]; ask: returns the Answer of one; pause: seconds before each request;
    goes_on: tells whether it is still worth to ask; seconds: in which all are asked once.
    """
    answers, waits = {}, list(PAUSES)
    pending, deadline = list(before), monotonic() + seconds
    while True:
        _ask_until(deadline, pending, ask, pause, goes_on, answers)
        found = _compare(before, answers)
        limited = [one for one in found.unlike if answers[key_of(one)].status in probes.LIMITED]
        is_last = not waits or (len(waits) < len(PAUSES) and not limited)
        if not found.unlike or is_last or not goes_on():
            return found
        wait = waits.pop(0)
        wait_until(lambda: not goes_on(), wait, pause=0.05)
        deadline = max(deadline + wait, monotonic() + RETRY_SECONDS)
        pending = found.unlike + found.left


def _ask_until(deadline, asked, ask, pause, goes_on, answers):
    """Ask sites until enough is wrong or the time is over, and note what they answer."""
    unlike = 0
    for one in asked:
        if unlike >= ENOUGH or monotonic() >= deadline or not goes_on():
            return
        time.sleep(pause)
        answers[key_of(one)] = ask(one)
        unlike += worse(one, answers[key_of(one)]) is not None


def _compare(before, answers):
    """Return the Round of what has been answered so far."""
    asked = [one for one in before if key_of(one) in answers]
    unlike = [one for one in asked if worse(one, answers[key_of(one)])]
    return Round(answers, unlike, [one for one in before if one not in asked])


def asking(addresses, own_ports=False):
    """Return a function that asks a site as `ask_again` needs it; arguments as of `probes.ask`."""
    return lambda one: _ask(one, addresses, own_ports)


def key_of(asked):
    """Return what tells a request from others: the key of an Answer in a Round."""
    return asked.url, asked.address


def worse(before, now):
    """Return what is wrong with an Answer, in words; None where it is as before."""
    if now.source and not before.source:
        return '%s serves the source of a script at %s' % (before.site, now.url)
    was, kind = kind_of(before.status), kind_of(now.status)
    is_off = before.php_turns == PHP_OFF and kind == DENIED
    is_on = before.php_turns == PHP_ON and was == DENIED and kind != BROKEN
    if kind == was or is_off or is_on:
        return None
    shown = now.status or now.error
    return '%s answers %s at %s, before it was %s' % (before.site, shown, now.url, before.status)


def judge_rehearsed(found):
    """Return (what is wrong, what cannot be judged), in words, of the Round of a rehearsal.

    A site that needs another server, such as a database, does not find it there: it may be broken,
    or send its visitors elsewhere, to say so.
    """
    wrong, doubtful = [], []
    for one in found.unlike:
        now = found.answers[key_of(one)]
        if now.source or kind_of(now.status) in (DENIED, MISSING):
            wrong.append(worse(one, now))
        else:
            doubtful.append('%s (%s)' % (one.site, now.status or 'no answer'))
    unjudged = []
    if doubtful:
        words = 'These sites answer otherwise where no other server can be reached'
        unjudged.append('%s: %s.' % (words, ', '.join(doubtful)))
    if found.left:
        words = '%d requests to sites were not made in the rehearsal: there was no time for them.'
        unjudged.append(words % len(found.left))
    return wrong, unjudged
