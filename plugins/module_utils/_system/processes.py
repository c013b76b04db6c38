# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The process table, read from /proc.

It shows what runs; `httpd -V` shows what is on disk.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import re
import stat
from collections import namedtuple

from .._model import Process
from .files import MAX_BYTES, native_path, text_path

# ended: it is a zombie, whose parent has not asked how it ended; signal: the number of the signal
# that ended it, 0 if none did or the kernel does not tell.
Child = namedtuple('Child', 'pid start_time ended signal')
CAP_SYS_PTRACE = 19

DELETED = ' (deleted)'


def read_process(pid):
    """Return the Process with this pid, or None if there is none, or only a zombie."""
    try:
        with open('/proc/%d/stat' % pid, 'rb') as stream:
            process = parse_stat(stream.read().decode('latin-1'))
    except (IOError, OSError):
        return None
    return process and process._replace(exe=_exe(pid))


def parse_stat(text):
    """Return the Process in the text of /proc/PID/stat, its exe still unknown; None for a zombie,
    or if the text is not understood.
    """
    try:
        fields = _stat_fields(text)
        if fields[0] in 'ZXx':
            return None
        return Process(
            int(text[: text.index('(')]),
            int(fields[1]),
            int(fields[19]),
            text[text.index('(') + 1 : text.rindex(')')],
            None,
        )
    except (ValueError, IndexError):
        return None


def _stat_fields(text):
    """Return the fields of /proc/PID/stat after the name. Raises ValueError if it has none.

    The program's name is in brackets, and may itself have blanks and brackets: count from the last
    one.
    """
    return text[text.rindex(u')') + 2 :].split()


def _exe(pid):
    try:
        path = text_path(os.readlink('/proc/%d/exe' % pid))
    except OSError:
        return None
    return path[: -len(DELETED)] if path.endswith(DELETED) else path


def read_processes():
    """Return every Process that this host's /proc shows."""
    found = [read_process(pid) for pid in _all_pids()]
    return [process for process in found if process]


def _all_pids():
    return [int(name) for name in os.listdir('/proc') if name.isdigit()]


def read_children(pid):
    """Return the Child records of the children of a process, ended ones included."""
    children = [parse_child(read_about(other, 'stat'), pid) for other in _all_pids()]
    return [child for child in children if child]


def parse_child(text, parent):
    """Return the Child in the text of /proc/PID/stat, None if it has another parent."""
    try:
        fields = _stat_fields(text)
        if int(fields[1]) != parent:
            return None
        # The last field is the status as wait(2) has it (Linux 3.5).
        status = int(fields[49]) if len(fields) > 49 and fields[0] == u'Z' else 0
        return Child(
            int(text[: text.index(u'(')]), int(fields[19]), fields[0] in u'ZXx', status & 0x7F
        )
    except (ValueError, IndexError):
        return None


def sees_exit_signals():
    """Return whether the kernel shows us by which signal a process of another user ended."""
    able = int(status_field(os.getpid(), u'CapEff') or u'0', 16) >> CAP_SYS_PTRACE & 1
    return bool(able) and len(_stat_fields(read_about(os.getpid(), 'stat'))) > 49


def read_pid(pid_file):
    """Return the number in a pid file. Raises OSError without a file, ValueError without a number.

    Its folder may belong to the server's user, who may have put a pipe there: this never blocks.
    """
    descriptor = os.open(native_path(pid_file), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, 'not a regular file')
        return int((os.read(descriptor, 32).split() or [b''])[0])
    finally:
        os.close(descriptor)


def noted_process(pid_file):
    """Return the Process whose pid is in a file; None if there is no such file or process."""
    try:
        return read_process(read_pid(pid_file))
    except (OSError, ValueError):
        return None


def runs_one_of(process, programs):
    """Return whether a process of this host runs one of the programs (real paths); one of a
    container on it has another root.
    """
    if process.exe is None:
        return process.name in [os.path.basename(path)[:15] for path in programs]
    return process.exe in programs and _shares_our_root(process.pid)


def _shares_our_root(pid):
    try:
        theirs, ours = os.stat('/proc/%d/root' % pid), os.stat('/')
    except OSError:
        return False
    return (theirs.st_dev, theirs.st_ino) == (ours.st_dev, ours.st_ino)


def is_alive(process):
    """Return whether this process still runs, and not a later one with the same pid."""
    now = read_process(process.pid)
    return now is not None and now.start_time == process.start_time


