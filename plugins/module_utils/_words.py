# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What happened on a host, as messages: what was tried, what came of it, and what runs now."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ._model import REFUSE, THREADED

# So many names stand in a sentence about sites.
MOST_NAMES = 20
# What runs, if it could not be read.
NOT_KNOWN = 'not known'


def explain_pages(compared):
    """Return a sentence about the pages of the access logs, with a blank before it; '' if there are
    none. compared: [PageResult].
    """
    if not compared:
        return ''
    if not [page for page in compared if page.after is not None]:
        return ' Pages of the access logs that were asked before it: %d.' % len(compared)
    words = ' Pages of the access logs that were asked before and after it: %d; the same: %d.'
    return words % (len(compared), len([page for page in compared if page.same]))


def warn_of_sites(late):
    """Return [a sentence] about the sites that were not asked after the switch. late: [LeftOut]."""
    if not late:
        return []
    more = len(late) - MOST_NAMES
    return [
        'sites_not_proved: These sites were not asked after the switch, since %s: %s%s.'
        % (
            late[0].why,
            ', '.join(item.what for item in late[:MOST_NAMES]),
            ' and %d more' % more if more > 0 else '',
        )
    ]


def explain_proof(proved, unlike):
    if proved:
        return ', and the server was proved to answer as before'
    if unlike:
        return _explain_unlike(unlike)
    return '; no pages were noted before, so none were compared'


def explain_ports(deaf):
    if deaf:
        return 'Nothing listens on port %s.' % ', '.join(str(port) for port in deaf)
    return 'Something listens on every port of the server.'


def explain_refusal(wanted, state, plan):
    """All reasons, each with its fix, and what the host does now."""
    reasons = ['%s: %s %s' % (f.rule, f.reason, f.fix) for f in plan.findings if f.level == REFUSE]
    return 'The switch to %s is refused, and nothing was changed; %s. %s' % (
        wanted.mpm,
        _serving(state),
        ' | '.join(reasons),
    )


def explain_plan(wanted, plan):
    """Return what check mode says of a switch that is possible."""
    words = 'The switch to %s is possible.' % wanted.mpm
    if plan.pages:
        words += ' Pages of the access logs that it will compare: %d.' % len(plan.pages)
    return words


def _serving(state):
    running = state.servers.running
    return 'the server runs %s as before' % running.mpm if running else 'the server was not running'


def _explain_unlike(unlike):
    return (
        '; but pages do not answer as before: %s. The configuration is as it was, so look at these '
        'pages' % '; '.join(unlike)
    )


def _explain_now(now_running):
    if now_running == NOT_KNOWN:
        return 'What runs now is not known: the host could not be read.'
    return 'The server runs %s now.' % now_running if now_running else 'No server was seen to run.'


def explain_rollback(wanted, state, execution, proved, now_running, unlike=()):
    """What failed, what came back, and the state that the host is in now.

    now_running: the MPM that was seen to run afterwards, None if none was, NOT_KNOWN if that could
    not be read; unlike: how pages answer differently than before.
    """
    failed = 'The switch to %s failed at the step "%s": %s' % (
        wanted.mpm,
        execution.failed.name,
        getattr(execution.error, 'message', None) or execution.error,
    )
    if execution.undo_errors:
        return (
            '%s It could NOT all be taken back: %s. %s By hand: put the files back that are named '
            'here, then start the service %s.'
            % (
                failed,
                '; '.join('%s: %s' % (step.detail, error) for step, error in execution.undo_errors),
                _explain_now(now_running),
                state.service.name,
            )
        )
    if state.servers.running is None:
        return '%s Everything was taken back: the server is stopped, as before.' % failed
    if now_running == NOT_KNOWN:
        return '%s Everything was taken back. %s' % (failed, _explain_now(now_running))
    shown = ' and was never stopped'
    if proved or unlike:
        shown = (
            ' again and was proved to answer as before'
            if proved
            else ' again' + _explain_unlike(unlike)
        )
    return '%s Everything was taken back: the server runs %s%s.' % (failed, now_running, shown)


def explain_switch(wanted, state, plan, after, context):
    """What was done, in a sentence. context: has what was measured: `outage_ms()`, `gap_ms()` and
    `measured`.
    """
    was = state.servers.running.mpm if state.servers.running else 'stopped'
    names = ', '.join(module.path.split('/')[-1] for module in after.php.modules)
    words = (
        'with PHP ' + names
        if names
        else 'with PHP by another program'
        if after.php.proxied
        else 'without PHP'
    )
    kind = 'thread' if wanted.mpm in THREADED else 'process'
    if state.servers.running is None:
        return 'The server is stopped; when it is started it will run %s %s.' % (wanted.mpm, words)
    if not plan.restart:
        return 'The running server, %s, was left alone; the files choose it again, %s.' % (
            wanted.mpm,
            words,
        )
    return 'The server ran %s and now runs %s (one %s a connection) %s%s; %s.' % (
        was,
        wanted.mpm,
        kind,
        words,
        _explain_program(state, plan),
        _explain_gap(state, context),
    )


def _explain_program(state, plan):
    """Monitoring often looks for a process by its name; on some layouts each MPM has its own."""
    old = state.installed.binaries.get(state.servers.running.mpm)
    new = plan.target.binary
    if not old or old == new:
        return ''
    return ', as the program %s and no longer %s' % (new.split('/')[-1], old.split('/')[-1])


def _explain_gap(state, context):
    if state.service.socket:
        return 'connections waited in %s for %s ms' % (state.service.socket, context.gap_ms())
    outage = context.outage_ms()
    if not outage:
        return 'a socket listened on every port all the time'
    words = 'it did not listen for %s ms' % outage
    if not context.measured.get('held'):
        return words
    return '%s, while %d connections waited, for %d ms at most' % (
        words,
        context.measured['held'],
        context.measured.get('held_ms', 0),
    )
