# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The only place that names the keys of a result, and writes what happened as messages."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import difflib

from ._model import MPMS, REFUSE, ROOT_ONLY, THREADED, WARN, Link
from ._model import RECOVERED as ASKED_TO_RECOVER
from ._outcomes import (
    RECOVERED,
    REFUSED,
    ROLLBACK_FAILED,
    ROLLED_BACK,
    SWITCHED,
    is_changed,
    is_failed,
)
from ._text import clean_lines, decode, presentable

# So many names stand in a sentence about sites.
MOST_NAMES = 20
# What runs, if it could not be read.
NOT_KNOWN = 'not known'


def describe_host(state, look):
    """The three answers to the question which MPM runs, together; and what each MPM would need.

    look: the Outlook of the configuration on disk under the configured MPM.
    """
    running, choice = state.servers.running, state.choice
    linked = dict(
        (path, mpm)
        for mpm, path in state.installed.binaries.items()
        if mpm not in state.installed.mpm_modules
    )
    answers = {
        'running': running.mpm if running else None,
        'configured': choice.mpm,
        'compiled': linked.get(choice.default),
    }
    known = set(answer for answer in answers.values() if answer)
    return dict(
        answers,
        agree=len(known) == 1,
        **{
            'layout': state.layout,
            'version': state.build.version,
            'available': dict((mpm, state.installed.binaries.get(mpm)) for mpm in MPMS),
            'process': _process(running),
            'choice': {'file': choice.path, 'line': choice.line, 'program': choice.binary},
            'php': [_php(module) for module in look.php.modules],
            'php_modules': dict(state.installed.php_files),
            'directives': dict((name, setting.value) for name, setting in look.directives.items()),
            'panels': [panel.name for panel in state.around.panels],
            'config_test': state.config_test.rc == 0,
        }
    )


def describe_sites(mappings):
    """Return how each site serves PHP, now and then: a dictionary for each site and place with
    rules of its own, and of those for each way.
    """
    groups, order = {}, []
    for mapping in mappings:
        key = (mapping.site, mapping.place, mapping.now.how, mapping.then.how)
        if key not in groups:
            groups[key] = []
            order.append(key)
        groups[key].append(mapping.name)
    return [
        {
            'site': site.name,
            'file': site.path,
            'line': site.line,
            'ports': sorted(set(port for _address, port in site.ports if port is not None)),
            'place': place,
            'names': groups[site, place, now, then],
            'now': now,
            'then': then,
        }
        for site, place, now, then in order
    ]


def _process(running):
    if not running:
        return None
    return {
        'pid': running.main.pid,
        'program': running.main.exe,
        'processes': running.processes,
        'threads': running.threads,
        'memory_kib': running.memory,
        'ports': sorted(set(listener.port for listener in running.listeners)),
    }


def _php(module):
    return {
        'symbol': module.symbol,
        'path': module.path,
        'thread_safe': {'ts': True, 'nts': False}.get(module.thread_safety),
        'file': module.file,
        'line': module.line,
    }


def describe_findings(findings):
    """Findings as data, those that refuse first."""
    ordered = sorted(findings, key=lambda finding: finding.level != REFUSE)
    return [
        {
            'rule': f.rule,
            'level': f.level,
            'acceptable': f.acceptable,
            'reason': f.reason,
            'fix': f.fix,
            'packages': f.packages,
        }
        for f in ordered
    ]


def describe_steps(steps):
    """What will be done, in order."""
    return ['%s: %s' % (step.name, step.detail) for step in steps]


def describe_records(records):
    """What was done, in order, with the milliseconds that each step took."""
    return [
        {'step': r.step, 'phase': r.phase, 'ms': int(round(r.seconds * 1000)), 'error': r.error}
        for r in records
    ]


def describe_edits(edits):
    """The diff of every edit, only with the lines that change: lines around them may hold
    secrets.
    """
    return [{'prepared': _diff(edit)} for edit in edits]


def _diff(edit):
    before, after = [_readable(_as_text(value)) for value in (edit.before, edit.after)]
    if edit.like == ROOT_ONLY:
        before, after = [_counted(one) for one in (before, after)]
    lines = difflib.unified_diff(
        before,
        after,
        edit.path if edit.before is not None else '/dev/null',
        edit.path,
        lineterm='',
        n=0,
    )
    return clean_lines('\n'.join(lines)) + '\n'


def _counted(lines):
    return [u'%d lines that only root may read' % len(lines)] if lines else []


def _as_text(value):
    return u'link to %s\n' % value.target if isinstance(value, Link) else value


def _readable(text):
    lines = decode(text or u'').split(u'\n')
    return [
        line[:-1] if line.endswith(u'\r') else line for line in (lines if lines[-1] else lines[:-1])
    ]


def describe_warnings(warnings, findings):
    """Return the warnings for the user, as texts, those of findings that only warn included.

    findings: as `describe_findings` returns them. Ansible shows a result with -v only, but warnings
    always.
    """
    found = [
        '%s: %s %s' % (item['rule'], item['reason'], item['fix'])
        for item in findings
        if item['level'] == WARN
    ]
    return list(warnings) + [words.rstrip() for words in found]


