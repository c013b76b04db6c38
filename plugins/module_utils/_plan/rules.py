# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The refusal table: one small function a rule.

Each looks at one thing and gives its Findings; all are asked, always.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import EVENT, WARN, Finding
from .._syntax.evaluate import compare_version
from .._text import foreign
from . import (
    capacity_rules,
    directives,
    effective,
    launch_rules,
    module_rules,
    php_page,
    php_rules,
    php_site_rules,
    server_rules,
)
from .case import refuse
from .fpm import rules as fpm_rules
from .strategies import choose

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import Outlook, PathFacts  # noqa: F401
    from .case import Case  # noqa: F401


def _plesk(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            panel.rule,
            '%s owns this web server (%s) and supports its own choice of MPM only.'
            % (panel.name, panel.found),
            'Use its own command: %s' % panel.switch,
            acceptable=False,
        )
        for panel in case.state.around.panels
        if panel.rule == 'plesk'
    ]


def _control_panel(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            panel.rule,
            '%s owns this web server (%s): it would overwrite or break an MPM that is set behind '
            'its back.' % (panel.name, panel.found),
            'Change it in its own way: %s' % panel.switch,
            acceptable=False,
        )
        for panel in case.state.around.panels
        if panel.rule == 'control_panel'
    ]


def _config_broken(case):
    # type: (Case) -> list[Finding]
    test = case.state.config_test
    if test.rc == 0 or _only_mpm_broken(case):
        return []
    return [
        refuse(
            'config_broken',
            'The configuration on disk fails its test: %s' % foreign(test.err or test.out),
            'Fix it first: %s' % ' '.join(test.argv),
            acceptable=False,
        )
    ]


# httpd's own words where none or more than one MPM is loaded (server/mpm_common.c).
_NOT_SINGLE = ('No MPM loaded', 'More than one MPM loaded')


def _only_mpm_broken(case):
    # type: (Case) -> bool
    """All that the test complains of is the number of MPMs, and the switch makes that one."""
    test = case.state.config_test
    said = [line.partition('AH00534: ')[2] for line in (test.out + test.err).split('\n')]
    return (
        test.rc != 0
        and case.state.choice.mpm is None
        and any(words in line for line in said for words in _NOT_SINGLE)
    )


def _mpm_not_single(case):
    # type: (Case) -> list[Finding]
    if not _only_mpm_broken(case):
        return []
    return [
        Finding(
            'mpm_not_single',
            WARN,
            False,
            'The configuration on disk loads no MPM, or more than one, and no server starts with '
            'it (%s).' % case.state.choice.path,
            'This switch makes it one.',
            [],
        )
    ]


def _choice_unclear(case):
    # type: (Case) -> list[Finding]
    choice = case.state.choice
    if not choice.unclear:
        return []
    return [
        refuse(
            'choice_unclear',
            'It is not clear what %s chooses: %s.' % (choice.path, choice.unclear),
            'Write one plain line there, or none.',
            acceptable=False,
        )
    ]


def _config_unclear(case):
    # type: (Case) -> list[Finding]
    """What is said of every Include would be noise; of a line that loads an MPM or PHP the whole
    judgement hangs on it.
    """
    found = list(case.target.unclear)
    found += [line for line in case.now.unclear if line not in case.target.unclear]
    decides = [line.words for line in found if line.decides]
    others = [line.words for line in found if not line.decides]
    reasons = [
        refuse(
            'config_unclear',
            'It is not certain what httpd would load: %s.' % '; '.join(decides),
            'Write the LoadModule line outside of it; or accept config_unclear: the new '
            'configuration is tested and proved all the same.',
        )
    ]
    return (reasons if decides else []) + (
        [
            Finding(
                'config_unclear',
                WARN,
                False,
                'These files were not looked at: %s.' % '; '.join(others),
                'See that they load neither an MPM nor PHP.',
                [],
            )
        ]
        if others
        else []
    )


def _mpm_missing(case):
    # type: (Case) -> list[Finding]
    mpm = case.wanted.mpm
    if mpm in case.state.installed.binaries or layout_named(case.state.layout).by_package:
        return []
    package = layout_named(case.state.layout).packages[mpm]
    return [
        refuse(
            'mpm_missing',
            'No program or module with the %s MPM is installed.' % mpm,
            'Install the package %s.' % package,
            [package],
            acceptable=False,
        )
    ]


