# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Count which pages visitors asked most in the last hour.

Logs may lie in folders of site owners, and visitors write what is in them. So they are opened by
descriptor, only if they are regular files, read in a child with limits, and what comes out of it is
counts of harmless pages.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from .._errors import StrangerError
from .._model import LeftOut
from .._strangers.limited import run_limited
from .._strangers.paths import read_end
from .._syntax.access_log import network_of, page_of, read_line
from .._syntax.log_directives import site_at
from .._system.clock import monotonic
from .._text import foreign

MEBIBYTE = 1024 * 1024
# Bytes of the end of one log, and of all; no log gets less than the last.
MAX_LOG, MAX_ALL, MIN_LOG = 8 * MEBIBYTE, 64 * MEBIBYTE, 64 * 1024
MAX_LOGS = 500
# Seconds in which logs are read, and after which the child is ended; MiB.
READING, MAX_SECONDS, MAX_MEMORY = 20, 30, 512
# Seconds of a log that count, and by which a clock may be ahead.
RECENT, AHEAD = 3600, 60
# So many visitors have to ask for a page, at different addresses; where a log has no addresses, it
# has to be asked so often.
LEAST_CLIENTS, LEAST_REQUESTS = 2, 3

# counts: {AskedSite: {page: how often it was asked for}}; left: [LeftOut].
Visits = namedtuple('Visits', 'counts left')


def read_visits(logs, queries, most, now):
    """Return the Visits of the last hour.

    logs: [AccessLog]; queries: whether pages with different queries are different; most: how many
    pages of a site are of use; now: seconds since 1970.
    """
    try:
        return run_limited(
            lambda: _read_all(logs, queries, most, now),
            MAX_SECONDS,
            MAX_MEMORY,
            'The reading of the access logs',
        )
    except StrangerError as e:
        return Visits({}, [LeftOut('all logs', e.message.rstrip('.'))])


def _read_all(logs, queries, most, now):
    counts, left, deadline = {}, [], monotonic() + READING
    share = max(MIN_LOG, min(MAX_LOG, MAX_ALL // max(1, len(logs))))
    for number, log in enumerate(logs):
        if number == MAX_LOGS or monotonic() > deadline:
            left.append(LeftOut('%d logs' % (len(logs) - number), 'others took all the time'))
            break
        try:
            content, is_whole = read_end(log.path, share)
        except (OSError, ValueError, StrangerError) as e:
            why = getattr(e, 'strerror', None) or getattr(e, 'message', None) or e
            left.append(LeftOut(log.path, 'it cannot be read: %s' % foreign(why).rstrip('.')))
            continue
        lines = content.decode('latin-1').split(u'\n')
        found, unused = count_pages(log, lines if is_whole else lines[1:], queries, now)
        left += unused
        _add(counts, found, most)
    return Visits(counts, left)


def _add(counts, found, most):
    """Add what one log has. Two logs may have the same requests, so the larger count is taken."""
    for (site, page), count in found.items():
        pages = counts.setdefault(site, {})
        pages[page] = max(count, pages.get(page, 0))
    for site in set(site for site, _page in found):
        pages = counts[site]
        kept = sorted(pages, key=lambda page: (-pages[page], page))[:most]
        counts[site] = dict((page, pages[page]) for page in kept)


def count_pages(log, lines, queries, now):
    """Return ({(AskedSite, page): count}, [LeftOut]) of the lines of a log."""
    # The others cost next to nothing, however many there are.
    lines = [line.rstrip(u'\r') for line in lines if u'GET' in line]
    read = [request for request in [read_line(log.form, line) for line in lines] if request]
    recent = [request for request in read if now - RECENT <= request.time <= now + AHEAD]
    seen = {}
    for request in recent:
        site, page = site_at(log, request.name, request.port), _page_in(request, queries)
        network = network_of(request.client) if log.form.clients else u''
        if site and page and network is not None:
            _note(seen, (site, page), network)
    found = dict((key, item[0]) for key, item in seen.items() if _is_asked(log, item))
    if lines and not read:
        return found, [LeftOut(log.path, 'no line is as its format says')]
    if not recent:
        return found, [LeftOut(log.path, 'it has no line of the last hour', True)]
    if log.form.clients:
        why = 'no page was asked for from %d addresses in the last hour' % LEAST_CLIENTS
        return found, [LeftOut(log.path, why, True)] * (not found)
    why = 'its format has no address (%%h), so pages count that were asked for %d times'
    return found, [LeftOut(log.path, why % LEAST_REQUESTS)]


def _page_in(request, queries):
    """Return the page that a visitor asked for and got, None where it may not be asked again."""
    if request.method != u'GET' or not 200 <= request.status < 400:
        return None
    return page_of(request.target, queries)


def _note(seen, key, network):
    """Count a request. The item is [count, network of the first client, whether others asked]."""
    item = seen.setdefault(key, [0, network, False])
    item[0] += 1
    item[2] = item[2] or network != item[1]


def _is_asked(log, item):
    return item[2] if log.form.clients else item[0] >= LEAST_REQUESTS
