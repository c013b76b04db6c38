# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The table of actions that a step may name.

File actions live here; what stops and starts is in services.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import StepError
from .._model import Link
from . import files, services, staging
from .strategies import beside, drain, hold, overlap


def stage_files(args, context):
    """Lay every new file and its way back ready, on the disk."""
    for number, path in enumerate(args['paths']):
        before, after = [_as_bytes(value) for value in context.staged[number]]
        context.keep(
            number,
            staging.plan_staging(
                path, before, after, context.folder, number, chained=path in args['paths'][:number]
            ),
        )
        staging.stage_file(context.metas[number], before, after)


def _as_bytes(value):
    if isinstance(value, Link):
        return Link(value.target.encode('latin-1'))
    return None if value is None else value.encode('latin-1')


def discard_staged(args, context):
    """Remove what staging has left."""
    for number in sorted(context.metas):
        staging.discard(context.metas[number])


def forget_staged(args, context):
    """The inverse of staging: remove what it left, but never the way back of a file that is not
    back yet.
    """
    for number in sorted(context.metas):
        staging.demand_back(context.metas[number])
    discard_staged(args, context)


def demand_unchanged(args, context):
    """Stop before the outage if another hand changed a file in the meantime."""
    for number in sorted(context.metas):
        if not context.metas[number]['chained']:
            staging.demand_unchanged(context.metas[number])


def swap_file(args, context):
    """Put a staged file in its place."""
    staging.swap_in(context.metas[args['staged']])


def put_back(args, context):
    """Put a file back as it was; one that was never staged is as it was."""
    meta = context.metas.get(args['staged'])
    warning = (
        staging.put_back(meta, context.folder)
        if meta and not _was_put_back(args['staged'], context)
        else None
    )
    if warning:
        context.warnings.append(warning)


def _was_put_back(number, context):
    """Of several swaps of one path: tell whether a recovery that was cut off has put this one back.

    The later ones go first, each by a rename that uses its way back up: what lies there now is what
    an earlier swap had found, and no other hand's. The first one is judged by what is there.
    """
    meta = context.metas[number]
    chain = [
        context.metas[each]
        for each in context.metas
        if each <= number and context.metas[each]['path'] == meta['path']
    ]
    return meta['chained'] and not all(staging.is_kept(each) for each in chain)


def keep_way_back(args, context):
    """Do nothing: the step is there for its inverse."""


def write_page(args, context):
    """Make a new small file that must not exist yet."""
    if files.take_snapshot(args['path']).kind != 'absent':
        raise StepError('%s exists already.' % args['path'], path=args['path'])
    files.write_file(args['path'], args['content'].encode('ascii'), files.ABSENT)


def remove_page(args, context):
    """Remove the file that write_page made, whole or not; one that holds anything else is not
    ours.
    """
    page = files.take_snapshot(args['path'])
    # Where there is none, a writer who was killed may have left its half of it.
    if page.kind == 'absent' or (
        page.kind == 'file' and page.content in (b'', args['content'].encode('ascii'))
    ):
        files.remove_file(args['path'])


ACTIONS = {
    'stage_files': stage_files,
    'discard_staged': discard_staged,
    'forget_staged': forget_staged,
    'demand_unchanged': demand_unchanged,
    'swap_file': swap_file,
    'put_back': put_back,
    'keep_way_back': keep_way_back,
    'write_page': write_page,
    'remove_page': remove_page,
    'stop_server': services.stop_server,
    'start_server': services.start_server,
    'stop_whatever_runs': services.stop_whatever_runs,
    'ensure_started': services.ensure_started,
}
for part in (beside, drain, hold, overlap):
    ACTIONS.update(part.ACTIONS)
# Which of them stop the server before another one listens, and which bring it up again, one for
# each way of stopping it. A recovery goes by that.
STOPS = ('stop_server', 'stop_listening')
STARTS = ('ensure_started', 'start_beside_drained', 'start_again_by_reload')
