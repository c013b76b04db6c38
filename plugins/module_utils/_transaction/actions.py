# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""The table of actions that a step may name. File actions live here; what stops and starts is in services."""
from . import files, services
from .._errors import StepError


def write_staged(args, context):
    """Replace a file by the staged one, unless another hand was there since it was read."""
    path, (before, after) = args['path'], context.staged[args['staged']]
    snapshot = files.take_snapshot(path)
    found = None if snapshot.kind == 'absent' else snapshot.content
    if found != (None if before is None else before.encode('latin-1')):
        raise StepError('%s was changed by another hand after it was read.' % path, path=path)
    context.snapshots[path] = snapshot
    files.write_file(path, after.encode('latin-1'), snapshot)


def restore(args, context):
    """Put a file back as it was; one that was never reached is as it was."""
    snapshot = context.snapshots.get(args['path'])
    if snapshot is not None:
        files.restore_file(args['path'], snapshot)


def write_page(args, context):
    """Make a new small file that must not exist yet; its inverse is `restore`, which spares a file that was not ours."""
    path = args['path']
    if files.take_snapshot(path).kind != 'absent':
        raise StepError('%s exists already.' % path, path=path)
    context.snapshots[path] = files.ABSENT
    files.write_file(path, args['content'].encode('ascii'), files.ABSENT)


def remove(args, context):
    """Remove a file."""
    files.remove_file(args['path'])


ACTIONS = {
    'write_file': write_staged,
    'restore_file': restore,
    'write_page': write_page,
    'remove_file': remove,
    'stop_server': services.stop_server,
    'start_server': services.start_server,
    'stop_whatever_runs': services.stop_whatever_runs,
    'ensure_started': services.ensure_started,
}