def _mpm_by_package(case):
    # type: (Case) -> list[Finding]
    swap = case.state.installed.swaps.get(case.wanted.mpm)
    if swap is None:
        return []
    would = (
        'what apt-get would remove for it is not known (%s)' % swap.problem
        if swap.problem
        else 'apt-get would remove %s for it%s'
        % (
            ', '.join(swap.replaces) or 'no package of another MPM',
            (', and with that %s' % ', '.join(swap.others))
            if swap.others
            else ', and nothing else',
        )
    )
    # Whose packages would go with it has to find out what becomes of them before any command is of
    # use.
    fix = 'See what would go: apt-get --simulate install %s.' % swap.package
    if not swap.others and not swap.problem:
        fix += (
            ' By hand, in this order: service apache2 stop; apt-get install %s; apache2ctl -t; '
            'service apache2 start.' % swap.package
        )
    return [
        refuse(
            'mpm_by_package',
            'Debian 7 and older choose the MPM by package (%s here), and the package %s is not '
            'installed; %s.' % (case.state.choice.mpm, swap.package, would),
            fix,
            acceptable=False,
        )
    ]


def _old_event(case):
    # type: (Case) -> list[Finding]
    version = case.state.build.version
    if case.wanted.mpm != EVENT or compare_version(version, ['>=', '2.4.25']):
        return []
    return [
        refuse(
            'old_event',
            'The event MPM of httpd %s loses connections under load; it is sound from 2.4.25 on.'
            % version,
            'Use worker.',
        )
    ]


def _directives_invalid(case):
    # type: (Case) -> list[Finding]
    wanted, mpm = case.wanted.directives, case.wanted.mpm
    problems = directives.check_directives(mpm, wanted)
    if wanted and not problems:
        problems = effective.check_together(mpm, _numbers(case)) + _overruled(case)
        asked = [directives.modern_name(name) for name in wanted]
        problems += [words for name, words in _changed_by_httpd(case) if name in asked]
    return [
        refuse('directives_invalid', problem, 'Give numbers that fit together.', acceptable=False)
        for problem in problems
    ]


def _changed_by_httpd(case):
    # type: (Case) -> list[tuple[str, str]]
    version = case.state.build.version
    return effective.unexplained(case.wanted.mpm, version, _numbers(case))


def _numbers(case):
    # type: (Case) -> dict[str, float]
    return directives.numbers_of(case.target.directives)


def _overruled(case):
    # type: (Case) -> list[str]
    """Directives that keep another number than the one that is wanted, and where they get it."""
    problems = []
    for name in sorted(case.wanted.directives):
        setting = case.target.directives.get(directives.modern_name(name))
        if not setting:
            problems.append('%s stays unset.' % name)
        elif setting.value != directives.value_of(name, case.wanted.directives[name]):
            problems.append(
                '%s stays %s: %s line %d sets it later.'
                % (name, setting.value, setting.file, setting.line)
            )
    return problems


def _unsafe_paths(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            'unsafe_paths',
            '%s cannot be changed safely: %s.' % (fact.path, fact.problem),
            'Give it to root alone.',
            acceptable=False,
        )
        for fact in _edited_paths(case)
        if fact.problem
    ]


def _edited_paths(case):
    # type: (Case) -> list[PathFacts]
    """Return the PathFacts of all that is edited; for a new file, those of its folder."""
    known, found = case.state.disk.paths, []
    for edit in case.edits:
        path = edit.path if edit.path in known else os.path.dirname(edit.path)
        if path in known and known[path] not in found:
            found.append(known[path])
    return found


def _not_utf8(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            'not_utf8',
            '%s is not UTF-8.' % fact.path,
            'Convert it; or accept not_utf8: every byte of it is kept.',
        )
        for fact in _edited_paths(case)
        if fact.encoding != 'utf-8'
    ]


def _probe_failed(case):
    # type: (Case) -> list[Finding]
    return [
        refuse(
            'probe_failed',
            '%s fails already, before anything is changed: %s' % (answer.url, answer.error),
            'Fix the page or the probe.',
            acceptable=False,
        )
        for answer in case.answers
        if answer.error
    ]


def _reload_would_kill(case):
    # type: (Case) -> list[Finding]
    """httpd refuses to change a loaded MPM during a restart, and ends; the one who asked for the
    reload hears that it went well.
    """
    running, choice = case.state.servers.running, case.state.choice
    if not running or running.mpm == choice.mpm or not case.state.installed.mpm_modules:
        return []
    return [
        Finding(
            'reload_would_kill',
            WARN,
            False,
            'The server runs %s, and %s chooses %s: any reload, that of logrotate too, ends the '
            'server.' % (running.mpm, choice.path, choice.mpm or 'none'),
            'Switch to the one that you want.',
            [],
        )
    ]


def _running_not_configured(case):
    # type: (Case) -> list[Finding]
    running, choice = case.state.servers.running, case.state.choice
    if not running or running.mpm == choice.mpm or case.state.installed.mpm_modules:
        return []
    return [
        Finding(
            'running_not_configured',
            WARN,
            False,
            'The server runs %s, and %s chooses %s: the next restart changes it.'
            % (running.mpm, choice.path, choice.mpm),
            'Switch to the one that you want.',
            [],
        )
    ]