def age_of(process):
    """Seconds for which a process has run, 0 if unknown; never too many."""
    try:
        with open('/proc/uptime', 'rb') as stream:
            uptime = float(stream.read().split()[0])
    except (IOError, OSError, ValueError, IndexError):
        return 0
    # In a container the uptime may be that of the container, and the start of a process that since
    # the host's boot.
    return max(0, uptime - float(process.start_time) / os.sysconf('SC_CLK_TCK'))


def family_of(main, processes):
    """Return `main` and all its descendants, from `processes`."""
    family, grew = {main.pid: main}, True
    while grew:
        children = [p for p in processes if p.parent in family and p.pid not in family]
        family.update((p.pid, p) for p in children)
        grew = bool(children)
    return sorted(family.values())


def count_threads(pid):
    """Number of threads of a process; 0 if it is gone."""
    try:
        return len(os.listdir('/proc/%d/task' % pid))
    except OSError:
        return 0


def mapped_files(pid):
    """Paths of the files that a process has mapped: its program and the modules it has loaded."""
    paths = [
        line.split(None, 5)[5] for line in lines_about(pid, 'maps') if len(line.split(None, 5)) == 6
    ]
    # A package update replaces the file; the process keeps the old one, under the same name.
    return set(path[: -len(DELETED)] if path.endswith(DELETED) else path for path in paths)


def opened_for_writing(pid):
    """Return the set of paths of files that a process has open for writing, or mapped to share
    what it writes.
    """
    found = set()
    for line in lines_about(pid, 'maps'):
        fields = line.split(None, 5)
        if len(fields) == 6 and fields[1].startswith('rw-s'):
            found.add(fields[5])
    try:
        names = os.listdir('/proc/%d/fd' % pid)
    except OSError:
        names = []
    for name in names:
        flags = [
            line.split()[1]
            for line in lines_about(pid, 'fdinfo/' + name)
            if line.startswith('flags:')
        ]
        try:
            # The kernel prints them in octal.
            if flags and int(flags[0], 8) & (os.O_WRONLY | os.O_RDWR):
                found.add(text_path(os.readlink('/proc/%d/fd/%s' % (pid, name))))
        except (OSError, ValueError):
            continue
    return set(path for path in found if path.startswith('/') and not path.endswith(DELETED))


def limits_of(pid):
    """Return {name: (soft, hard)} of the limits of a process as /proc names them; None means
    unlimited.
    """
    found = {}
    for line in lines_about(pid, 'limits')[1:]:
        fields = re.split(r'  +', line)
        if len(fields) > 2:
            found[fields[0]] = tuple(
                None if value == 'unlimited' else int(value) for value in fields[1:3]
            )
    return found


def command_line(pid):
    """Return the command line of a process of root, [] for any other."""
    return _read_memory(pid, 'cmdline').split(u'\0')[:-1]


def environment_of(pid):
    """Return {name: value} of the environment at the start of a process of root, else {}."""
    words = _read_memory(pid, 'environ').split(u'\0')
    return dict(word.partition(u'=')[::2] for word in words if u'=' in word)


def _read_memory(pid, name):
    """Return what a process of root has in its memory about itself.

    Of other users nothing is read: it may have any size, and be in a file of theirs that never
    answers.
    """
    return read_about(pid, name) if users_of(pid) == set([os.geteuid()]) else u''


def users_of(pid):
    """Return the set of user ids that a process has: real, effective, saved, for files."""
    return set(int(word) for word in status_field(pid, u'Uid').split())


def status_field(pid, name):
    """Return the text of a field of /proc/PID/status, empty if there is none."""
    start = name + u':'
    found = [line for line in lines_about(pid, 'status') if line.startswith(start)]
    return found[0][len(start) :].strip() if found else u''


def control_groups(pid):
    """Return the paths of the control groups that a process is in, as service managers name
    them.
    """
    return set(
        line.split(u':', 2)[2] for line in lines_about(pid, 'cgroup') if line.count(u':') > 1
    )


def lines_about(pid, name):
    """Return the lines of a file below /proc/PID, [''] if there is none.

    Only LF ends a line, as for the kernel. A process may have any other byte in its name, and for
    Python some of them would end a line.
    """
    return read_about(pid, name).split(u'\n')


def read_about(pid, name):
    """Return the text of a file below /proc/PID, at most 16 MiB of it.

    It is empty if the process is gone, or the kernel has no such file.
    """
    try:
        with open('/proc/%d/%s' % (pid, name), 'rb') as stream:
            return stream.read(MAX_BYTES).decode('latin-1')
    except (IOError, OSError):
        return u''
