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
from . import files, fpm, services, staging, systemd
from .strategies import beside, drain, hold, overlap


def stage_files(order, context):
    """Lay every new file and its way back ready, on the disk."""
    for number, path in enumerate(order.paths):
        before, after = [_as_bytes(value) for value in context.staged[number][:2]]
        context.keep(
            number,
            staging.plan_staging(
                path,
                before,
                after,
                context.places.get(path, context.folder),
                number,
                chained=path in order.paths[:number],
            ),
        )
        like = context.staged[number][2]
        staging.stage_file(context.metas[number], before, after, like)


def _as_bytes(value):
    if isinstance(value, Link):
        return Link(value.target.encode('latin-1'))
    return None if value is None else value.encode('latin-1')


def discard_staged(order, context):
    """Remove what staging has left."""
    for number in sorted(context.metas):
        staging.discard(context.metas[number])


def forget_staged(order, context):
    """The inverse of staging: remove what it left, but never the way back of a file that is not
    back yet.
    """
    for number in sorted(context.metas):
        staging.demand_back(context.metas[number])
    discard_staged(order, context)


def demand_unchanged(order, context):
    """Stop before the outage if something else changed a file in the meantime."""
    for number in sorted(context.metas):
        if not context.metas[number]['chained']:
            staging.demand_unchanged(context.metas[number])


def swap_file(order, context):
    """Put a staged file in its place."""
    staging.swap_in(context.metas[order.staged])


def put_back(order, context):
    """Put a file back as it was; one that was never staged is as it was."""
    meta = context.metas.get(order.staged)
    warning = (
        staging.put_back(meta, context.folder)
        if meta and not _was_put_back(order.staged, context)
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


def keep_way_back(order, context):
    """Do nothing: the step is there for its inverse."""


def write_page(order, context):
    """Make a new small file that must not exist yet.

    The page is a means of proof and no condition: where it cannot be written the switch goes on,
    and says so.
    """
    if files.take_snapshot(order.path).kind != 'absent':
        raise StepError('%s exists already.' % order.path, path=order.path)
    try:
        files.write_file(order.path, order.content.encode('ascii'), files.ABSENT)
    except (IOError, OSError) as e:
        words = 'PHP was not asked by a page of ours, before or after: %s could not be written: %s.'
        context.warnings.append(words % (order.path, e.strerror))


def remove_page(order, context):
    """Remove the file that write_page made, whole or not; one that holds anything else is not
    ours.
    """
    page = files.take_snapshot(order.path)
    ours = page.kind == 'file' and page.content in (b'', order.content.encode('ascii'))
    # Where there is none, a writer who was killed may have left its half of it. Where there is
    # neither, nothing has to be writable.
    if ours or (page.kind == 'absent' and files.is_half_written(order.path)):
        files.remove_file(order.path)


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
    'start_units': systemd.start_units,
}
for part in (beside, drain, fpm, hold, overlap):
    ACTIONS.update(part.ACTIONS)
# Which of them stop the server before another one listens, and which bring it up again, one for
# each way of stopping it: {action: order -> StartOrder of the server}. A recovery goes by that.
STOPS = ('stop_server', 'stop_listening')
STARTS = {
    'ensure_started': lambda order: order,
    'start_beside_drained': lambda order: order.start,
    'start_again_by_reload': lambda order: order.afresh,
}
