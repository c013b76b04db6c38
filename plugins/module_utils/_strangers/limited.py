# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Do work on what other users wrote in a child process with limits: a text or a disk can block the
child, but never the process that switches."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import re
import select
import signal
import sys
import traceback

try:
    import cPickle as pickle  # Python 2 has a slow one beside it
except ImportError:
    import pickle
try:
    import resource
except ImportError:
    resource = None

from .._errors import Error, StrangerError
from .._system.clock import monotonic
from .._system.held import close_held

MEBIBYTE = 1024 * 1024
# The answer of one host is never larger.
MAX_ANSWER = 256 * MEBIBYTE
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def run_limited(work, seconds, memory_mib=None, what='The reading'):
    """Run `work()` in a child of this process and return what it returns.

    seconds: of the clock, and of processor time; memory_mib: how far the child may grow, None
    for no limit (a child that runs programs passes its limit on to them); what: for messages.

    What comes back goes through pickle: it comes from our own code in our own child, and a text in
    it stays a text. Raises StrangerError if a limit was reached or the child was ended, and each
    Error that `work` raises.
    """
    ours = os.getpid()
    hear, tell = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        child = os.fork()
    except OSError as e:
        os.close(hear)
        os.close(tell)
        raise StrangerError('%s needs a child process: %s.' % (what, e.strerror))
    if child == 0:
        os.close(hear)
        _become_child(work, tell, ours, seconds, memory_mib)
    os.close(tell)
    try:
        answer, problem = _hear(hear, seconds)
    finally:
        os.close(hear)
        status = _end(child)
    if not answer:
        problem = problem or _explain_end(status, seconds)
    if problem:
        raise StrangerError('%s was ended %s.' % (what, problem))
    return _open_answer(answer, what, memory_mib)


def _hear(hear, seconds):
    """Return (bytes, None) of what the child says until it ends, or (empty bytes, why not)."""
    parts, length, deadline = [], 0, monotonic() + seconds
    while length <= MAX_ANSWER:
        left = deadline - monotonic()
        if left <= 0 or not select.select([hear], [], [], left)[0]:
            return b'', 'after %d s' % seconds
        part = os.read(hear, MEBIBYTE)
        if not part:
            return b''.join(parts), None
        parts.append(part)
        length += len(part)
    return b'', 'after more than %d MiB of answer' % (MAX_ANSWER // MEBIBYTE)


def _end(child):
    """End the child if it still runs; return its status.

    A child that waits for the disk is left to init.
    """
    try:
        os.kill(child, signal.SIGKILL)
    except OSError:
        pass
    deadline = monotonic() + 1
    while monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        select.select([], [], [], 0.002)
    return None


def _explain_end(status, seconds):
    if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return 'after %d s of processor time' % seconds
    return 'before it said anything'


def _open_answer(answer, what, memory_mib):
    """Return the result in an answer. Raises the error if it has one."""
    kind, value = pickle.loads(answer)
    if kind == 'memory':
        raise StrangerError('%s needs more than %s MiB of memory.' % (what, memory_mib))
    if kind == 'error':
        raise value[0](value[1], **value[2])
    if kind == 'bug':
        raise StrangerError('%s failed with an internal error: %s' % (what, value))
    return value


def _become_child(work, tell, parent, seconds, memory_mib):
    """The child; never returns."""
    try:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == parent:
            close_held()
            _limit(seconds, memory_mib)
            _say(tell, _answer(work))
    finally:
        os._exit(0)


def _answer(work):
    """Return the bytes of (kind, value): what `work` returned, or its error."""
    try:
        return _pack('result', work())
    except Error as e:
        return _pack('error', (e.__class__, e.message, e.details))
    except MemoryError:
        return _pack('memory', None)
    except Exception as e:
        traceback.print_exc()
        return _pack('bug', '%s: %s' % (e.__class__.__name__, e))


def _pack(kind, value):
    return pickle.dumps((kind, value), 2)


def _say(tell, answer):
    while answer:
        answer = answer[os.write(tell, answer) :]


def _limit(seconds, memory_mib):
    if resource is None:
        return
    # Only the soft limits: root of a container could not raise hard ones again for a program.
    limits = [('RLIMIT_CPU', int(seconds) + 1)]
    if memory_mib is not None:
        limits.append(('RLIMIT_AS', _address_space() + memory_mib * MEBIBYTE))
    for name, soft in limits:
        hard = resource.getrlimit(getattr(resource, name))[1]
        resource.setrlimit(getattr(resource, name), (_lesser(soft, hard), hard))


def _lesser(soft, hard):
    return soft if hard == resource.RLIM_INFINITY else min(soft, hard)


def _address_space():
    """Return the bytes of address space that this process has already, 0 where it is not known."""
    with open('/proc/self/status', 'rb') as stream:
        found = re.search(br'^VmSize:\s+(\d+) kB', stream.read(), re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0
