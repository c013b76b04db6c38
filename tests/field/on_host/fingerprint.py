# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host: prints what a call that refuses must leave alone, as JSON.

fingerprint.py PATH...

{files: {path: [kind, mode, owner, group, content]}, servers: [[pid, start time, cmdline]],
 listeners: [[address:port, inode]], mounts: [line]}
content: a hash of the file, the target of the link, or what a folder has no entry for.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import hashlib
import json
import os
import re
import stat
import sys

LISTEN = '0A'
KINDS = {
    stat.S_IFREG: 'file',
    stat.S_IFDIR: 'folder',
    stat.S_IFLNK: 'link',
    stat.S_IFIFO: 'fifo',
    stat.S_IFSOCK: 'socket',
    stat.S_IFCHR: 'device',
    stat.S_IFBLK: 'device',
}


def read(path):
    """Return what is in a file, no bytes where it cannot be read."""
    try:
        with open(path, 'rb') as stream:
            return stream.read()
    except (IOError, OSError):
        return b''


def describe(path):
    """Return what lies at a path. Nothing but regular files is opened: a FIFO would hang."""
    found = os.lstat(path)
    kind = KINDS[stat.S_IFMT(found.st_mode)]
    content = ''
    if kind == 'file':
        content = hashlib.sha256(read(path)).hexdigest()
    if kind == 'link':
        content = os.readlink(path)
    return [kind, '%o' % stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, content]


def files_below(tops):
    """Return {path: what lies there} of these paths and all below them."""
    paths = []
    for top in tops:
        if os.path.lexists(top):
            paths.append(top)
        for folder, folders, files in os.walk(top):
            paths += [os.path.join(folder, name) for name in folders + files]
    return dict((path, describe(path)) for path in sorted(set(paths)))


def servers():
    """Return the main processes of httpd: those whose parent runs another program."""
    programs, parents = {}, {}
    for name in [name for name in os.listdir('/proc') if name.isdigit()]:
        try:
            programs[name] = os.readlink('/proc/%s/exe' % name)
        except OSError:
            continue
        fields = read('/proc/%s/stat' % name).rpartition(b')')[2].split()
        if fields:
            parents[name] = (fields[1].decode('ascii'), int(fields[19]))
    found = []
    for name, (parent, started) in parents.items():
        program = programs[name].replace(' (deleted)', '')
        if not re.match(r'(httpd|apache2)', os.path.basename(program)):
            continue
        if programs.get(parent) != programs[name]:
            words = read('/proc/%s/cmdline' % name).decode('latin-1').split('\0')
            found.append([int(name), started, ' '.join(words).strip()])
    return sorted(found)


def listeners():
    """Return [[address:port, inode]] of the listening sockets, as the kernel spells them."""
    found = []
    for table in ('/proc/net/tcp', '/proc/net/tcp6'):
        for line in read(table).decode('ascii').splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN:
                found.append([fields[1], fields[9]])
    return sorted(found)


def mounts():
    """Return what is mounted where."""
    lines = read('/proc/self/mountinfo').decode('latin-1').splitlines()
    return sorted(' '.join(line.split()[3:5]) for line in lines)


if __name__ == '__main__':
    print(
        json.dumps(
            {
                'files': files_below(sys.argv[1:]),
                'servers': servers(),
                'listeners': listeners(),
                'mounts': mounts(),
            }
        )
    )
