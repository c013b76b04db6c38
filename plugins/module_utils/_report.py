# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The only place that names the keys of a result. Its messages are written in `_words.py`."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import difflib

from ._model import MPMS, REFUSE, ROOT_ONLY, WARN, Link
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
from ._words import NOT_KNOWN, explain_ports, explain_proof


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
            'effective': dict(look.effective),
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


def describe_probed(compared):
    """Return how sites answered as data. compared: [SiteResult]."""
    return [
        {'site': one.site, 'url': one.url, 'before': one.before, 'after': one.after}
        for one in compared
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
        RECOVERED: '%s; everything was taken back%s.' % (subject, explain_proof(proved, unlike)),
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
            explain_ports(deaf),
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
