# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Remember what the last committed switch replaced, so that it can be taken back weeks later, as
long as nobody edited it since.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections import namedtuple

from .._errors import StepError
from .._model import Link
from . import files, staging, state_folder

NAME = 'last.json'
KEPT_RESULTS = 20

# The last committed switch. before, to: the MPM before it and the one it was to; place: fields of a
# Place, or None; files: {path: text, Link or None before it}; taken_back: it was taken back, so
# there is nothing left to do, and `files` is empty.
Earlier = namedtuple('Earlier', 'before to place files taken_back')


def remember(folder, header, metas):
    """Keep what was there before as root's own, and forget what the switch before this one
    replaced.

    header: of the journal; metas: {number: how it was staged}. A switch that replaced nothing
    leaves the one before it to be taken back. Of a switch that was itself the way back nothing is
    kept: to ask for it again must not bring back what it took away.
    """
    if header.back:
        _note(folder, header.to, header.before, header.place, [], True)
        return
    kept = []
    for path, before, after in _net_changes(metas):
        item = {
            'path': path,
            'before': before['before'],
            'after': after['after'],
            'content': None,
            'link': None,
        }
        if before['old']:
            snapshot = files.take_snapshot(before['old'])
            if snapshot.kind == 'link':
                item['link'] = snapshot.content.decode('latin-1')
            else:
                item['content'] = 'last-%d' % len(kept)
                state_folder.write_private(os.path.join(folder, item['content']), snapshot.content)
        kept.append(item)
    if kept:
        _note(folder, header.before, header.to, header.place, kept, False)


def _note(folder, before, to, place, kept, taken_back):
    state_folder.write_json(
        os.path.join(folder, NAME),
        {
            'from': before,
            'to': to,
            'place': place,
            'files': kept,
            'taken_back': taken_back,
        },
    )


def _net_changes(metas):
    """Return (path, meta of its first swap, meta of its last) of each path that is different in
    the end.
    """
    first, latest, order = {}, {}, []
    for number in sorted(metas):
        path = metas[number]['path']
        if path not in first:
            first[path] = metas[number]
            order.append(path)
        latest[path] = metas[number]
    return [
        (path, first[path], latest[path])
        for path in order
        if first[path]['before'] != latest[path]['after']
    ]


def recall(folder):
    """Return the Earlier of the last committed switch.

    Raises StepError where there is none, or where a file is not as the switch left it: both
    fingerprints are named.
    """
    last = state_folder.read_json(os.path.join(folder, NAME)) if os.path.isdir(folder) else None
    if last and last.get('taken_back'):
        return Earlier(last['from'], last['to'], last.get('place'), {}, True)
    if not last or not last['files']:
        raise StepError('There is no switch on this host that could be rolled back.')
    edited = [(item, staging.fingerprint(item['path'])) for item in last['files']]
    edited = [
        '%s has fingerprint %s and was left with %s'
        % (item['path'], (now or 'none')[:12], item['after'][:12])
        for item, now in edited
        if now != item['after']
    ]
    if edited:
        raise StepError(
            'Not rolled back, since somebody edited it after the switch from %s to %s: %s. Nothing '
            'was changed.' % (last['from'], last['to'], '; '.join(edited)),
            rule='edited_since',
        )
    values = dict((item['path'], _value_before(folder, item)) for item in last['files'])
    if any(
        staging.fingerprint_of(values[item['path']]) != item['before'] for item in last['files']
    ):
        raise StepError(
            'What was there before the last switch is not kept any more in %s.' % folder
        )
    texts = dict((path, _as_text(value)) for path, value in values.items())
    return Earlier(last['from'], last['to'], last.get('place'), texts, False)


def _value_before(folder, item):
    if item['link'] is not None:
        return Link(item['link'].encode('latin-1'))
    return (
        state_folder.read_private(os.path.join(folder, item['content']))
        if item['content']
        else None
    )


def _as_text(value):
    if isinstance(value, Link):
        return Link(value.target.decode('latin-1'))
    return None if value is None else value.decode('latin-1')


def prune_results(folder):
    """Keep the newest results only."""
    names = [
        os.path.join(folder, name) for name in os.listdir(folder) if name.startswith('result-')
    ]
    for path in sorted(names, key=os.path.getmtime)[:-KEPT_RESULTS]:
        os.unlink(path)
