# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Lay the new file and the way back ready before anything is stopped, so that a swap and its undo are one rename each.

`old` is a copy of the file as it is, `new` the file as it will be, both synced: neither way needs room any more. Both lie in the
state folder where that is on the same file system, else beside the file under a hidden name.
"""
import os

from . import files
from .._errors import StepError


def plan_staging(path, before, after, folder, number):
    """Give the meta data by which a file is staged, swapped and put back: names and fingerprints, as JSON-able data.

    before, after: bytes, `before` None for no file. Nothing is written yet, so that a journal can have it first.
    """
    place = _place(path, folder)
    return {'path': path, 'new': os.path.join(place, '.webops-%d-new' % number), 'after': files.digest(after),
            'old': None if before is None else os.path.join(place, '.webops-%d-old' % number),
            'before': None if before is None else files.digest(before)}


def stage_file(meta, after):
    """Write both files. Raises StepError if another hand changed the file since it was read, OSError where there is no room."""
    snapshot = files.take_snapshot(meta['path'])
    if (None if snapshot.kind == 'absent' else files.digest(snapshot.content)) != meta['before']:
        raise StepError('%s was changed by another hand after it was read.' % meta['path'], path=meta['path'])
    if meta['old']:
        # A copy and no link: whoever writes into the file itself must not write into the way back.
        files.write_file(meta['old'], snapshot.content, snapshot)
    files.write_file(meta['new'], after, snapshot)


def _place(path, folder):
    beside = os.path.dirname(path)
    return folder if os.stat(folder).st_dev == os.stat(beside).st_dev else beside


def demand_unchanged(meta):
    """Raise StepError if another hand changed the file since it was staged."""
    if fingerprint(meta['path']) != meta['before']:
        raise StepError('%s was changed by another hand after it was staged.' % meta['path'], path=meta['path'])


def demand_back(meta):
    """Raise StepError if the file was swapped and is not as it was before: its way back must stay.

    As long as the new file lies ready it was not swapped; whatever another hand made of it is none of our business then.
    """
    never_swapped = os.path.lexists(meta['new']) or not (meta['old'] and os.path.lexists(meta['old']))
    if not never_swapped and fingerprint(meta['path']) != meta['before']:
        raise StepError('%s is not back; what it was is kept as %s.' % (meta['path'], meta['old']), path=meta['path'])


def swap_in(meta):
    """Put the new file in its place by one rename. Raises StepError if another hand changed the old one in the meantime."""
    demand_unchanged(meta)
    _rename(meta['new'], meta['path'])


def put_back(meta, folder):
    """Put the old file back by one rename; give a warning if somebody else's version had to make way for it, else None.

    Does nothing where the old one is in its place, so that it may be repeated.
    """
    path, warning = meta['path'], None
    now = fingerprint(path)
    if now == meta['before']:
        return None
    if now not in (meta['after'], None):
        kept = os.path.join(folder, 'conflict-%s' % now[:12])
        files.write_file(kept, files.take_snapshot(path).content, files.PRIVATE)
        warning = '%s was changed by another hand during the switch; that version is kept as %s.' % (path, kept)
    if meta['old'] is None:
        files.remove_file(path)
    else:
        _rename(meta['old'], path)
    if fingerprint(path) != meta['before']:
        raise StepError('%s could not be put back as it was.' % path, path=path)
    return warning


def is_kept(meta):
    """Tell whether what was there before is kept still."""
    return meta['old'] is None or os.path.lexists(meta['old'])


def discard(meta):
    """Remove what is left of the staged files."""
    for name in (meta['new'], meta['old']):
        if name:
            files.remove_file(name)


def fingerprint(path):
    """A digest of what is at `path`; None where there is nothing. Raises StepError for anything but a plain file."""
    snapshot = files.take_snapshot(path)
    return None if snapshot.kind == 'absent' else files.digest(snapshot.content)


def _rename(source, target):
    os.rename(source, target)
    files.sync_folder(os.path.dirname(target))
