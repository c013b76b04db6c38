# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Go through all folders that are served, within limits that they share.

The top of every root comes first, with the folders above it. Then the roots take turns, so that a
site with many folders does not hide another one: in each the first levels side by side, and what
lies deeper one folder after the other. Between two turns no folder of a root is open.

Folders are walked by descriptor, as in `_strangers/paths.py`. A link that httpd follows leads to a
further root. A stranger's link leads no farther than the file systems on which there are roots.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections import deque, namedtuple

from .._errors import OtherFileSystemError, StrangerError
from .._strangers import paths
from .._syntax.folder_rules import ALL_LINKS, NO_LINKS, NOT_READ, OWN_LINKS, above
from .._syntax.wildcards import match_names
from .served_folders import plain_name

MAX_FOLDERS = 10000
MAX_SECONDS = 2
# Links that are looked at, and names of folders that wait to be seen: some 15 MB.
MAX_LINKS, MAX_WAITING = 2000, 5 * MAX_FOLDERS
# httpd opens a .htaccess by its whole path, and the kernel takes no longer one (PATH_MAX).
MAX_PATH = 4096
# A turn of one root: folders and seconds. And the seconds that the list of one folder may take.
_TURN, _TURN_SECONDS, _LONG_TURN_SECONDS, _LIST_SECONDS = 32, 0.02, 0.2, 0.2
# So many levels of a root are seen side by side.
_BREADTH = 3
# No sites lie there, or far too much beside them. Nothing below the second is a file of anybody's.
_SYSTEM = frozenset(
    [u'/' + name for name in u'bin boot etc lib lib32 lib64 libx32 root sbin usr var'.split()]
    + [u'/']
)
_KERNELS = (u'/proc/', u'/sys/', u'/dev/', u'/run/')

# A folder below a root that is still to be seen. names: of the folders on the way; is_link: it is
# a link.
_Branch = namedtuple('_Branch', 'names is_link')
# A folder on the way down. identity: (device, inode); waiting: names of the folders in it that are
# still to be seen, the next one last.
_Level = namedtuple('_Level', 'path name identity waiting')
# What one folder holds: names of folders, and of links.
_Listed = namedtuple('_Listed', 'folders links')


class _Place(object):
    """A root that is there. path: as httpd knows it; servers: see FolderRules; once: folders are
    left out that were seen by another path; devices: file systems that the way to it may enter,
    None for all; queue: what is still to be seen; lost: some of it is given up.
    """

    def __init__(self, path, servers, facts, once, devices):
        self.path, self.servers, self.once, self.devices = path, servers, once, devices
        self.identity, self.device = (facts.st_dev, facts.st_ino), facts.st_dev
        self.queue, self.lost = deque([_Branch((), False)]), False


class _Walk(object):
    """What is deep below a root, seen one folder after the other. names: of the way to the first
    level.
    """

    def __init__(self, names, level):
        self.names, self.levels = names, [level]


