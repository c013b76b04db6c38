# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Lay files over the real ones in a mount namespace of our own: what is written there is in memory,
and gone with the namespace.

Others may own the folders that a server writes into, and change them while this looks. So nothing
here goes by the name of a path: see `_strangers.paths`. A folder that another owner than root could
move away stays as it is, and the result says so.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import stat
from collections import namedtuple

from .._errors import IsolationError, StrangerError
from .._strangers.paths import is_roots_alone, open_folder, read_descriptor
from .._strangers.private_folder import cover, lay_over, mount_memory, take_over
from .._system import family, processes

# Of a folder with more entries its private copy has only those that the configuration names.
MAX_ENTRIES = 2000
MAX_PAGES = 256
# Bytes of one file that is copied, and of all together.
MAX_COPY = 1024 * 1024
MAX_COPIES = 32 * 1024 * 1024
# Room for the copies and for what the server writes while it is tried.
ROOM = 'mode=0700,size=96m,nr_inodes=65536'
SHARED_MEMORY = 'mode=1777,nr_inodes=4096'
# What a server must not find when it starts, and what may be large.
_NOT_COPIED = re.compile(r'log|\.pid$|\.gz$|\.xz$|\.bz2$')
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

# What came of laying over. shared: {folder: why it is not private}, in words; thinned: folders of
# which only the entries that the configuration names are there.
Laid = namedtuple('Laid', 'shared thinned')


class _Cover(object):
    """How a folder is to look. changed: {name: {'text' or 'link': value} or None for nothing};

    named: entries that the configuration names; written: whether the server writes in there.
    """

    def __init__(self):
        self.changed, self.named, self.written = {}, set(), False


