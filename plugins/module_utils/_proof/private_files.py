# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Lay files over the real ones in a mount namespace of our own: what is written there is in memory, and gone with the namespace."""
import os
import re
import stat

from .._errors import IsolationError
from .._system import namespaces, processes
from .._system.files import native_path, text_path

# A folder of more entries than these is not copied: it is nobody's run-time folder.
MAX_ENTRIES = 2000
MAX_PAGES = 256
MAX_COPY = 1024 * 1024
# What a server must not find when it starts, and what may be large.
_NOT_COPIED = re.compile(r'log|\.pid$|\.gz$|\.xz$|\.bz2$')
# Nobody's to be replaced as a whole.
_TOP = ('/', '/etc', '/usr', '/var', '/dev', '/proc', '/sys', '/lib', '/lib64', '/bin', '/sbin', '/root', '/home')


class Stage(object):
    """The private folder, in memory, from which everything is laid over. `base`: an existing folder that may be hidden for this."""

    def __init__(self, base):
        self.base, self.count = base, 0
        namespaces.mount('tmpfs', base, 'tmpfs', namespaces.MS_NOSUID | namespaces.MS_NODEV, 'mode=0700')

    def lay_over(self, args):
        """Make the disk what a rehearsal's `args` say. Raises IsolationError, OSError."""
        if os.path.isdir('/dev/shm'):
            namespaces.mount('tmpfs', '/dev/shm', 'tmpfs', namespaces.MS_NOSUID | namespaces.MS_NODEV, 'mode=1777')
        changed = dict((_real(path), names) for path, names in args['folders'].items())
        page = args['page'] and _real(os.path.dirname(args['page']['path']))
        if page and len(os.listdir(native_path(page))) <= MAX_PAGES:
            changed.setdefault(page, {})[os.path.basename(args['page']['path'])] = {'text': args['page']['content']}
        written = written_folders(args['private'])
        # What is further up comes first, or it would hide what is below it.
        for path in sorted(set(changed) | written):
            self._cover(path, changed.get(path, {}), path in written)
        for path, text in sorted(args['texts'].items()):
            namespaces.bind(self._file(path, text), path)

    def _place(self):
        self.count += 1
        return '%s/%d' % (self.base, self.count)

    def _file(self, path, text):
        place = self._place()
        _write(place, text)
        _like(os.stat(native_path(path)), path, place)
        return place

    def _cover(self, folder, changed, written):
        if folder in _TOP:
            raise IsolationError('%s would have to be private for the server' % folder)
        place = self._place()
        os.mkdir(native_path(place), 0o700)
        kept = 0
        for name in [text_path(name) for name in os.listdir(native_path(folder))]:
            if name not in changed and _keep('%s/%s' % (folder, name), '%s/%s' % (place, name), written):
                kept += 1
                if kept > MAX_ENTRIES:
                    raise IsolationError('%s holds more than %d entries: too many for a private copy of it' % (folder, MAX_ENTRIES))
        for name, value in sorted(changed.items()):
            if value and 'link' in value:
                os.symlink(native_path(value['link']), native_path('%s/%s' % (place, name)))
            elif value:
                _write('%s/%s' % (place, name), value['text'])
                os.chmod(native_path('%s/%s' % (place, name)), 0o644)
        _like(os.stat(native_path(folder)), folder, place)
        namespaces.bind(place, folder)


def _keep(source, place, written):
    """Have an entry of a folder in its private copy, too; tell whether it is there. written: the server writes in there."""
    facts = os.lstat(native_path(source))
    if stat.S_ISLNK(facts.st_mode):
        os.symlink(os.readlink(native_path(source)), native_path(place))
        os.lchown(native_path(place), facts.st_uid, facts.st_gid)
    elif stat.S_ISDIR(facts.st_mode):
        os.mkdir(native_path(place), 0o700)
        namespaces.bind(source, place)
    elif not written or not stat.S_ISREG(facts.st_mode):
        # Sockets of other servers, of PHP above all, are to be reached.
        _write(place, u'')
        namespaces.bind(source, place)
    elif _NOT_COPIED.search(os.path.basename(source)) or facts.st_size > MAX_COPY:
        return False
    else:
        with open(native_path(source), 'rb') as stream:
            _write(place, stream.read(MAX_COPY).decode('latin-1'))
        _like(facts, source, place)
    return True


def _write(path, text):
    descriptor = os.open(native_path(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, 'wb') as stream:
        stream.write(text.encode('latin-1'))


def _like(facts, source, place):
    os.chown(native_path(place), facts.st_uid, facts.st_gid)
    os.chmod(native_path(place), stat.S_IMODE(facts.st_mode))
    namespaces.copy_labels(source, place)


def written_folders(paths):
    """Give the set of real folders that are written: a path itself if it is a folder, else the one that it is in. Missing ones are left out."""
    found = set()
    for path in paths:
        folder = path if os.path.isdir(native_path(path)) else os.path.dirname(path)
        if os.path.isdir(native_path(folder)):
            found.add(_real(folder))
    return found


def paths_written_by(main):
    """Give the paths of files that a server, or a program that it pipes to, has open for writing or shares memory by.

    Whatever its modules write, named by a directive that we know or not, is among them.
    """
    found = set()
    for process in processes.family_of(main, processes.read_processes()):
        if process.pid == main.pid or process.exe != main.exe:
            found |= processes.opened_for_writing(process.pid)
    return set(path for path in found if path.startswith('/') and not path.startswith(('/dev/', '/proc/', '/sys/')))


def _real(path):
    return text_path(os.path.realpath(native_path(path)))