class FolderSearch(object):
    """Goes through folders until one of the limits is reached.

    notes: reads the files in a folder, and keeps what they say: a `_Notes` of htaccess.py; rules:
    FolderRules; now: gives seconds. cut: which limit was reached, None as long as none is; gap: the
    first thing that was left out on the way, or None.
    """

    def __init__(self, notes, rules, now):
        self.notes, self.rules, self.now, self.deadline = notes, rules, now, now() + MAX_SECONDS
        self.cut, self.gap = None, None
        # serving: {path of a root: set of servers}; places: [_Place]; unseen: how many roots were
        # not even begun; seen: paths of folders; known: {identity: (path, servers)} of these.
        self.serving, self.places, self.unseen, self.seen, self.known = {}, [], 0, set(), {}
        # above: {path: what the files in it say}; devices: with roots; count: of folders;
        # waiting: names; links: how many were found; turn: (folders, seconds) at which it ends;
        # turn_seconds: how long it may take.
        self.above, self.devices, self.count, self.waiting, self.links = {}, set(), 0, 0, 0
        self.turn, self.turn_seconds = (0, 0), _TURN_SECONDS

    def go_through(self, roots, named):
        """Look in all folders. roots: [Root]; named: {path: servers} of <Directory> sections."""
        fixed = {}
        for root in roots:
            if not root.patterns:
                fixed.setdefault(root.path, set()).add(root.server)
        self._begin_all(fixed)
        for root in roots:
            if root.patterns:
                found = dict((path, set([root.server])) for path in self._matching(root))
                self._begin_all(found, once=True)
        self._begin_all(self._unexplained(named, roots), once=True)
        self._go_deep()

    def summary(self):
        """Return what was left out, as text, with how many roots were searched; None for nothing.
        """
        what = self.cut or self.gap or self.notes.gap
        total = len(self.places) + self.unseen
        whole = sum(not (place.lost or place.queue) for place in self.places)
        if what and whole < total:
            what += ', with %d of %d roots searched to the end' % (whole, total)
        return what

    def may_go_on(self):
        """Return whether no limit is reached; `cut` says which one is."""
        if self.cut is None:
            if self.count >= MAX_FOLDERS:
                self.cut = '%d folders' % MAX_FOLDERS
            elif self.now() > self.deadline:
                self.cut = '%d s' % MAX_SECONDS
            else:
                self.cut = self.notes.full()
        return self.cut is None

    # --- tops of roots ---------------------------------------------------------------------

    def _matching(self, root):
        """Return the paths of the folders that a Root with patterns stands for."""
        found = [root.path]
        for number, pattern in enumerate(root.patterns):
            without, inner = () if number else root.without, []
            for path in found:
                if not self.may_go_on():
                    return []
                inner += [
                    os.path.join(path, name)
                    for name in self._names_in(path, pattern)
                    if name not in without
                ]
            found = inner
        return found

    def _names_in(self, path, pattern):
        plain = plain_name(pattern)
        if plain is not None:
            return [plain]
        try:
            with paths.open_folder(path, any_link=True) as folder:
                listed = self._list(folder, path)
        except (OSError, StrangerError):
            return []
        return match_names(pattern, listed.folders + listed.links)

    def _unexplained(self, named, roots):
        """Return {path: servers} of the folders that are named and where files are read, while no
        root lies in or around them. Something that is not known here, such as a rewrite, serves
        them: else nobody would name them. A folder around a root is named for what is in the root.
        """
        around = set(root.path for root in roots if root.patterns)
        around.update(*[above(path) for path in list(around) + list(self.serving)])
        found = {}
        for path, servers in sorted(named.items(), key=lambda pair: pair[0]):
            inside = any(one in self.serving or one in found for one in [path] + above(path))
            if not inside and path not in around and not _is_system(path):
                if self.rules.reads(path, servers) != NOT_READ:
                    found[path] = servers
        return found

    def _begin_all(self, found, once=False):
        """Look in the tops of roots, {path: servers}, after all folders above them. once: not where
        that has been done by another path.
        """
        for path, servers in found.items():
            self.serving.setdefault(path, set()).update(servers)
        for path in sorted(found):
            if self.may_go_on():
                self._look_above(path)
        for path in sorted(found):
            if not self.may_go_on():
                self.unseen += 1
            elif path not in self.seen:
                self._begin_at(path, once)

    def _begin_at(self, path, once):
        servers = self._servers_of(path)
        try:
            folder = paths.open_folder(path, any_link=True)
        except (OSError, StrangerError):
            return
        with folder:
            if not once or not self._is_known(folder, path, servers):
                place = self._begin(folder, path, servers, once, None)
                self.devices.add(place.device)
                if _is_system(folder.path):
                    self._drop(place)
                    self._leave_out('what lies below %s' % path, place)

    def _servers_of(self, path):
        """Return the servers of which this path is in a root."""
        return set().union(*[self.serving.get(one, ()) for one in [path] + above(path)])

    def _look_above(self, path):
        for one in above(path):
            if one not in self.above:
                may_read = self.rules.may_read_in(one)
                self.above[one] = self._read_above(one) if may_read else {}
            if self.above[one]:
                self.notes.keep(self.above[one], one, self._servers_of(path))

    def _read_above(self, path):
        try:
            with paths.open_folder(path, any_link=True) as folder:
                self.devices.add(folder.facts().st_dev)
                return self.notes.read(folder, path, self.devices)
        except (OSError, StrangerError):
            return {}

    def _begin(self, folder, path, servers, once, devices):
        """Look in the top of a root, an open Folder; return its _Place."""
        place = _Place(path, servers, folder.facts(), once, devices)
        self.places.append(place)
        self.waiting += len(place.queue)
        self._look(folder, path, place)
        return place

    def _is_known(self, folder, path, servers):
        """Return whether a folder has been seen by another path by which as much is read."""
        known = self.known.get(_identity(folder))
        if known is None or self.rules.reads(*known) < self.rules.reads(path, servers):
            return False
        self.notes.elsewhere.add(known[0])
        return True

    def _look(self, folder, path, place):
        self.seen.add(path)
        self.count += 1
        if place.once or _identity(folder) not in self.known:
            self.known[_identity(folder)] = (path, place.servers)
        self.notes.keep(self.notes.read(folder, path, self.devices), path, place.servers)

    def _drop(self, place):
        """Leave out all that waits below a root."""
        for branch in place.queue:
            levels = getattr(branch, 'levels', None)
            self.waiting -= 1 if levels is None else sum(len(level.waiting) for level in levels)
        place.queue.clear()

    # --- below them ------------------------------------------------------------------------

    def _go_deep(self):
        for place in self.places:
            self._take_servers(place)
            if not self.rules.may_read_below(place.path, place.servers):
                self._drop(place)
        turns, begun = deque(place for place in self.places if place.queue), len(self.places)
        while turns and self.may_go_on():
            place = turns.popleft()
            # Nobody waits for the last one.
            self.turn_seconds = _TURN_SECONDS if turns else _LONG_TURN_SECONDS
            self._take_turn(place)
            # Links have led to these.
            turns.extend(self.places[begun:])
            begun = len(self.places)
            if place.queue:
                turns.append(place)

    def _take_servers(self, place):
        """Look again in the top of a root that lies in another one that was found later."""
        servers = self._servers_of(place.path)
        if servers == place.servers:
            return
        place.servers = servers
        found = self._read_above(place.path)
        self.notes.keep(found, place.path, servers)

    def _take_turn(self, place):
        try:
            top = paths.open_folder(place.path, any_link=True, devices=place.devices)
        except (OSError, StrangerError):
            self._give_up(place)
            return
        with top:
            if _identity(top) != place.identity:
                self._give_up(place)
            # A turn ends, too, where a stranger's links make each step a long one.
            self.turn = (self.count + _TURN, self.now() + self.turn_seconds)
            while place.queue and self._is_in_turn():
                self._see(place, top, place.queue.popleft())

    def _is_in_turn(self):
        return self.may_go_on() and self.count < self.turn[0] and self.now() <= self.turn[1]

    def _give_up(self, place):
        """Leave out the rest of a root: its owner moves folders while they are looked at."""
        self.gap = self.gap or 'a folder below %s was moved meanwhile' % place.path
        place.lost = True
        self._drop(place)

    def _see(self, place, top, branch):
        if isinstance(branch, _Walk):
            self._go_on(place, top, branch)
            return
        self.waiting -= 1
        folder = self._descend(top, branch.names[:-1] if branch.is_link else branch.names, place)
        if folder is None:
            return
        with folder:
            path = os.path.join(place.path, *branch.names)
            if branch.is_link:
                self._follow(folder, path, branch.names[-1], place)
            elif len(branch.names) < _BREADTH:
                for name in self._enter(folder, path, place):
                    place.queue.append(_Branch(branch.names + (name,), False))
            else:
                waiting = self._enter(folder, path, place)
                level = _Level(path, branch.names[-1], _identity(folder), waiting[::-1])
                place.queue.appendleft(_Walk(branch.names, level))

    def _go_on(self, place, top, walk):
        """Go down one folder after the other. One descriptor is open, however deep it goes."""
        names = walk.names + tuple(level.name for level in walk.levels[1:])
        begin = self.now()
        folder = self._descend(top, names, place)
        if folder is None or _identity(folder) != walk.levels[-1].identity:
            if folder is not None:
                os.close(folder.descriptor)
            place.queue.append(walk)
            self._give_up(place)
            return
        # Deep down, a turn is as long as the way there: else it would come no step farther.
        now, count = self.now(), max(_TURN, len(names))
        self.turn = (self.count + count, now + max(self.turn_seconds, now - begin))
        try:
            while walk.levels and self._is_in_turn():
                following = self._step(folder, walk, place)
                if following is None:
                    continue
                os.close(folder.descriptor)
                folder = following
                if walk.levels and _identity(folder) != walk.levels[-1].identity:
                    place.queue.append(walk)
                    self._give_up(place)
                    return
        finally:
            os.close(folder.descriptor)
        if walk.levels:
            place.queue.append(walk)

    def _step(self, folder, walk, place):
        """Return the Folder that comes next, None where it is the same one."""
        level = walk.levels[-1]
        if not level.waiting:
            walk.levels.pop()
            return folder.open_parent() if walk.levels else None
        name = level.waiting.pop()
        self.waiting -= 1
        inner = _open(folder, name, place.device)
        if inner is None:
            return None
        path = os.path.join(level.path, name)
        waiting = self._enter(inner, path, place)
        walk.levels.append(_Level(path, name, _identity(inner), waiting[::-1]))
        return inner

    def _descend(self, top, names, place):
        """Return the Folder at the end of some names; None where one is gone, a link, or on another
        file system.
        """
        folder = paths.open_folder(u'.', start=top)
        for name in names:
            inner = _open(folder, name, place.device)
            os.close(folder.descriptor)
            if inner is None:
                return None
            folder = inner
        return folder

    def _enter(self, folder, path, place):
        """Look in a folder, where it is not known; return the names of the folders in it."""
        if path != place.path:
            if path in self.seen:
                return []
            if place.once and self._is_known(folder, path, place.servers):
                return []
            self._look(folder, path, place)
        try:
            listed = self._list(folder, path, place)
        except (OSError, StrangerError):
            place.lost = True
            self.gap = self.gap or '%s, of which the folders could not be listed' % path
            return []
        for name in listed.links:
            names = os.path.join(path, name)[len(place.path) :].strip(u'/').split(u'/')
            place.queue.append(_Branch(tuple(names), True))
        self.waiting += len(listed.folders) + len(listed.links)
        return listed.folders

    def _list(self, folder, path, place=None):
        """Return what an open folder holds, as _Listed: as much as there is room for. Raises as
        Folder.entries.
        """
        folders, room = [], min(MAX_FOLDERS, _half_of_what_is_left(MAX_WAITING - self.waiting))
        links, room_for_links = [], _half_of_what_is_left(MAX_LINKS - self.links)
        until = self.now() + _LIST_SECONDS
        for number, (name, is_folder, is_link) in enumerate(folder.entries()):
            if number % 256 == 255 and (self.now() > until or not self.may_go_on()):
                self._leave_out('entries of %s' % path, place)
                break
            if len(path) + len(name) >= MAX_PATH:
                continue
            if is_folder:
                folders.append(name)
            elif is_link and name not in self.notes.names:
                if place is None or len(links) < room_for_links:
                    links.append(name)
                else:
                    self._leave_out('%d links' % MAX_LINKS, place)
            if len(folders) >= room:
                self._leave_out('%d folders' % MAX_FOLDERS, place)
                break
        self.links += len(links) if place is not None else 0
        return _Listed(sorted(folders), sorted(links))

    def _leave_out(self, what, place):
        self.gap = self.gap or what
        if place is not None:
            place.lost = True

    def _follow(self, folder, path, name, place):
        """Begin a further root where a link in an open folder leads, if httpd would go there."""
        which = self._followed(os.path.dirname(path), place.servers)
        if which == NO_LINKS or path in self.seen:
            return
        try:
            facts = folder.facts(name)
            is_roots = paths.is_roots_link(folder, name)
            devices = None if is_roots else self.devices | set([place.device])
            target = paths.open_folder(name, any_link=True, start=folder, devices=devices)
        except OtherFileSystemError:
            self._leave_out('%s, a link to another file system' % path, place)
            return
        except (OSError, StrangerError):
            return  # it leads to a file, or nowhere, for httpd, too
        with target:
            if which == OWN_LINKS and facts.st_uid != target.facts().st_uid:
                return
            if _is_system(target.path):
                # Of what lies below it, much may be served by this path, too.
                self.notes.elsewhere.add(target.path)
            elif not self._is_known(target, path, place.servers):
                self._begin(target, path, place.servers, True, devices)

    def _followed(self, folder, servers):
        if self.rules.reads(folder, servers) != NOT_READ:
            return ALL_LINKS  # a .htaccess file may say so
        return self.rules.follows(folder, servers)


def _half_of_what_is_left(room):
    """Return how many names the list of one folder may add, so that the next one has room, too."""
    return max(10, room // 2)


def _open(folder, name, device):
    """Return the Folder of this name; None where it is on another file system, a link, or gone."""
    try:
        # A look does not mount what an automounter would.
        return folder.open_folder(name) if folder.facts(name).st_dev == device else None
    except OSError:
        return None


def _identity(folder):
    facts = folder.facts()
    return facts.st_dev, facts.st_ino


def _is_system(path):
    return path in _SYSTEM or (path + u'/').startswith(_KERNELS)