class Stage(object):
    """The private folder, in memory, from which everything is laid over.

    base: path of an existing folder of root's alone that may be hidden for this.
    """

    def __init__(self, base):
        self.room, self.count, self.left = mount_memory(base, ROOM), 0, MAX_COPIES
        self.laid, self.covered = Laid({}, []), set()

    def lay_over(self, args):
        """Make the disk what a rehearsal's `args` say, and return what is Laid.

        Raises IsolationError where that cannot be done, or where a folder that has to be private
        cannot be, OSError.
        """
        try:
            os.close(mount_memory(u'/dev/shm', SHARED_MEMORY).descriptor)
        except OSError:
            pass  # a host without one
        covers = self._plan_covers(args)
        # What is further up comes first, or it would hide what is below it.
        for path in sorted(covers):
            self._cover(path, covers[path])
        for path, text in sorted(args['texts'].items()):
            self._replace_file(path, text)
        self._demand_private(args['vital'])
        return self.laid

    def make_output(self):
        """Return a descriptor for what the server prints, and a function that reads it."""
        return self.room.make_file(u'output'), lambda most: self.room.read(u'output', most)

    def _plan_covers(self, args):
        """Return {path: _Cover} of every folder that is laid over."""
        covers = {}
        for path, changed in args['folders'].items():
            with open_folder(path) as folder:
                covers.setdefault(folder.path, _Cover()).changed.update(changed)
        page = args['page'] and _page_folder(args['page'])
        if page:
            text = {'text': args['page']['content']}
            name = os.path.basename(args['page']['path'])
            covers.setdefault(page, _Cover()).changed[name] = text
        for path in args['private']:
            folder, name = self._written_folder(path)
            if folder is not None:
                found = covers.setdefault(folder, _Cover())
                found.written = True
                found.named.update([name] * (name is not None))
        _name_what_is_below(covers)
        return covers

    def _written_folder(self, path):
        """As `written_folder`; what cannot be reached safely is noted as shared."""
        try:
            return written_folder(path)
        except StrangerError as e:
            self.laid.shared[os.path.dirname(path)] = e.message
            return None, None

    def _cover(self, path, wanted):
        """Lay a private copy over a folder; where that fails, note a written one as shared."""
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
                raise IsolationError('%s cannot be laid over: %s' % (path, _words(e)))
            self.laid.shared[path] = _words(e)

    def _next_name(self):
        self.count += 1
        return u'%d' % self.count

    def _fill(self, folder, copy, wanted):
        for name in self._names_in(folder, wanted):
            try:
                self._keep(folder, name, copy, wanted.written)
            except _FAILURES:
                continue  # its owner took it away in the meantime
        for name, value in sorted(wanted.changed.items()):
            if value and 'link' in value:
                copy.make_link(name, value['link'], copy.facts())
            elif value:
                os.close(copy.make_file(name, value['text'].encode('latin-1')))

    def _names_in(self, folder, wanted):
        """Return the names of the entries that its copy has as they are."""
        try:
            names = folder.names(MAX_ENTRIES)
        except StrangerError:
            if not wanted.written:
                raise
            names = [name for name in sorted(wanted.named) if folder.has(name)]
            self.laid.thinned.append(folder.path)
        return [name for name in names if name not in wanted.changed]

    def _keep(self, folder, name, copy, written):
        """Have an entry of a folder in its private copy, too.

        written: the server writes in there. Then files are copied, pipes and devices left out.
        """
        facts = folder.facts(name)
        if stat.S_ISLNK(facts.st_mode):
            copy.make_link(name, folder.link_target(name), facts)
        elif stat.S_ISDIR(facts.st_mode):
            with folder.open_folder(name) as source:
                with copy.make_folder(name) as target:
                    lay_over(source.descriptor, target.descriptor)
        elif stat.S_ISREG(facts.st_mode) and written:
            self._copy(folder, name, copy)
        elif stat.S_ISSOCK(facts.st_mode) or not written:
            # Sockets of other servers, of PHP above all, are to be reached.
            _lay_over_file(folder.pin(name), copy.make_file(name))

    def _copy(self, folder, name, copy):
        size = folder.facts(name).st_size
        if _NOT_COPIED.search(name) or size > min(MAX_COPY, self.left):
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
        """Lay a text over a file of root's. Raises IsolationError."""
        try:
            with open_folder(os.path.dirname(path)) as folder:
                if not folder.rooted or not is_roots_alone(folder.facts()):
                    raise StrangerError('users other than root can change its folder.')
                target = folder.open_file(os.path.basename(path))
            source = self.room.make_file(self._next_name(), text.encode('latin-1'), like=target)
            _lay_over_file(source, target)
        except _FAILURES as e:
            raise IsolationError('%s cannot be laid over: %s' % (path, _words(e)))

    def _demand_private(self, paths):
        """Raise IsolationError if a server that is only tried would write one of these for real."""
        for path in paths:
            folder = self._written_folder(path)[0]
            why = self.laid.shared.get(folder or os.path.dirname(path))
            if why is not None or (folder is not None and folder not in self.covered):
                raise IsolationError(
                    'the server writes %s, which cannot be private there: %s'
                    % (path, why or 'it was not laid over')
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
    """Return the path of the folder of the page that asks PHP; None where it holds too much."""
    try:
        with open_folder(os.path.dirname(page['path'])) as folder:
            folder.names(MAX_PAGES)
            return folder.path
    except StrangerError:
        return None


def _name_what_is_below(covers):
    """Note in each folder the entries that lead to other folders that are laid over."""
    for path in covers:
        above, name = os.path.split(path)
        while name:
            if above in covers:
                covers[above].named.add(name)
            above, name = os.path.split(above)


def written_folder(path):
    """Return (folder that is written, name in it or None), without links, for a path.

    A path that is a folder itself is written as a whole. (None, None) where it is missing.
    Raises StrangerError where a link of a stranger leads there.
    """
    for place, name in ((path, None), (os.path.dirname(path), os.path.basename(path))):
        try:
            with open_folder(place) as folder:
                return folder.path, name
        except OSError:
            continue
    return None, None


def paths_written_by(main):
    """Return the paths of files that a server has open for writing, or shares memory by.

    Whatever its modules write, named by a directive that we know or not, is among them; what the
    programs have open that it pipes its logs to, too. Processes of other users do not count: these
    are pages and scripts, and what they have open they choose.
    """
    found = set()
    for process in processes.family_of(main, processes.read_processes()):
        if family.is_owned(process, family.ROOT):
            found |= processes.opened_for_writing(process.pid)
    return set(path for path in found if not path.startswith(('/dev/', '/proc/', '/sys/')))
