# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Run a function so that nobody outside sees what it does to mounts, the network, IPC or processes,
and nothing of it stays.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import errno
import json
import os
import platform
import select
import signal
import sys

from .._errors import DeadlineError, IsolationError
from . import private_network, private_semaphores
from .clock import wait_until
from .files import native_path
from .held import close_held

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_SLAVE = 2, 4, 8, 4096, 16384, 1 << 19
PR_SET_PDEATHSIG = 1
KILL_WAIT = 2
# If memory runs out, the kernel must kill the rehearsal first, and never the live server.
OOM_FIRST = (('oom_adj', '15'), ('oom_score_adj', '1000'))
# Copied to a private folder from the one that it replaces; a server that SELinux confines may write
# only where the label allows it.
LABELS = (b'security.selinux', b'system.posix_acl_access', b'system.posix_acl_default')
_LIBC = ctypes.CDLL(None, use_errno=True)
_OUTER = ((CLONE_NEWNS, 'mount'), (CLONE_NEWIPC, 'IPC'))
# The number of clone(2), for kernels that give a process namespace only to a new process.
_CLONE = {'x86_64': 56, 'i386': 120, 'i686': 120}.get(
    platform.machine() if sys.maxsize > 2**32 else 'i386'
)


def run_apart(work, seconds, beside=None):
    """Run `work()` in new mount, network, IPC and process namespaces; return its result.

    The result has to be JSON-able. In there, the addresses of this host can be bound and reached,
    others cannot be bound, and nothing leads outside; there are no more semaphores than outside.
    All that was started in there is killed at the end, after `seconds` at the latest, and when we
    die.
    beside: pid of a process of root; its files are seen in there, since its unit may hide some and
    make others private. None for our own. Raises IsolationError if the kernel does not allow it, or
    if `work` raises; DeadlineError if it takes too long.
    """
    around = private_network.describe(), private_semaphores.describe()
    hear, answer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    ours = os.getpid()
    try:
        outer = os.fork()
        if outer == 0:
            _end_after(
                lambda: _become_outer(
                    ours, beside, lambda: _become_first(work, around, answer), answer
                )
            )
        return _wait_for(outer, hear, seconds)
    except OSError as e:
        raise IsolationError('no process could be made for it: %s' % e.strerror)
    finally:
        os.close(hear)
        os.close(answer)


def _wait_for(outer, hear, seconds):
    ended, parts = None, []

    def has_ended():
        # Read at once: a full pipe would block the writer.
        gone = os.waitpid(outer, os.WNOHANG)[0]
        while select.select([hear], [], [], 0)[0]:
            parts.append(os.read(hear, 65536))
        return gone

    try:
        ended = wait_until(has_ended, seconds, pause=0.005)
    finally:
        if not ended:
            # The process within dies with its parent, and all that it started with it. A process
            # that waits for a disk does not die: do not wait for it.
            os.kill(outer, signal.SIGKILL)
            wait_until(lambda: os.waitpid(outer, os.WNOHANG)[0], KILL_WAIT)
    if not ended:
        raise DeadlineError('it did not end within %d s and was killed' % seconds)
    try:
        told = json.loads(b''.join(parts).decode('utf-8'))
    except ValueError:
        raise IsolationError('the process that was to try it ended without an answer')
    if 'problem' in told:
        raise IsolationError(told['problem'])
    return told['result']


def _end_after(function):
    """End a forked process: what the first one still has to do must not be done twice."""
    code = 1
    try:
        function()
        code = 0
    finally:
        os._exit(code)


def _become_outer(parent, beside, within, answer):
    """The process between: it is in all namespaces except that of processes, whose first one is its
    child.
    """
    _die_with(parent)
    close_held()
    try:
        os.chdir('/')
        if beside is not None:
            _see_files_of(beside)
        for kind, name in _OUTER:
            _unshare(kind, name)
        # No mount gets out from here; what the host mounts meanwhile, above all by an automounter,
        # gets in.
        mount(None, '/', None, MS_REC | MS_SLAVE)
        child = _fork_apart()
    except IsolationError as e:
        _tell(answer, {'problem': e.message})
        return
    if child == 0:
        _end_after(within)
    os.waitpid(child, 0)


def _see_files_of(pid):
    """Enter the mount namespace of a process. Raises IsolationError.

    If it is our own, there is nothing to do; kernels before 3.8 (EL6) could not do it.
    """
    theirs = '/proc/%d/ns/mnt' % pid
    try:
        if os.path.samestat(os.stat(theirs), os.stat('/proc/self/ns/mnt')):
            return
        descriptor = os.open(theirs, os.O_RDONLY)
    except OSError:
        return
    try:
        _check(
            _LIBC.setns(ctypes.c_int(descriptor), ctypes.c_int(CLONE_NEWNS)),
            'the mount namespace of process %d could not be entered' % pid,
        )
    finally:
        os.close(descriptor)
    os.chdir('/')


