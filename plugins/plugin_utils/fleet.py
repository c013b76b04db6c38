# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What became of each host of a run, and how to print it as a table."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

UNREACHABLE, FAILED, NOT_TRIED = 'unreachable', 'failed', 'not tried'
GOOD = ('switched', 'unchanged', 'planned', 'recovered')
# What a reader has to see first stands first.
ORDER = ('rollback_failed', UNREACHABLE, FAILED, 'rolled_back', 'refused', NOT_TRIED, 'recovered', 'switched', 'planned', 'unchanged')

# rung: 'overlap', 'hold' or 'stop', None where no server was restarted; outage: milliseconds or None; why: text, empty where there is
# nothing to explain.
HostEnd = namedtuple('HostEnd', 'host before after outcome rung outage why')


def failure_of(result):
    """Give why a result of the module is no success, as text; empty where it is one, or where the module did not have to run."""
    if result.get('unreachable'):
        return 'The host was not reached: %s If it was lost in the middle of the switch, what became of it is unknown.' % result.get('msg', '')
    if result.get('skipped') or result.get('outcome') in GOOD:
        return ''
    return ' '.join(text for text in (result.get('msg'), result.get('module_stderr') or result.get('exception')) if text) or 'no answer'


def end_of_host(host, facts):
    """Give the HostEnd from the variables that the playbook leaves on a host."""
    result, failure = facts.get('switch_mpm_result') or {}, facts.get('mpm_failure')
    if result.get('unreachable'):
        return HostEnd(host, None, None, UNREACHABLE, None, None, result.get('msg', ''))
    outcome = result.get('outcome')
    if outcome is None or (failure and outcome in GOOD):
        outcome = FAILED if failure else NOT_TRIED
    why = (_refusals(result) or failure or result.get('msg') or '') if outcome not in GOOD else ''
    rung = (result.get('strategy') or {}).get('used') if outcome not in ('refused', 'unchanged') else None
    return HostEnd(host, _running(result.get('before')), _running(result.get('after')), outcome, rung, result.get('outage_ms'),
                   why or ('an earlier wave did not go well' if outcome == NOT_TRIED else ''))


def _refusals(result):
    if result.get('outcome') != 'refused':
        return ''
    return '; '.join('%s: %s' % (found['rule'], found['reason']) for found in result.get('findings', []) if found['level'] == 'refuse')


def _running(description):
    return (description.get('running') or 'stopped') if description else None


def is_bad(end):
    """Tell whether this end of a host must hold the waves that follow."""
    return end.outcome not in GOOD and end.outcome != NOT_TRIED


def print_table(head, rows):
    """Give the lines of a table whose last column is as long as it likes."""
    cells = [[plain(cell) for cell in row] for row in [head] + rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head) - 1)]
    return ['  '.join([cell.ljust(width) for cell, width in zip(row, widths)] + [row[-1]]).rstrip() for row in cells]


def plain(value):
    """Text that came from a host, fit for a terminal: no control characters, one line."""
    text = '-' if value is None else '%s' % (value,)
    return re.sub(r'[\x00-\x1f\x7f-\x9f]+', ' ', text)
