# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Mount files over the real ones in our own mount namespace: what is written there is in memory,
and gone with the namespace.

Others may own the folders that a server writes into, and change them meanwhile. So nothing here
uses paths by name: see `_strangers.paths`. A folder that an owner other than root could move away
is not replaced, and the result says so.

Nothing but regular files is opened or copied. A pipe has a reader, which would get lines of ours or
miss some of its own, and a device does something: an empty file stands in for each of them. Sockets
are there as they are, neither opened nor copied: other servers answer by them, PHP above all.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import stat
from collections import namedtuple

from .._errors import IsolationError, StrangerError
from .._model import Link
from .._strangers.paths import (
    is_harmless,
    is_roots_alone,
    is_stream,
    open_entry,
    open_folder,
    read_descriptor,
)
from .._strangers.private_folder import cover, lay_over, mount_memory, take_over
from .._system import family, processes

# Of a folder with more entries its private copy has only those that the configuration names.
MAX_ENTRIES = 2000
MAX_PAGES = 256
# Bytes of one file that is copied, and of all together.
MAX_COPY = 1024 * 1024
MAX_COPIES = 32 * 1024 * 1024
# Room for the copies and for what the server writes in the rehearsal.
ROOM = 'mode=0700,size=96m,nr_inodes=65536'
SHARED_MEMORY = 'mode=1777,nr_inodes=4096'
# What a server must not find when it starts, and what may be large: pid files and logs, where "log"
# is a word of the name. A program that asks for a pass phrase by a dialog has to be there.
_NOT_COPIED = re.compile(r'(?:^|[._-])logs?(?:[._-]|$)|\.pid$|\.gz$|\.xz$|\.bz2$')
# Never replaced as a whole.
_TOP = (
    '/',
    '/etc',
    '/usr',
    '/var',
    '/dev',
    '/proc',
    '/sys',
    '/lib',
    '/lib64',
    '/bin',
    '/sbin',
    '/root',
    '/home',
)
_FAILURES = (OSError, IOError, StrangerError, IsolationError)

# The result of the mounts. shared: {folder: why it is not private}, in words; thinned: folders with
# only the entries that the configuration names.
Laid = namedtuple('Laid', 'shared thinned')


class _Cover(object):
    """The content of a private folder. changed: {name: text, Link or None for nothing};

    named: entries that the configuration names; written: whether the server writes in there;
    fresh: entries that the server has to make anew, since what is in them is looked at.
    """

    def __init__(self):
        self.changed, self.named, self.written, self.fresh = {}, set(), False, set()


