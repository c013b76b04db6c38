# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a transaction is about to do and has done, on the disk before it is done: the way back
for the call that finds it.

One line a record, each with its checksum: a line that was cut off at the end is the moment of the
crash, and is left out; any other damage is somebody's doing, and nothing is guessed from it. The
file's presence means unfinished business. It holds paths, process ids and fingerprints, and never
what is in a file.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import hashlib
import json
import os

from .._errors import StepError
from .._fields import FLAG, TEXT, WHOLE, Row, field, maybe, part, record
from .._model import Place, Step
from .._orders import NOTHING, plain_order, read_order
from . import files, state_folder

VERSION = 4
# Those that can be read. Version 1 told some steps more than they need, left out some of what has a
# default, and says less of each answer of a page: what it does not say is not compared. Neither it
# nor version 2 says how sites answered. Version 4 knows FPM.
READABLE = (1, 2, 3, 4)
NAME = 'journal'
# What a settled journal is called; only the last of each is kept.
COMMITTED, ROLLED_BACK, RECOVERED = 'journal-committed', 'journal-rolled-back', 'journal-recovered'
BEGIN, DONE, UNDOING, UNDONE = 'begin', 'done', 'undoing', 'undone'


class Steps(object):
    """A list of Steps, for a record."""

    def plain(self, steps):
        """Return a list that JSON can hold."""
        return [
            [
                step.name,
                step.action,
                plain_order(step.order),
                step.undo,
                plain_order(step.undo_order),
                step.detail,
            ]
            for step in steps
        ]

    def read(self, rows):
        """Return the Steps. Raises ValueError, in words, for one that cannot be read."""
        try:
            return [_read_step(*row) for row in rows]
        except TypeError:
            raise ValueError('it is not a list of steps')


def _read_step(name, action, order, undo, undo_order, detail):
    undo_order = NOTHING if undo is None else read_order(undo, undo_order)
    return Step(name, action, read_order(action, order), undo, undo_order, detail)


STEPS = Steps()
PLACE = Row(Place, [field(name, maybe(TEXT)) for name in Place._fields])
# What there is to say of the switch as a whole. The steps of its `cleanup` come after the commit.
Header = record(
    'Header',
    field('transaction', maybe(TEXT), None),
    # The MPM before the switch and the one it was to.
    field('before', maybe(TEXT), None, key='from'),
    field('to', maybe(TEXT), None),
    # Of the server, None for the usual one.
    field('place', maybe(PLACE), None),
    # The switch is itself the way back of an earlier one.
    field('back', FLAG, False),
    field('cleanup', STEPS, []),
)
# The first line of a journal. boot_id: the name that the kernel gave to the boot.
Opening = record(
    'Opening',
    part('header', Header),
    field('steps', STEPS),
    field('version', WHOLE),
    field('boot_id', TEXT, 'unknown'),
)


def encode_record(record):
    """Return the line of a record, as bytes."""
    body = json.dumps(record, sort_keys=True).encode('utf-8')
    return checksum(body).encode('ascii') + b' ' + body + b'\n'


def checksum(body):
    """The first 16 hex digits of SHA-256: against accidents, not against root."""
    return hashlib.sha256(body).hexdigest()[:16]


def decode_records(content, path=NAME):
    """Return the records in the bytes of a journal.

    Raises StepError for anything but a line cut off at the end.
    """
    records = []
    lines = content.split(b'\n')
    for number, line in enumerate(lines[:-1], 1):
        digest, _blank, body = line.partition(b' ')
        if checksum(body).encode('ascii') != digest:
            raise StepError(
                '%s is damaged in line %d; it is left as it is. See docs/recovery.md for the way '
                'by hand.' % (path, number),
                path=path,
            )
        records.append(json.loads(body.decode('utf-8')))
    if records and records[0].get('version') not in READABLE:
        raise StepError(
            '%s was written by another version (%s); use that one to recover.'
            % (path, records[0].get('version')),
            path=path,
        )
    return records