def _fork_apart():
    """fork(2); the child is the first process of a namespace. Raises IsolationError."""
    try:
        _unshare(CLONE_NEWPID, 'process')
        return os.fork()
    except IsolationError as e:
        # Linux before 3.8, as of EL6.
        if e.details['number'] != errno.EINVAL or _CLONE is None:
            raise
    pid = _LIBC.syscall(
        ctypes.c_long(_CLONE), ctypes.c_ulong(CLONE_NEWPID | signal.SIGCHLD), None, None, None, None
    )
    _check(0 if pid >= 0 else -1, 'the kernel does not give a private process namespace')
    return pid


def _become_first(work, around, answer):
    """The first process within: when it ends, the kernel kills all others.

    around: what is known of the network and the semaphores outside.
    """
    network, semaphores = around
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)
        for name, value in OOM_FIRST:
            _write('/proc/self/' + name, value)
        private_semaphores.build(semaphores)
        _enter_network(network)
        _tell(answer, {'result': work()})
    except IsolationError as e:
        _tell(answer, {'problem': e.message})
    except Exception as e:
        _tell(
            answer, {'problem': '%s: %s' % (e.__class__.__name__, getattr(e, 'message', None) or e)}
        )


def _enter_network(network):
    _unshare(CLONE_NEWNET, 'network')
    try:
        private_network.build(network)
    except IsolationError:
        # Root of a container may often make a network, but not configure it; one that a user
        # namespace owns can be configured from there.
        _join_network_of_another_user(network)


def _join_network_of_another_user(network):
    ready, tell = os.pipe()
    helper = os.fork()
    if helper == 0:
        _end_after(lambda: _shape_network(network, tell))
    os.close(tell)
    try:
        words = os.read(ready, 4096).decode('utf-8')
        if words != 'done':
            raise IsolationError(words or 'the private network could not be made')
        descriptor = os.open('/proc/%d/ns/net' % helper, os.O_RDONLY)
        try:
            _check(
                _LIBC.setns(ctypes.c_int(descriptor), ctypes.c_int(CLONE_NEWNET)),
                'the private network could not be entered',
            )
        finally:
            os.close(descriptor)
    finally:
        os.close(ready)
        os.kill(helper, signal.SIGKILL)
        os.waitpid(helper, 0)


def _shape_network(network, tell):
    try:
        _unshare(CLONE_NEWUSER, 'user')
        _unshare(CLONE_NEWNET, 'network')
        private_network.build(network)
        words = 'done'
    except IsolationError as e:
        words = e.message
    os.write(tell, words.encode('utf-8'))
    # The network exists as long as a process is in it: stay until the end is signalled.
    signal.pause()


def _unshare(kind, name):
    _check(
        _LIBC.unshare(ctypes.c_int(kind)), 'the kernel does not give a private %s namespace' % name
    )


def _die_with(parent):
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # It may have ended before we asked for the signal.
    if os.getppid() != parent:
        os._exit(1)


def _tell(answer, told):
    words = json.dumps(told).encode('utf-8')
    while words:
        words = words[os.write(answer, words) :]


def mount(source, target, kind, flags, data=None):
    """mount(2). Raises IsolationError if the kernel refuses."""
    given = [_raw(text) for text in (source, target, kind)]
    _check(
        _LIBC.mount(given[0], given[1], given[2], ctypes.c_ulong(flags), _raw(data)),
        'nothing could be mounted over %s' % target,
    )


def bind(source, target):
    """Mount a file, or a folder with all mounts in it, over another one.

    Raises IsolationError.
    """
    mount(source, target, None, MS_BIND | MS_REC)


def copy_labels(source, target):
    """Give an open file or folder the labels of another one, as far as its file system keeps them.

    source, target: descriptors.
    """
    buffer = ctypes.create_string_buffer(65536)
    for name in LABELS:
        size = _LIBC.fgetxattr(source, name, buffer, ctypes.c_size_t(65536))
        if size >= 0:
            _LIBC.fsetxattr(target, name, buffer.raw[:size], ctypes.c_size_t(size), 0)


def _check(answer, words):
    if answer != 0:
        number = ctypes.get_errno()
        hint = {
            errno.EPERM: ' (this process has no CAP_SYS_ADMIN, as in a container)',
            errno.EINVAL: ' (the kernel does not support it)',
        }
        raise IsolationError(
            '%s: %s%s' % (words, os.strerror(number), hint.get(number, '')), number=number
        )


def _raw(text):
    if text is None or isinstance(text, bytes):
        return text
    path = native_path(text)
    return (
        path
        if isinstance(path, bytes)
        else path.encode(sys.getfilesystemencoding(), 'surrogateescape')
    )


def _write(path, text):
    try:
        with open(path, 'w') as stream:
            stream.write(text)
    except (IOError, OSError):
        pass  # an older kernel; this is optional
