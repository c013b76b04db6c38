# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have systemd follow a unit from one main process to the next, by a drop-in that lasts no
longer than that, nor than this boot.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._errors import CommandError, StepError
from .._system.clock import wait_until
from .._text import MOST, foreign
from . import files, state_folder

RELOAD_WAIT = 30
MAIN_WAIT = 10


def tell_manager(args, context):
    """Put the drop-in into force. Raises StepError where systemd does not take it."""
    state_folder.make_private(args['folder'])
    name_main(args, args['pid'])
    folder = os.path.dirname(args['drop_in'])
    if not os.path.isdir(folder):
        os.mkdir(folder, 0o755)
    _put_into_force(args, args['text'], context)
    if _ask(args, context, 'PIDFile') != args['main_file']:
        raise StepError(
            'systemd does not take the drop-in %s: PIDFile is %s.'
            % (args['drop_in'], _ask(args, context, 'PIDFile') or 'not set')
        )


def untell_manager(args, context):
    """Remove the drop-in and what belongs to it.

    Raises StepError if systemd does not read its files again.
    """
    for path in (args['drop_in'], args['ticket']):
        if os.path.isdir(os.path.dirname(path)):
            files.remove_file(path)
    _take_note(args, context)
    # Only now: as long as the drop-in is in force systemd looks for it.
    if os.path.isdir(args['folder']):
        files.remove_file(args['main_file'])
    for folder in (os.path.dirname(args['drop_in']), args['folder']):
        try:
            os.rmdir(folder)
        except OSError:
            pass  # it was not there, or others have something in it


def is_told(args):
    """Return whether the drop-in is there: a boot, or a fresh start of the unit, removes it."""
    return os.path.lexists(args['drop_in'])


def is_active(args, context):
    """Return whether the unit counts as active, so that it can be reloaded."""
    return _ask(args, context, 'ActiveState') in ('active', 'reloading')


def _take_note(args, context):
    result = context.run([args['control'], 'daemon-reload'], timeout=60, need_output=False)
    if result.rc != 0:
        raise StepError(
            'systemctl daemon-reload failed: %s' % (result.err or result.out).strip(), rc=result.rc
        )


def name_main(args, pid):
    """Have our file name the process that systemd is to take for the main one, when the present
    one ends.

    Once it is there that takes no more room: /run may be full by then.
    """
    content = ('%d\n' % pid).encode('ascii')
    try:
        state_folder.write_private(args['main_file'], content)
    except (IOError, OSError):
        files.overwrite(args['main_file'], content)


def reload_with_ticket(args, context):
    """Run the unit's reload once in its other meaning, and give the CommandResult."""
    state_folder.write_private(args['ticket'], b'')
    try:
        seconds = args['start']['timeout'] + RELOAD_WAIT
        return context.run(
            [args['control'], 'reload', '--', args['unit']], timeout=seconds, need_output=False
        )
    finally:
        take_ticket(args)


def take_ticket(args):
    """See to it that no reload starts anything from now on."""
    if os.path.isdir(args['folder']):
        files.remove_file(args['ticket'])


def await_reload(args, context):
    """Wait until a reload of the unit that is under way is over."""
    wait_until(lambda: _ask(args, context, 'ActiveState') != 'reloading', RELOAD_WAIT, pause=0.1)


def await_main(args, pid, context, seconds=None):
    """Wait until systemd takes `pid` for the main process of the unit, for MAIN_WAIT where it is
    not said for how long; tell whether it does.
    """
    return wait_until(
        lambda: _ask(args, context, 'MainPID') == '%d' % pid,
        MAIN_WAIT if seconds is None else seconds,
        pause=0.05,
    )


def follow(args, pid, context):
    """Have systemd take `pid` for the main process, at once or when the present one ends; tell
    whether it does.

    It looks into our file when a main process ends, and when a reload did well. So where the last
    one ended before the next was named, a reload that starts nothing has it look again.
    """
    name_main(args, pid)
    if wait_until(
        lambda: _ask(args, context, 'MainPID') != '%d' % args['pid'], MAIN_WAIT, pause=0.01
    ) and await_main(args, pid, context, 0):
        return True
    _put_into_force(args, args['text'][: args['text'].rindex('ExecReload=')], context)
    reload_with_ticket(args, context)
    _put_into_force(args, args['text'], context)
    return await_main(args, pid, context)


def _put_into_force(args, text, context):
    files.write_file(args['drop_in'], text.encode('utf-8'), files.ABSENT)
    _take_note(args, context)


def _ask(args, context, name):
    try:
        shown = context.run(
            [args['control'], 'show', '--property', name, '--', args['unit']], timeout=30
        ).out
    except CommandError:
        return None
    return shown.strip().partition('=')[2]


def last_words(args, context):
    """The last that systemd wrote down about the unit, for a message."""
    try:
        shown = context.run(
            [
                args['control'],
                'status',
                '--no-pager',
                '--lines=8',
                '--output=cat',
                '--',
                args['unit'],
            ],
            timeout=30,
        ).out
    except CommandError as e:
        return e.message
    return foreign(shown.partition('\n\n')[2].strip()[-MOST:]) or 'no word'