def boot_id():
    """The name that the kernel gave to this boot."""
    try:
        with open('/proc/sys/kernel/random/boot_id', 'rb') as stream:
            return stream.read().decode('ascii').strip()
    except IOError:
        return 'unknown'


class Journal(object):
    """The journal of one transaction, open for writing. Every note lasts before it returns."""

    def __init__(self, folder, header, steps):
        """Write the header and the plan; from now on a crash is settled by the next call.

        header: a Header; steps: [Step]. Raises OSError, StepError: nothing was written.
        """
        self._folder, self._path = folder, os.path.join(folder, NAME)
        if os.path.lexists(self._path):
            raise StepError(
                '%s is there already: an earlier switch was not settled.' % self._path,
                path=self._path,
            )
        self._numbers = dict((id(step), number) for number, step in enumerate(steps))
        opening = Opening(header, steps, VERSION, boot_id())
        line = encode_record(Opening.FORM.plain(opening))
        try:
            # What cannot be read again would be no way back.
            Opening.FORM.read(decode_records(line, self._path)[0])
        except ValueError as e:
            raise StepError('no recovery could read it: %s' % e, path=self._path)
        try:
            state_folder.write_private(self._path, line)
        except BaseException:
            # It may be there and not last: nothing was done yet, so there is nothing to settle
            # either.
            files.remove_file(self._path)
            raise

    def note(self, phase, step):
        """Note a phase of a step, for the engine."""
        self._append({'phase': phase, 'step': self._numbers[id(step)]})

    def keep(self, number, meta):
        """Note how file `number` is going to be staged: names and fingerprints, never what is in
        it.
        """
        self._append({'staged': number, 'meta': meta})

    def _append(self, record):
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, 'O_NOFOLLOW', 0))
        try:
            _append_whole(descriptor, encode_record(record))
        finally:
            os.close(descriptor)

    def finish(self, name):
        """Commit or settle: one rename, after the proof."""
        settle(self._folder, name)


def _append_whole(descriptor, line):
    """Append a line and have it on the disk, or leave no part of it: what is noted after it
    would make it look like damage.
    """
    size = os.fstat(descriptor).st_size
    try:
        if os.write(descriptor, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    except BaseException:
        os.ftruncate(descriptor, size)
        raise


def settle(folder, name):
    """Put the journal away under another name: the business is finished."""
    os.rename(os.path.join(folder, NAME), os.path.join(folder, name))
    files.sync_folder(folder)


def read_journal(folder):
    """Return (Header, [Step], {number: last phase}, {number: meta of a staged file}) of unfinished
    business, or None.

    Raises StepError if that is not known, or if a step is told what its action does not take.
    """
    path = os.path.join(folder, NAME)
    content = state_folder.read_private(path)
    if content is None:
        return None
    records = decode_records(content, path)
    if not records:
        # Cut off in its first line: the plan was never on the disk, so nothing was done.
        return Header(), [], {}, {}
    phases = dict((record['step'], record['phase']) for record in records[1:] if 'step' in record)
    metas = dict((record['staged'], record['meta']) for record in records[1:] if 'staged' in record)
    try:
        opening = Opening.FORM.read(records[0])
    except ValueError as e:
        raise StepError(
            '%s cannot be read: %s; it is left as it is. See docs/recovery.md for the way by hand.'
            % (path, e),
            path=path,
        )
    return opening.header, opening.steps, phases, metas


def read_header(folder, name):
    """Return the Header of a settled journal, None where there is none that can be read."""
    path = os.path.join(folder, name)
    try:
        records = decode_records(state_folder.read_private(path) or b'', path)
        return Opening.FORM.read(records[0]).header if records else None
    except (StepError, ValueError):
        return None


def begun_steps(steps, phases):
    """Return the steps to take back, in order: what was begun, up to the last step that is not
    known to be undone.

    The inverse of a step counts on those before it being taken back after it: what starts the
    server again comes after what stops a half-started one. So those are taken back once more, even
    if they were already.
    """
    left = [number for number in phases if phases[number] != UNDONE]
    return [steps[number] for number in sorted(phases) if left and number <= max(left)]