class Stage(object):
    """The private folder, in memory, from which everything is mounted.

    base: path of an existing folder for root only; this may hide it.
    """

    def __init__(self, base):
        self.room, self.count, self.left = mount_memory(base, ROOM), 0, MAX_COPIES
        self.laid, self.covered = Laid({}, []), set()

    def lay_over(self, order):
        """Make the disk look as a RehearsalOrder says, and return what is Laid.

        Raises IsolationError if that is not possible, or if a folder cannot be private that must
        be, OSError.
        """
        try:
            os.close(mount_memory(u'/dev/shm', SHARED_MEMORY).descriptor)
        except OSError:
            pass  # a host without one
        covers = self._plan_covers(order)
        # Upper folders come first, or they would hide those below.
        for path in sorted(covers):
            self._cover(path, covers[path])
        for path, text in sorted(order.texts.items()):
            self._replace_file(path, text)
        for path in order.written:
            self._stand_in(path)
        self._demand_private(order.vital)
        return self.laid

    def make_output(self):
        """Return a descriptor for what the server prints, and a function that reads it."""
        return self.room.make_file(u'output'), lambda most: self.room.read(u'output', most)

    def _plan_covers(self, order):
        """Return {path: _Cover} of every folder that is mounted over."""
        covers = {}
        for path, changed in order.folders.items():
            with open_folder(path) as folder:
                covers.setdefault(folder.path, _Cover()).changed.update(changed)
        page = order.page and _page_folder(order.page)
        if page:
            name = os.path.basename(order.page.path)
            covers.setdefault(page, _Cover()).changed[name] = order.page.content
        for path in order.private:
            folder, name = self._written_folder(path)
            if folder is not None:
                found = covers.setdefault(folder, _Cover())
                found.written = True
                found.named.update([name] * (name is not None))
                found.fresh.update([name] * (path in order.error_logs))
        _name_what_is_below(covers)
        return covers

    def _written_folder(self, path):
        """As `written_folder`; a folder that cannot be reached safely is noted as shared."""
        try:
            return written_folder(path)
        except StrangerError as e:
            self.laid.shared[os.path.dirname(path)] = e.message
            return None, None

    def _cover(self, path, wanted):
        """Mount a private copy over a folder; if that fails, note a written one as shared."""
        try:
            if path in _TOP:
                raise StrangerError('it would have to be private as a whole.')
            with open_folder(path) as folder:
                if not folder.rooted:
                    raise StrangerError('a folder above it does not belong to root.')
                copy = self.room.make_folder(self._next_name())
                try:
                    self._fill(folder, copy, wanted)
                    take_over(folder.descriptor, copy.descriptor)
                    cover(folder, copy)
                finally:
                    os.close(copy.descriptor)
            self.covered.add(path)
        except _FAILURES as e:
            if wanted.changed:
                raise IsolationError('%s cannot be made private: %s' % (path, _words(e)))
            self.laid.shared[path] = _words(e)

    def _next_name(self):
        self.count += 1
        return u'%d' % self.count

    def _fill(self, folder, copy, wanted):
        for name in self._names_in(folder, wanted):
            try:
                self._keep(folder, name, copy, wanted)
            except _FAILURES:
                continue  # its owner removed it meanwhile
        for name, value in sorted(wanted.changed.items()):
            if isinstance(value, Link):
                copy.make_link(name, value.target, copy.facts())
            elif value is not None:
                os.close(copy.make_file(name, value.encode('latin-1')))

    def _names_in(self, folder, wanted):
        """Return the names of the entries that its copy has unchanged."""
        try:
            names = folder.names(MAX_ENTRIES)
        except StrangerError:
            if not wanted.written:
                raise
            names = [name for name in sorted(wanted.named) if folder.has(name)]
            self.laid.thinned.append(folder.path)
        return [name for name in names if name not in wanted.changed]

    def _keep(self, folder, name, copy, wanted):
        """Add an entry of a folder to its private copy.

        Where the server writes in there files are copied.
        """
        facts = folder.facts(name)
        if stat.S_ISLNK(facts.st_mode):
            copy.make_link(name, folder.link_target(name), facts)
        elif stat.S_ISDIR(facts.st_mode):
            with folder.open_folder(name) as source:
                with copy.make_folder(name) as target:
                    lay_over(source.descriptor, target.descriptor)
        elif is_stream(facts):
            os.close(copy.make_stand_in(name, facts))
        elif stat.S_ISREG(facts.st_mode) and wanted.written:
            if name not in wanted.fresh and not _NOT_COPIED.search(name):
                self._copy(folder, name, copy)
        else:
            _lay_over_file(folder.pin(name), copy.make_file(name))

    def _copy(self, folder, name, copy):
        size = folder.facts(name).st_size
        if size > min(MAX_COPY, self.left):
            return
        source = folder.open_file(name)
        # By a second descriptor: reading closes the one that it reads.
        content = read_descriptor(os.dup(source), min(MAX_COPY, self.left))
        self.left -= len(content)
        try:
            os.close(copy.make_file(name, content, like=source))
        finally:
            os.close(source)

    def _replace_file(self, path, text):
        """Mount a text over a file of root. Raises IsolationError."""
        try:
            with open_folder(os.path.dirname(path)) as folder:
                if not folder.rooted or not is_roots_alone(folder.facts()):
                    raise StrangerError('users other than root can change its folder.')
                target = folder.open_file(os.path.basename(path))
            source = self.room.make_file(self._next_name(), text.encode('latin-1'), like=target)
            _lay_over_file(source, target)
        except _FAILURES as e:
            raise IsolationError('%s cannot be made private: %s' % (path, _words(e)))

    def _stand_in(self, path):
        """Lay an empty file over a pipe or a device that the server writes to, where its folder is
        not private.

        Raises IsolationError where that cannot be done.
        """
        try:
            folder, name = open_entry(path)
        except (OSError, StrangerError):
            return  # it is a folder, or missing, or a stranger can have it lead elsewhere
        with folder:
            try:
                facts = folder.facts(name)
            except OSError:
                return
            if not is_stream(facts) or is_harmless(facts):
                return
            try:
                source = self.room.make_stand_in(self._next_name(), facts)
                _lay_over_file(source, folder.pin(name))
            except _FAILURES as e:
                raise IsolationError('%s cannot be kept from the server: %s' % (path, _words(e)))

    def _demand_private(self, paths):
        """Raise IsolationError if a rehearsed server would really write one of these."""
        for path in paths:
            folder = self._written_folder(path)[0]
            why = self.laid.shared.get(folder or os.path.dirname(path))
            if why is not None or (folder is not None and folder not in self.covered):
                raise IsolationError(
                    'the server writes %s, which cannot be private there: %s'
                    % (path, why or 'it was not replaced')
                )


def _lay_over_file(source, target):
    """Mount one open file over another one, and close both."""
    try:
        lay_over(source, target)
    finally:
        os.close(source)
        os.close(target)


def _words(error):
    return getattr(error, 'message', None) or getattr(error, 'strerror', None) or str(error)


def _page_folder(page):
    """Return the path of the folder of the page that asks PHP; None if it holds too much."""
    try:
        with open_folder(os.path.dirname(page.path)) as folder:
            folder.names(MAX_PAGES)
            return folder.path
    except StrangerError:
        return None


def _name_what_is_below(covers):
    """Note in each folder the entries that lead to other folders that are mounted over."""
    for path in covers:
        above, name = os.path.split(path)
        while name:
            if above in covers:
                covers[above].named.add(name)
            above, name = os.path.split(above)


def written_folder(path):
    """Return (folder that is written, name in it or None), without links, for a path.

    A path that is a folder itself is written as a whole. (None, None) if it is missing. Raises
    StrangerError if a link that others than root can change leads there.
    """
    for place, name in ((path, None), (os.path.dirname(path), os.path.basename(path))):
        try:
            with open_folder(place) as folder:
                return folder.path, name
        except OSError:
            continue
    return None, None


def paths_written_by(main):
    """Return the paths of files that a server has open for writing, or uses for shared memory.

    They include all that its modules write, named by a known directive or not, and the files of
    programs that it pipes its logs to. Processes of other users do not count: they are pages and
    scripts, and choose what they open.
    """
    found = set()
    for process in processes.family_of(main, processes.read_processes()):
        if family.is_owned(process, family.ROOT):
            found |= processes.opened_for_writing(process.pid)
    return set(path for path in found if not path.startswith(('/dev/', '/proc/', '/sys/')))
