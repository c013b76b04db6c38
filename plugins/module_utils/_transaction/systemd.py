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
from .._system import processes
from .._system.clock import lasting, wait_until
from .._text import MOST, foreign
from . import files, state_folder

RELOAD_WAIT = 30
MAIN_WAIT = 10
# A reload that is over shows as such by then.
IDLE_WAIT = 0.3


def tell_manager(told, context):
    """Put the drop-in of a UnitOrder into force.

    Raises StepError where systemd does not take it.
    """
    state_folder.make_private(told.folder)
    name_main(told, told.pid)
    folder = os.path.dirname(told.drop_in)
    if not os.path.isdir(folder):
        os.mkdir(folder, 0o755)
    _put_into_force(told, told.text, context)
    if _ask(told, context, 'PIDFile') != told.main_file:
        raise StepError(
            'systemd does not take the drop-in %s: PIDFile is %s.'
            % (told.drop_in, _ask(told, context, 'PIDFile') or 'not set')
        )


def untell_manager(told, context):
    """Remove the drop-in and what belongs to it.

    Raises StepError if systemd does not read its files again.
    """
    for path in (told.drop_in, told.ticket):
        if os.path.isdir(os.path.dirname(path)):
            files.remove_file(path)
    _take_note(told, context)
    # Only now: as long as the drop-in is in force systemd looks for it.
    if os.path.isdir(told.folder):
        files.remove_file(told.main_file)
    for folder in (os.path.dirname(told.drop_in), told.folder):
        try:
            os.rmdir(folder)
        except OSError:
            pass  # it was not there, or others have something in it


def is_told(told):
    """Return whether the drop-in is there: a boot, or a fresh start of the unit, removes it."""
    return os.path.lexists(told.drop_in)


def is_active(told, context):
    """Return whether the unit counts as active."""
    return _ask(told, context, 'ActiveState') in ('active', 'reloading')


def may_reload(told, context):
    """Return whether the unit is active and no reload of it is under way, which another one would
    wait for.
    """
    return _ask(told, context, 'ActiveState') == 'active'


def start_units(order, context):
    """Start those of some units that do not run. Raises StepError for those that then do not."""
    missing = _not_active(order, context)
    if not missing:
        return
    result = context.run(
        [order.control, 'start', '--'] + missing, timeout=order.timeout, need_output=False
    )
    missing = _not_active(order, context)
    if missing:
        raise StepError(
            'systemctl start did not start %s, which ran before: %s'
            % (', '.join(missing), foreign((result.err or result.out).strip()) or 'no word'),
            rc=result.rc,
        )


def _not_active(order, context):
    """Return the names of the units that neither run nor are being started."""
    found = []
    for unit in order.units:
        shown = _ask_unit(order.control, unit, context, 'ActiveState')
        if shown not in ('active', 'activating', 'reloading'):
            found.append(unit)
    return found


def _take_note(told, context):
    result = context.run([told.control, 'daemon-reload'], timeout=60, need_output=False)
    if result.rc != 0:
        raise StepError(
            'systemctl daemon-reload failed: %s' % (result.err or result.out).strip(), rc=result.rc
        )


def name_main(told, pid):
    """Have our file name the process that systemd is to take for the main one, when the present
    one ends.

    Once it is there that takes no more room: /run may be full by then.
    """
    content = ('%d\n' % pid).encode('ascii')
    try:
        state_folder.write_private(told.main_file, content)
    except (IOError, OSError):
        files.overwrite(told.main_file, content)


def reload_with_ticket(told, seconds, context, gone=lambda: False):
    """Run the unit's reload once in its other meaning, and give the CommandResult.

    seconds: those that a server has to come up; gone: a function that tells whether nothing of what
    it starts runs. systemd may wait for the word of a process that has ended, and then it is not
    waited for.
    """
    state_folder.write_private(told.ticket, b'')
    try:
        return context.run(
            [told.control, 'reload', '--', told.unit],
            timeout=seconds + RELOAD_WAIT,
            need_output=False,
            until=lambda: not os.path.lexists(told.ticket) and gone() and _idles(told, context),
        )
    finally:
        take_ticket(told)


def take_ticket(told):
    """See to it that no reload starts anything from now on."""
    if os.path.isdir(told.folder):
        files.remove_file(told.ticket)


def await_reload(told, context):
    """Wait until a reload of the unit that is under way is over, or nothing runs in it."""
    idle = lasting(lambda: _idles(told, context), IDLE_WAIT)
    wait_until(
        lambda: _ask(told, context, 'ActiveState') != 'reloading' or idle(), RELOAD_WAIT, pause=0.02
    )


def _idles(told, context):
    """Return whether systemd runs no command of the unit: a reload that it still waits for has
    ended.
    """
    return _ask(told, context, 'ControlPID') == '0'


def await_main(told, pid, context, seconds=None):
    """Wait until systemd takes `pid` for the main process of the unit, for MAIN_WAIT where it is
    not said for how long, and no longer than that process runs; tell whether it does.
    """
    found = [False]

    def is_settled():
        found[0] = _ask(told, context, 'MainPID') == '%d' % pid
        return found[0] or processes.read_process(pid) is None

    wait_until(is_settled, MAIN_WAIT if seconds is None else seconds, pause=0.05)
    return found[0]


def follow(told, pid, seconds, context):
    """Have systemd take `pid` for the main process, at once or when the present one ends; tell
    whether it does. seconds: those that a server has to come up.

    It looks into our file when a main process ends, and when a reload did well. So where the last
    one ended before the next was named, a reload that starts nothing has it look again.
    """
    name_main(told, pid)
    if wait_until(
        lambda: _ask(told, context, 'MainPID') != '%d' % told.pid, MAIN_WAIT, pause=0.01
    ) and await_main(told, pid, context, 0):
        return True
    _put_into_force(told, told.text[: told.text.rindex('ExecReload=')], context)
    reload_with_ticket(told, seconds, context)
    _put_into_force(told, told.text, context)
    return await_main(told, pid, context)


def _put_into_force(told, text, context):
    files.write_file(told.drop_in, text.encode('utf-8'), files.ABSENT)
    _take_note(told, context)


def _ask(told, context, name):
    return _ask_unit(told.control, told.unit, context, name)


def _ask_unit(control, unit, context, name):
    """Return what systemd has for a property of a unit, as text; None where it does not answer."""
    try:
        shown = context.run([control, 'show', '--property', name, '--', unit], timeout=30).out
    except CommandError:
        return None
    return shown.strip().partition('=')[2]


def last_words(told, context):
    """The last that systemd wrote down about the unit, for a message."""
    try:
        shown = context.run(
            [
                told.control,
                'status',
                '--no-pager',
                '--lines=8',
                '--output=cat',
                '--',
                told.unit,
            ],
            timeout=30,
        ).out
    except CommandError as e:
        return e.message
    return foreign(shown.partition('\n\n')[2].strip()[-MOST:]) or 'no word'