def _strategy_unavailable(case):
    # type: (Case) -> list[Finding]
    """Who names a strategy wants that one and no other; a server that is stopped needs none."""
    strategy = (
        choose.choose_strategy(case.state, case.wanted) if case.state.servers.running else None
    )
    return (
        [
            refuse(
                'strategy_unavailable',
                'The strategy %s is not possible on this host: %s.' % (name, why),
                'Take strategy auto, which uses the best that can.',
                acceptable=False,
            )
            for name, why in strategy.passed
        ]
        if strategy and not strategy.name
        else []
    )


def _directives_clamped(case):
    # type: (Case) -> list[Finding]
    asked = [directives.modern_name(name) for name in case.wanted.directives]
    # Where directives are asked for, numbers that do not fit together are refused.
    problems = [] if asked else effective.check_together(case.wanted.mpm, _numbers(case))
    problems += [words for name, words in _changed_by_httpd(case) if name not in asked]
    return [
        Finding('directives_clamped', WARN, False, problem, 'Set it by directives.', [])
        for problem in problems
    ]


RULES = (
    ('plesk', _plesk),
    ('control_panel', _control_panel),
    ('config_broken', _config_broken),
    ('mpm_not_single', _mpm_not_single),
    ('choice_unclear', _choice_unclear),
    ('mpm_missing', _mpm_missing),
    ('mpm_by_package', _mpm_by_package),
    ('old_event', _old_event),
    ('php_not_threadsafe', php_rules.php_not_threadsafe),
    ('php_extensions_missing', php_rules.php_extensions_missing),
    ('php_lost', php_rules.php_lost),
    ('php_lost', fpm_rules.php_lost_in_folders),
    ('php_stays', php_rules.php_stays),
    ('php_denied', php_site_rules.php_denied),
    ('php_denied_by_us', php_site_rules.php_denied_by_us),
    ('php_protection_lost', php_site_rules.php_protection_lost),
    ('php_not_judged', php_site_rules.php_not_judged),
    ('php_directives', php_rules.php_directives),
    ('php_htaccess', php_rules.php_htaccess),
    ('fpm_missing', fpm_rules.fpm_missing),
    ('fpm_unusable', fpm_rules.fpm_unusable),
    ('fpm_in_use', fpm_rules.fpm_in_use),
    ('php_not_carried', fpm_rules.php_not_carried),
    ('php_htaccess_copied', fpm_rules.php_htaccess_copied),
    ('php_names_denied', fpm_rules.php_names_denied),
    ('fpm_long_headers', fpm_rules.fpm_long_headers),
    ('php_moves', php_site_rules.php_moves),
    ('php_settings_lost', php_site_rules.php_settings_lost),
    ('php_not_asked', php_page.php_not_asked),
    ('config_unclear', _config_unclear),
    ('modules_lost', module_rules.modules_lost),
    ('module_needs_prefork', module_rules.module_needs_prefork),
    ('module_wants_threads', module_rules.module_wants_threads),
    ('modules_not_judged', module_rules.modules_not_judged),
    ('not_ours', server_rules.not_ours),
    ('not_ours', server_rules.beside_by_others),
    ('not_ours', server_rules.held_by_others),
    ('not_ours', server_rules.other_configuration),
    ('shared_files', server_rules.shared_files),
    ('not_managed', launch_rules.not_managed),
    ('service_masked', server_rules.service_masked),
    ('unit_cannot_start', server_rules.unit_cannot_start),
    ('start_needs_a_person', server_rules.start_needs_a_person),
    ('service_broken', launch_rules.service_broken),
    ('dependent_units', launch_rules.dependent_units),
    ('directives_invalid', _directives_invalid),
    ('unsafe_paths', _unsafe_paths),
    ('not_utf8', _not_utf8),
    ('probe_failed', _probe_failed),
    ('reload_would_kill', _reload_would_kill),
    ('running_not_configured', _running_not_configured),
    ('restart_differs', launch_rules.restart_differs),
    ('strategy_unavailable', _strategy_unavailable),
    ('directives_clamped', _directives_clamped),
    ('fewer_workers', capacity_rules.fewer_workers),
    ('http2_lost', capacity_rules.http2_lost),
)
# Rules that a user may name in `accept`; the others cannot be waived.
ACCEPTABLE = (
    'old_event',
    'not_ours',
    'shared_files',
    'not_utf8',
    'php_htaccess',
    'php_denied',
    'php_protection_lost',
    'php_not_judged',
    'php_extensions_missing',
    'fpm_in_use',
    'php_not_carried',
    'config_unclear',
)


def judge(case):
    # type: (Case) -> list[Finding]
    """Return every Finding of every rule; one that the user accepts by name becomes a warning."""
    found = [finding for _name, rule in RULES for finding in rule(case)]
    return [
        _accepted(finding) if finding.acceptable and finding.rule in case.wanted.accept else finding
        for finding in found
    ]


def _accepted(finding):
    # type: (Finding) -> Finding
    return finding._replace(level=WARN, reason='Accepted: ' + finding.reason)