def finish(result):
    """Return a result as it leaves the module: text from others is cleaned and cut."""
    kept = dict((key, result[key]) for key in ('diff',) if key in result)
    return dict(presentable(result), **kept)


def describe_error(error, **defaults):
    """Return the result of a call that an Error ended: its details, and `defaults` where it has
    none.
    """
    return finish(dict(dict(defaults, **error.details), msg=error.message))


def build_result(outcome, wanted, state, plan, records=(), outage_ms=0, after=None, diff=False):
    """Return the result of a call.

    after: the HostState afterwards, with its Outlook; None if nothing was done, NOT_KNOWN if the
    host could not be read.
    """
    result = {
        'changed': is_changed(outcome, wanted.state),
        'outcome': outcome,
        'mpm': wanted.mpm,
        'before': describe_host(state, plan.now),
        'findings': describe_findings(plan.findings),
        'steps': describe_steps(plan.steps),
        'timeline': describe_records(records),
        'outage_ms': outage_ms,
        'files': [edit.path for edit in plan.edits],
        'packages': sorted(set(name for finding in plan.findings for name in finding.packages)),
        'strategy': _describe_strategy(wanted, plan.strategy),
        'rehearsal': _describe_rehearsal(plan.rehearsal),
        'visitors': {},
        'php_sites': describe_sites(plan.mappings),
        'sites_not_proved': [{'site': item.what, 'why': item.why} for item in plan.sites_left],
    }
    result['after'] = _describe_after(after, result['before'])
    if diff:
        result['diff'] = describe_edits(plan.edits)
    return result


def _describe_after(after, before):
    if after == NOT_KNOWN:
        return dict(dict.fromkeys(before), running=NOT_KNOWN)
    return describe_host(*after) if after else before


def _describe_strategy(wanted, strategy):
    passed = (
        [{'strategy': name, 'reason': reason} for name, reason in strategy.passed]
        if strategy
        else []
    )
    return {
        'asked': wanted.strategy,
        'used': strategy and strategy.name,
        'means': strategy and strategy.means,
        'passed_over': passed,
    }


def _describe_rehearsal(rehearsal):
    if rehearsal is None:
        return {'state': 'skipped', 'reason': 'there was nothing to rehearse'}
    described = dict(
        rehearsal._asdict(),
        warnings=list(rehearsal.warnings),
        ms=int(round(rehearsal.seconds * 1000)),
    )
    described.pop('seconds')
    return described


def describe_pages(compared):
    """Return the pages of the access logs as data. compared: [PageResult]."""
    return [
        {'url': page.url, 'before': page.before, 'after': page.after, 'kind': page.kind}
        for page in compared
    ]


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


def describe_probed(compared):
    """Return how sites answered as data. compared: [SiteResult]."""
    return [
        {'site': one.site, 'url': one.url, 'before': one.before, 'after': one.after}
        for one in compared
    ]


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


def build_audit(state, plan, by_target, advice):
    """Return the result of a reading. plan: of the MPM that is configured; by_target: {mpm:
    [Finding]}.
    """
    return {
        'changed': False,
        'mpm': describe_host(state, plan.now),
        'findings': describe_findings(plan.findings),
        'switch_to': dict((mpm, describe_findings(found)) for mpm, found in by_target.items()),
        'advice': dict(advice._asdict(), reasons=list(advice.reasons)),
        'php_sites': describe_sites(plan.mappings),
    }


def build_recovery(outcome, header, records, warnings, failures, proved=True, deaf=(), unlike=()):
    """Return the result of settling an unfinished switch.

    header: of the journal; failures: [(Step, why it could not be taken back)]; proved: its pages
    were asked afterwards, too; deaf: ports without a listener that should have one; unlike: how
    pages answer differently.
    """
    subject = 'A switch from %s to %s was interrupted' % (header.before, header.to)
    words = {
        RECOVERED: '%s; everything was taken back%s.' % (subject, _explain_proof(proved, unlike)),
        SWITCHED: '%s after it had been proved; the server runs %s.' % (subject, header.to),
        ROLLED_BACK: '%s after it had failed and everything had been taken back; the server runs '
        '%s.' % (subject, header.before),
        REFUSED: 'The switch was interrupted before anything was changed; the server runs as '
        'before.',
        ROLLBACK_FAILED: '%s, and could NOT all be taken back: %s. %s The journal is kept; see '
        'docs/recovery.md.'
        % (
            subject,
            '; '.join('%s: %s' % (step.detail, error) for step, error in failures),
            _explain_ports(deaf),
        ),
    }[outcome]
    return {
        'changed': is_changed(outcome, ASKED_TO_RECOVER),
        'failed': is_failed(outcome, ASKED_TO_RECOVER),
        'outcome': outcome,
        'msg': words,
        'timeline': describe_records(records),
        'mpm': header.to if outcome == SWITCHED else header.before,
        'warnings': list(warnings),
    }


def _explain_proof(proved, unlike):
    if proved:
        return ', and the server was proved to answer as before'
    if unlike:
        return _explain_unlike(unlike)
    return '; no pages were noted before, so none were compared'


def _explain_ports(deaf):
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
