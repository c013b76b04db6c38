# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read the lines of an access log by its LogFormat, and say which pages in it may be asked again.

Visitors write most of a line. So it is read once, from left to right, without ever going back, and
a line that is not as its format says does not count. What is taken from it is the time, the status,
whether two addresses differ, and the page; a page has to be harmless by its address alone.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import calendar
import re
from collections import namedtuple

# The longest format and the longest line that are read; httpd takes 8190 bytes of a request line.
MAX_FORMAT, MAX_LINE = 2000, 32768
MAX_PAGE = 1000
# `%t` is always so long: [10/Oct/2000:13:55:36 -0700]
TIME_LENGTH = 28

# head: text before the first field; fields: [_Field], up to the last one that counts; names,
# clients: whether the site and the address of the visitor are in a line.
LogFormat = namedtuple('LogFormat', 'head fields names clients')
# kind: one of the next, or None where it does not count; after: the text behind it, '' for the end
# of the line; stop: what else shows its end, right behind that text.
_Field = namedtuple('_Field', 'kind after stop')
TIME, STATUS, REQUEST, METHOD, TARGET = 'time', 'status', 'request', 'method', 'target'
CLIENT, NAME, PORT = 'client', 'name', 'port'
# A request in a log. time: seconds since 1970; status: int; target: path with query; client: text
# or None; name: of the site, in lower case, or None; port: int or None.
Request = namedtuple('Request', 'time status method target client name port')

