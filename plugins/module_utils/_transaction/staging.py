# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Lay the new file and the way back ready before anything is stopped, so that a swap and its
undo are one rename each.

`old` is a copy of what is there, `new` what will be, both synced: neither way needs room any more.
Both lie in the folder that `swap_trial` found, under hidden names. What is there may be a file
(bytes), a symbolic link (Link) or nothing (None); a link is never followed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

from .._errors import StepError
from .._model import ROOT_ONLY, Link
from .._system import attributes
from . import files

NEW_FOLDER_MODE = 0o755
_LABEL = ('security.selinux',)


def plan_staging(path, before, after, place, number, chained=False):
    """Return the meta data by which a path is staged, swapped and put back: names, owners and
    fingerprints, as JSON-able data.

    place: the folder in which they lie, on the same mount as the path; chained: an earlier swap of
    the same transaction makes `before`. Nothing is written yet, so that a journal can have it
    first.
    """
    missing, owner = _first_missing(os.path.dirname(path)), _owner(path)
    return {
        'path': path,
        'chained': chained,
        'owner': owner,
        'folder': missing,
        'new': None if after is None else os.path.join(place, '.webops-%d-new' % number),
        'after': fingerprint_of(after),
        'old': None if before is None else os.path.join(place, '.webops-%d-old' % number),
        'before': fingerprint_of(before),
    }


def _first_missing(folder):
    """Return the topmost folder that is not there, of those on the way to `folder`; else None."""
    missing = None
    while not os.path.isdir(folder):
        missing, folder = folder, os.path.dirname(folder)
    return missing


def _make_folders(meta):
    """Make the folders that are missing, as a2enmod and a package would: everybody may look."""
    for folder in _new_folders(meta):
        if not os.path.isdir(folder):
            os.mkdir(folder)
            # The umask of the caller does not count.
            os.chmod(folder, NEW_FOLDER_MODE)
            files.sync_folder(os.path.dirname(folder))


def _new_folders(meta):
    """Return the folders that are made for a path, from the top down."""
    found, folder = [], os.path.dirname(meta['path'])
    while meta['folder'] and len(folder) >= len(meta['folder']):
        found, folder = [folder] + found, os.path.dirname(folder)
    return found


def stage_file(meta, before, after, like=None):
    """Write both. like: the path of which the new one takes mode, owner and labels where there is
    nothing to take them of, or ROOT_ONLY.

    Raises StepError if something else changed the path since it was read, OSError where there is
    no room.
    """
    _make_folders(meta)
    snapshot = files.take_snapshot(meta['path'])
    if not meta['chained'] and _fingerprint(snapshot) != meta['before']:
        raise StepError(
            '%s was changed by something else after it was read.' % meta['path'], path=meta['path']
        )
    # A copy and no second name: a program that writes into the file must not write into the way
    # back.
    origin = _snapshot_like(like, meta['path']) if snapshot.kind == 'absent' else snapshot
    for name, value, facts in ((meta['old'], before, snapshot), (meta['new'], after, origin)):
        if name:
            _write(name, value, facts)


def _snapshot_like(like, path):
    """Return the Snapshot of which a new file at a path takes mode, owner and labels.

    Where there is no other file to take them of, it gets the SELinux label of its folder, as if it
    were made there: it is made in another one, and a rename keeps the label.
    """
    if like not in (None, ROOT_ONLY):
        return files.take_snapshot(like)
    made = files.PRIVATE if like == ROOT_ONLY else files.NEW
    labels = attributes.read_attributes(os.path.dirname(path), _LABEL)
    return made._replace(uid=os.geteuid(), gid=os.getegid(), labels=labels)


def _write(name, value, like):
    if isinstance(value, Link):
        files.write_link(name, value.target, like)
    else:
        files.write_file(name, value, like)


def _owner(path):
    """Mode, user and group of a plain file, which its copy has to have; None for anything else."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    return (
        [stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid]
        if stat.S_ISREG(facts.st_mode)
        else None
    )


def demand_unchanged(meta):
    """Raise StepError if something else changed the path since it was staged."""
    if fingerprint(meta['path']) != meta['before']:
        raise StepError(
            '%s was changed by something else after it was staged.' % meta['path'],
            path=meta['path'],
        )


def demand_back(meta):
    """Raise StepError if the path was swapped and is not as it was before: its way back must stay.

    As long as the new file lies ready it was not swapped; whatever another hand made of it is none
    of our business then. Of several swaps of one path the first one has the way back that counts.
    """
    if meta['chained']:
        return
    never_swapped = (meta['new'] and os.path.lexists(meta['new'])) or not (
        meta['old'] and os.path.lexists(meta['old'])
    )
    if not never_swapped and fingerprint(meta['path']) != meta['before']:
        raise StepError(
            '%s is not back; what it was is kept as %s.' % (meta['path'], meta['old']),
            path=meta['path'],
        )


def swap_in(meta):
    """Put the new one in its place, or take the old one away, at one stroke.

    Raises StepError if something else changed it in the meantime.
    """
    demand_unchanged(meta)
    if meta['new']:
        _rename(meta['new'], meta['path'])
    else:
        files.remove_file(meta['path'])


def put_back(meta, folder):
    """Put back what was there, by one rename; return a warning if somebody else's version had to
    make way for it, else None.

    Does nothing where the old one is in its place, so that it may be repeated.
    """
    path, warning = meta['path'], None
    now = fingerprint(path)
    if now == meta['before']:
        return None
    if now not in (meta['after'], None):
        kept = os.path.join(folder, 'conflict-%s' % now.rsplit(':', 1)[-1][:12])
        snapshot = files.take_snapshot(path)
        _write(
            kept,
            Link(snapshot.content) if snapshot.kind == 'link' else snapshot.content,
            files.PRIVATE,
        )
        warning = (
            '%s was changed by something else during the switch; that version is kept as %s.'
            % (path, kept)
        )
    if meta['old'] is None:
        files.remove_file(path)
    else:
        _rename(meta['old'], path)
    if fingerprint(path) != meta['before'] or (
        meta['owner'] and _owner(path) not in (meta['owner'], None)
    ):
        raise StepError('%s could not be put back as it was.' % path, path=path)
    return warning


def is_kept(meta):
    """Return whether what was there before is kept still."""
    return meta['old'] is None or os.path.lexists(meta['old'])


def discard(meta):
    """Remove what is left of the staged files, and a folder that was made for one that never
    came.
    """
    for name in (meta['new'], meta['old']):
        if name:
            files.remove_file(name)
    for folder in reversed(_new_folders(meta)):
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)


def fingerprint(path):
    """A digest of what is at `path`; None where there is nothing.

    Raises StepError for anything but a file or a link.
    """
    return _fingerprint(files.take_snapshot(path))


def _fingerprint(snapshot):
    if snapshot.kind == 'absent':
        return None
    return fingerprint_of(Link(snapshot.content) if snapshot.kind == 'link' else snapshot.content)


def fingerprint_of(value):
    """A digest of the bytes of a file or of a Link's target, which are never the same; None for
    nothing.
    """
    if value is None:
        return None
    return 'link:' + files.digest(value.target) if isinstance(value, Link) else files.digest(value)


def _rename(source, target):
    os.rename(source, target)
    files.sync_folder(os.path.dirname(target))
