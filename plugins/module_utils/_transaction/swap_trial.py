# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find out before anything is stopped whether each file can be swapped where it lies, and from
which folder: by what can be read, and by a trial with names of our own.

A rename takes the place of a file at one stroke only within one mount. So the new file and the way
back lie in the state folder where that is possible, else beside the file, else in a folder above
it: never in one where httpd would read them.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

from .._errors import StepError
from .._model import SwapPlace
from .._system import writing
from .._system.files import text_path

# Hidden, like the names that staging makes: what may read one of them may read all.
TRIAL, ROOM = '.webops-trial', '.webops-trial-room'
NO_ROOM = (errno.ENOSPC, getattr(errno, 'EDQUOT', errno.ENOSPC))
_LOOK = 'See what is mounted there (findmnt -T %s), and what keeps root from changing it.'


def find_places(sizes, folder, is_read, write):
    """Return [SwapPlace] of some files, in order of their paths.

    sizes: {path without links: bytes that its new file and its way back need}; folder: the state
    folder, which need not be there; is_read: path -> whether httpd would read a file of that name;
    write: whether to try, else only what can be read counts.
    """
    mount_points = writing.read_mount_points()
    return [
        _find_place(path, sizes[path], folder, is_read, write, mount_points)
        for path in sorted(sizes)
    ]


def _find_place(path, size, folder, is_read, write, mount_points):
    problem = _problem_of_target(path, mount_points)
    if problem:
        return SwapPlace(path, None, *problem)
    passed = []
    for place in _candidates(path, folder):
        why = _problem_of_place(place, path, is_read, mount_points)
        if why is None and write:
            why = _try(place, path, size, is_read)
        if why is None:
            return SwapPlace(path, place, None, None)
        passed.append(why)
    # What is wrong beside the file says most; the state folder lies elsewhere for good reasons.
    words, fix = passed[1] if len(passed) > 1 else passed[0]
    return SwapPlace(path, None, words, fix)


def _candidates(path, folder):
    """The folders in which the new file may wait, best first."""
    yield folder
    place = _existing(os.path.dirname(path))
    while place not in ('/', ''):
        if place != folder:
            yield place
        place = os.path.dirname(place)


def _existing(folder):
    while folder not in ('/', '') and not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder or '/'


def _problem_of_target(path, mount_points):
    """Return (why nothing can take the place of a file, the way out), or None."""
    folder = _existing(os.path.dirname(path))
    if text_path(path) in mount_points:
        return (
            'it is a mount point, so nothing can take its place (/proc/self/mountinfo)',
            'Unmount %s for the switch, or change the file where the mount comes from.' % path,
        )
    words = writing.folder_problem(text_path(folder)) or writing.flags_problem(text_path(path))
    if words is None:
        return None
    if 'chattr' in words:
        return words, 'Take the flag away: chattr -i -a %s %s.' % (folder, path)
    return (
        words,
        'Make %s writable for root (mount -o remount,rw), or change it where it comes from.'
        % folder,
    )


def _problem_of_place(place, path, is_read, mount_points):
    """Return (why a folder cannot hold the new file, the way out), or None."""
    target, there = _existing(os.path.dirname(path)), _existing(place)
    if is_read(os.path.join(place, TRIAL)):
        return (
            'httpd reads every file in %s, the new one too while it waits there, and no folder '
            'above it is on the same mount' % place,
            'Include only names that match, such as %s/*.conf.' % place,
        )
    mounts = [
        writing.mount_of(text_path(os.path.realpath(each)), mount_points)
        for each in (there, target)
    ]
    if mounts[0] != mounts[1] or os.stat(there).st_dev != os.stat(target).st_dev:
        words = '%s is on another mount than %s, so no rename leads from one to the other (EXDEV)'
        return words % (place, path), _LOOK % path
    words = writing.folder_problem(text_path(there))
    return (words, 'Make %s writable for root.' % there) if words else None


def _try(place, path, size, is_read):
    """Try a rename from a place to a file, and whether there is room; return as above."""
    try:
        _try_room(os.path.join(place, ROOM), size)
        _try_rename(place, path, is_read)
    except (IOError, OSError) as e:
        return _in_words(place, path, e)
    return None


def _in_words(place, path, error):
    words = 'a rename of a name of ours from %s to %s was answered: %s'
    words %= (place, path, writing.errno_in_words(error))
    if error.errno in NO_ROOM:
        return words, 'Make room in %s.' % place
    return words, _LOOK % path


def _try_room(name, size):
    """Write so many bytes, and take them away again. Raises OSError."""
    opened = os.open(
        name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, 'O_NOFOLLOW', 0), 0o600
    )
    try:
        left = size
        while left > 0:
            left -= os.write(opened, b'\n' * min(left, 65536))
        os.fsync(opened)
    finally:
        os.close(opened)
        os.unlink(name)


def _try_rename(place, path, is_read):
    """Rename a folder of ours to a file: the kernel first judges mounts, permissions and flags as
    for any rename, and then never puts a folder in the place of a file. So nothing changes.

    Where there is no file, the folder gets a name of ours beside it. Raises OSError.
    """
    ours, beside = os.path.join(place, TRIAL), _existing(os.path.dirname(path))
    target = path if os.path.lexists(path) else os.path.join(beside, TRIAL + '-2')
    for left in [ours] + [target] * (target != path):
        _remove_left(left)
    os.mkdir(ours, 0o700)
    try:
        if target == path or not is_read(target):
            os.rename(ours, target)
            ours = target
    except OSError as e:
        if e.errno != errno.ENOTDIR or target != path:
            raise
    finally:
        os.rmdir(ours)
    if ours == path:
        raise StepError('Something else removed %s.' % path, path=path)


def _remove_left(name):
    """Remove what a trial left that was killed."""
    try:
        os.rmdir(name)
    except OSError:
        pass  # there is none, or it is none of ours: then the trial says so