_DIRECTIVE = re.compile(u'%((?:[!<>,0-9]|\\{[^}]*\\})*)(\\^..|.)', re.DOTALL)
_KINDS = {
    u't': TIME,
    u's': STATUS,
    u'r': REQUEST,
    u'm': METHOD,
    u'U': TARGET,
    u'h': CLIENT,
    u'a': CLIENT,
    u'v': NAME,
    u'V': NAME,
    u'p': PORT,
}
_ESCAPES = {u'n': u'\n', u't': u'\t', u'r': u'\r'}
_TIME = re.compile(
    u'\\[([0-9]{2})/([A-Z][a-z]{2})/([12][0-9]{3}):([0-9]{2}):([0-9]{2}):([0-9]{2}) '
    u'([+-])([0-9]{2})([0-9]{2})\\]\\Z'
)
_MONTHS = dict(
    (name, number)
    for number, name in enumerate(u'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(), 1)
)
_STATUS = re.compile(u'[1-5][0-9]{2}\\Z')
_PORT = re.compile(u'[0-9]{1,5}\\Z')

# What an address may have in it that is asked as it stands: no blanks, quotes or control
# characters, and nothing that browsers do not send.
_PAGE = re.compile(u"/[A-Za-z0-9!$&'()*+,./:;=@_~%?-]*\\Z")
_DOTS = re.compile(u'/(?:\\.|%2e){1,2}(?=[/?]|\\Z)', re.IGNORECASE)
_CONTROL = re.compile(u'%(?:[01][0-9a-f]|7f)', re.IGNORECASE)
# An address that reads as if it does something, or ends a session.
_ACTION = re.compile(
    u'log-?_?out|log-?_?off|sign-?_?out|unsubscribe|'
    u'(?<![a-z])(?:cron|delete|remove|install|upgrade|uninstall)(?![a-z])',
    re.IGNORECASE,
)
# The same of a query; and one that may hold what only one visitor should know.
_QUERY = re.compile(
    u'action|cmd|(?<![a-z])(?:do|op)=|add|buy|cart|vote|confirm|approve|submit|save|send|'
    u'token|secret|sess|sid=|auth|pass|pwd|nonce|ticket|sig|key|code|hash|mail|user',
    re.IGNORECASE,
)


def parse_format(text):
    """Return the LogFormat of a LogFormat's text, None where its lines do not say all that counts:
    time (%t), status (%>s) and request (%r, or %m and %U).
    """
    tokens = _tokens(text) if len(text) <= MAX_FORMAT else []
    head = tokens.pop(0)[1] if tokens else u''
    kinds = [kind for kind, _after in tokens]
    needed = set([TIME, STATUS] + ([REQUEST] if REQUEST in kinds else [METHOD, TARGET]))
    if not needed <= set(kinds):
        return None
    known = needed | set([CLIENT, NAME, PORT])
    fields, seen = [], set()
    for number, (kind, after) in enumerate(tokens):
        following = kinds[number + 1 : number + 2]
        counts = kind in known and kind not in seen
        seen.add(kind)
        fields.append(_Field(kind if counts else None, after, u'[' * (following == [TIME])))
    last = max(number for number, field in enumerate(fields) if field.kind)
    fields = fields[: last + 1]
    # Two fields with nothing between them cannot be told apart, nor lines of which one is several.
    unclear = [field for field in fields[:-1] if not field.after]
    if unclear or (tokens[last + 1 :] and not fields[-1].after):
        return None
    if [after for _kind_of_it, after in tokens if u'\n' in after]:
        return None
    return LogFormat(head, fields, NAME in seen, CLIENT in seen)


def _tokens(text):
    """Return [(kind of a field, text behind it)]; the first is (None, text before all fields)."""
    tokens, position = [(None, u'')], 0
    while position < len(text):
        found = _DIRECTIVE.match(text, position)
        if found and found.group(2) != u'%':
            modifiers, letter = found.groups()
            # The query stands right behind the path, if at all.
            if not (letter == u'q' and tokens[-1] == (TARGET, u'')):
                tokens.append((_kind(modifiers, letter), u''))
            position = found.end()
            continue
        plain, position = _plain(text, position)
        tokens[-1] = (tokens[-1][0], tokens[-1][1] + plain)
    return tokens


def _kind(modifiers, letter):
    """Return what a field is for us. A time of another format, a field that is there for some
    statuses only, and the address of a proxy do not count.
    """
    return None if modifiers.strip(u'<>') else _KINDS.get(letter)


def _plain(text, position):
    """Return (what stands for itself at a position, the position behind it)."""
    if text.startswith(u'%%', position):
        return u'%', position + 2
    if text[position] == u'\\' and position + 1 < len(text):
        following = text[position + 1]
        return _ESCAPES.get(following, following), position + 2
    return text[position], position + 1


def read_line(form, line):
    """Return the Request in a line of a log with this LogFormat; None where the line is not so."""
    if len(line) > MAX_LINE or not line.startswith(form.head):
        return None
    position, found = len(form.head), {}
    for field in form.fields:
        end = _end_of(field, line, position)
        if end is None:
            return None
        if field.kind:
            found[field.kind] = line[position:end]
        position = end + len(field.after)
    return _request(found)


def _end_of(field, line, start):
    """Return where a field ends, None where it does not."""
    if field.kind == TIME:
        end = start + TIME_LENGTH
        return end if line.startswith(field.after, end) else None
    if not field.after:
        return len(line)
    end = line.find(field.after + field.stop, start)
    # httpd writes a backslash before each quote that somebody sent.
    while end > start and field.after[0] == u'"' and _is_escaped(line, start, end):
        end = line.find(field.after + field.stop, end + 1)
    return None if end < 0 else end


def _is_escaped(line, start, position):
    first = position
    while first > start and line[first - 1] == u'\\':
        first -= 1
    return (position - first) % 2 == 1


def _request(found):
    time, status = parse_time(found[TIME]), found[STATUS]
    words = (
        found[REQUEST].split(u' ') if REQUEST in found else [found[METHOD], found[TARGET], u'HTTP/']
    )
    if time is None or not _STATUS.match(status):
        return None
    if len(words) != 3 or not words[2].startswith(u'HTTP/'):
        return None
    port = found.get(PORT, u'')
    return Request(
        time,
        int(status),
        words[0],
        words[1],
        found.get(CLIENT),
        found[NAME].lower() if NAME in found else None,
        int(port) if _PORT.match(port) else None,
    )


def parse_time(text):
    """Return the seconds since 1970 of a %t, None where it is none."""
    match = _TIME.match(text)
    if not match or match.group(2) not in _MONTHS:
        return None
    day, hour, minute, second = [int(match.group(number)) for number in (1, 4, 5, 6)]
    offset = int(match.group(8)) * 3600 + int(match.group(9)) * 60
    local = (int(match.group(3)), _MONTHS[match.group(2)], day, hour, minute, second)
    return calendar.timegm(local) - (offset if match.group(7) == u'+' else -offset)


def page_of(target, queries):
    """Return what may be asked again of what a visitor asked: a path, with its query where
    `queries` says so; None where it may not be asked at all.
    """
    path, _mark, query = target.partition(u'?')
    page = target if queries and query else path
    if len(page) > MAX_PAGE or not _PAGE.match(page):
        return None
    if _DOTS.search(path) or _CONTROL.search(page) or _ACTION.search(page):
        return None
    return None if page is not path and _QUERY.search(query) else page


def network_of(client):
    """Return what two visitors have to differ in: who has one IPv6 address has 2^64 of them.

    Return None for who is no visitor: a program of this host, such as ourselves.
    """
    if client.startswith(u'127.') or client in (u'::1', u'localhost', u'-', u''):
        return None
    if u':' not in client:
        return client
    groups = client.split(u'::')[0].split(u':')[:4]
    return u':'.join(groups)
