# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""The refusal table: one small function a rule. Each looks at one thing and gives its Findings; all are asked, always."""
import re

from . import directives, php_rules, strategy
from .case import refuse
from .._layouts.table import layout_named
from .._model import EVENT, WARN, Finding
from .._syntax.evaluate import compare_version

ANY_ADDRESS = ('', '0.0.0.0', '::')


def _plesk(case):
    return [refuse(panel.rule, '%s owns this web server (%s) and supports its own choice of MPM only.' % (panel.name, panel.found),
                   'Use its own command: %s' % panel.switch, acceptable=False) for panel in case.state.panels if panel.rule == 'plesk']


def _control_panel(case):
    return [refuse(panel.rule, '%s owns this web server (%s): it would overwrite or break an MPM that is set behind its back.' % (
        panel.name, panel.found), 'Change it in its own way: %s' % panel.switch, acceptable=False)
        for panel in case.state.panels if panel.rule == 'control_panel']


def _config_broken(case):
    test = case.state.config_test
    if test.rc == 0 or _only_mpm_broken(case):
        return []
    return [refuse('config_broken', 'The configuration on disk fails its test: %s' % (test.err or test.out).strip(),
                   'Mend it first: %s' % ' '.join(test.argv), acceptable=False)]


# httpd's own words where none or more than one MPM is loaded (server/mpm_common.c).
_NOT_SINGLE = re.compile(r'AH00534: .*(No MPM loaded|More than one MPM loaded)')


def _only_mpm_broken(case):
    """All that the test complains of is the number of MPMs, and the switch makes that one."""
    test = case.state.config_test
    return test.rc != 0 and case.state.choice.mpm is None and bool(_NOT_SINGLE.search(test.out + test.err))


def _mpm_not_single(case):
    if not _only_mpm_broken(case):
        return []
    return [Finding('mpm_not_single', WARN, False, 'The configuration on disk loads no MPM, or more than one, and no server starts with it (%s).' %
                    case.state.choice.path, 'This switch makes it one.', [])]


def _choice_unclear(case):
    choice = case.state.choice
    if not choice.unclear:
        return []
    return [refuse('choice_unclear', 'What %s chooses cannot be told: %s.' % (choice.path, choice.unclear),
                   'Write one plain line there, or none.', acceptable=False)]


def _config_unclear(case):
    """What is said of every Include would be noise; of a line that loads an MPM or PHP the whole judgement hangs on it."""
    found = list(case.target.unclear) + [text for text in case.now.unclear if text not in case.target.unclear]
    decides = [text for text in found if '(loadmodule ' in text]
    others = [text for text in found if text not in decides]
    reasons = [refuse('config_unclear', 'What httpd would load cannot be told for certain: %s.' % '; '.join(decides),
                      'Write the LoadModule line outside of it; or accept config_unclear: the new configuration is tested and proved all the same.')]
    return (reasons if decides else []) + ([Finding('config_unclear', WARN, False, 'These files were not looked at: %s.' % '; '.join(others),
                                                    'See that they load neither an MPM nor PHP.', [])] if others else [])


def _mpm_missing(case):
    mpm = case.wanted.mpm
    if mpm in case.state.binaries or layout_named(case.state.layout).by_package:
        return []
    package = layout_named(case.state.layout).packages[mpm]
    return [refuse('mpm_missing', 'No program or module with the %s MPM is installed.' % mpm, 'Install the package %s.' % package, [package],
                   acceptable=False)]


def _mpm_by_package(case):
    swap = case.state.swaps.get(case.wanted.mpm)
    if swap is None:
        return []
    would = ('what apt-get would remove for it is not known (%s)' % swap.problem if swap.problem else
             'apt-get would remove %s for it%s' % (', '.join(swap.replaces) or 'no package of another MPM', (
                 ', and with that %s' % ', '.join(swap.others)) if swap.others else ', and nothing else'))
    # Whose packages would go with it has to find out what becomes of them before any command is of use.
    cure = 'See what would go: apt-get --simulate install %s.' % swap.package
    if not swap.others and not swap.problem:
        cure += ' By hand, in this order: service apache2 stop; apt-get install %s; apache2ctl -t; service apache2 start.' % swap.package
    return [refuse('mpm_by_package', 'Debian 7 and older choose the MPM by package (%s here), and the package %s is not installed; %s.' % (
        case.state.choice.mpm, swap.package, would), cure, acceptable=False)]


def _old_event(case):
    version = case.state.build.version
    if case.wanted.mpm != EVENT or compare_version(version, ['>=', '2.4.25']):
        return []
    return [refuse('old_event', 'The event MPM of httpd %s loses connections under load; it is sound from 2.4.25 on.' % version,
                   'Use worker.')]


def _modules_lost(case):
    """Modules that the service leaves out under the other MPM without a word; PHP has rules of its own."""
    if not layout_named(case.state.layout).generated:
        return []
    lost = sorted(name for name in set(case.now.modules) - set(case.target.modules) if not re.match('^(cgid?|php[0-9]?)_module$', name))
    return [refuse('modules_lost', 'Under %s these modules have no file and would be left out: %s.' % (case.wanted.mpm, ', '.join(lost)),
                   'Install them for that MPM, or take them out of APACHE_MODULES.', acceptable=False)] if lost else []


def _module_needs_prefork(case):
    return [refuse('module_needs_prefork', 'Under %s: %s.' % (case.wanted.mpm, reason), 'Disable it first, or stay with prefork.', acceptable=False)
            for reason in case.target.needs_prefork]


def _not_ours(case):
    servers, service, found = case.state.servers, case.state.service, []
    if servers.pid_file_state == 'reused':
        found.append(refuse('not_ours', '%s names a process that is no httpd, so the service would not start.' % service.pid_file,
                            # Beside an httpd that runs the file is not what has to go.
                            'End the httpd that runs beside it first.' if servers.strangers else 'Remove the stale file.', acceptable=False))
    ports = set(item.port for item in servers.running.listeners) if servers.running else set()
    if ports and case.now.listens and not ports & set(port for _address, port in case.now.listens):
        found.append(refuse('not_ours', 'Process %d, which %s names, listens on none of the ports that are configured (%s): it is another server.' % (
            servers.running.main.pid, service.pid_file, ', '.join('%d' % port for port in sorted(ports))),
            'Start the service %s, so that its pid file names its own server.' % service.name))
    if servers.strangers:
        # Beside a server of ours a second one may be meant; where ours is missing, this one is most likely it.
        listed = ', '.join('%d (%s)' % (process.pid, process.exe or process.name) for process in servers.strangers)
        words = ('es', '', 'them') if len(servers.strangers) > 1 else ('', 's', 'it')
        found.append(refuse('not_ours', 'Process%s %s run%s, and the service %s does not own %s (pid file %s).' % (
            words[0], listed, words[1], service.name, words[2], servers.pid_file_state), 'Stop %s, or put %s under the service, and try again.' % (
                words[2], words[2]), acceptable=servers.running is not None))
    for address, port, holder in case.state.port_holders:
        if any(port == ours and _overlap(address, listen) and not _side_by_side(case, address, listen, port) for listen, ours in case.target.listens):
            found.append(refuse('not_ours', 'Port %d, which httpd needs, is held by %s.' % (port, holder),
                                'Stop it, or put it under the service, and try again.', acceptable=False))
    return found


def _other_configuration(case):
    running, service = case.state.servers.running, case.state.service
    if running is None or running.config is None:
        return []
    return [refuse('not_ours', 'Process %d, which %s names, was started with the configuration %s, and the service %s as it is read takes %s.' % (
        running.main.pid, service.pid_file, running.config, service.name, case.state.build.config_file),
        'Name the file that it reads by the option config, or start it by the service.')]


def _shared_files(case):
    """Another server that reads what is going to change: a reload would end it, as it would ours if we left ours running."""
    found = []
    for other in case.state.others:
        shared = sorted(set(edit.real for edit in case.edits) & other.files)
        if shared:
            found.append(refuse('shared_files', 'Process %d (%s) is another server, with the configuration %s, and reads too what would change: %s. '
                                'A reload of it would end it, and its next start would have the other MPM.' % (
                                    other.process.pid, other.service or 'of no service', other.config, ', '.join(shared)),
                                'Give each server a file of its own for its MPM; or accept shared_files and switch the other one right after.'))
    return found


def _overlap(held, wanted):
    """Tell whether one socket keeps the other from listening. `::` takes IPv4 too, unless its program says otherwise, which cannot be seen."""
    if '0.0.0.0' in (held, wanted):
        other = wanted if held == '0.0.0.0' else held
        return other == '::' or ':' not in other
    return held == wanted or held in ANY_ADDRESS or wanted in ANY_ADDRESS


def _side_by_side(case, held, wanted, port):
    """Tell whether our server listens there now, by the other family: then `::` takes no IPv4, and both can."""
    running = case.state.servers.running
    places = ANY_ADDRESS if wanted in ANY_ADDRESS else (wanted,)
    mine = [item.address for item in running.listeners if item.port == port and item.address in places] if running else []
    return bool(mine) and all((':' in address) != (':' in held) for address in mine)


def _directives_invalid(case):
    wanted, mpm = case.wanted.directives, case.wanted.mpm
    problems = directives.check_directives(mpm, wanted)
    if wanted and not problems:
        problems = directives.check_together(mpm, _numbers(case.target)) + _overruled(case)
    return [refuse('directives_invalid', problem, 'Give numbers that fit together.', acceptable=False) for problem in problems]


def _numbers(look):
    return dict((name, setting.value) for name, setting in look.directives.items())


def _overruled(case):
    """Directives that keep another number than the one that is wanted, and where they get it."""
    problems = []
    for name in sorted(case.wanted.directives):
        setting = case.target.directives.get(directives.modern_name(name))
        if not setting:
            problems.append('%s stays unset.' % name)
        elif setting.value != directives.number_of(case.wanted.directives[name]):
            problems.append('%s stays %s: %s line %d sets it later.' % (name, setting.value, setting.file, setting.line))
    return problems


def _unsafe_paths(case):
    return [refuse('unsafe_paths', '%s cannot be changed safely: %s.' % (fact.path, fact.problem),
                   'Give it to root alone.', acceptable=False) for fact in _edited_paths(case) if fact.problem]


def _edited_paths(case):
    return [case.state.paths[edit.path] for edit in case.edits if edit.path in case.state.paths]


def _not_utf8(case):
    return [refuse('not_utf8', '%s is not UTF-8.' % fact.path, 'Convert it; or accept not_utf8: every byte of it is kept.')
            for fact in _edited_paths(case) if fact.encoding != 'utf-8']


def _probe_failed(case):
    return [refuse('probe_failed', '%s fails already, before anything is changed: %s' % (answer.url, answer.error),
                   'Mend the page, or the probe.', acceptable=False) for answer in case.answers if answer.error]


def _reload_would_kill(case):
    """httpd refuses to change a loaded MPM during a restart, and ends; whoever asked for the reload hears that it went well."""
    running, choice = case.state.servers.running, case.state.choice
    if not running or running.mpm == choice.mpm or not case.state.mpm_modules:
        return []
    return [Finding('reload_would_kill', WARN, False, 'The server runs %s, and %s chooses %s: any reload, that of logrotate too, ends the server.' % (
        running.mpm, choice.path, choice.mpm or 'none'), 'Switch to the one that you want.', [])]


def _running_not_configured(case):
    running, choice = case.state.servers.running, case.state.choice
    if not running or running.mpm == choice.mpm or case.state.mpm_modules:
        return []
    return [Finding('running_not_configured', WARN, False, 'The server runs %s, and %s chooses %s: the next restart changes it.' % (
        running.mpm, choice.path, choice.mpm), 'Switch to the one that you want.', [])]


def _service_masked(case):
    if not case.state.service.masked or case.state.servers.running is None:
        return []
    return [refuse('service_masked', 'The service %s is masked, so the server that runs could not be started again.' % case.state.service.name,
                   'Unmask it first: systemctl unmask %s' % case.state.service.name, acceptable=False)]


def _not_the_managers(case):
    """A server that was started by hand beside its unit: the service manager would not stop it, and would start a second one."""
    service, running = case.state.service, case.state.servers.running
    if service.manager != 'systemd' or running is None or service.main_pid == running.main.pid:
        return []
    return [refuse('not_ours', 'Process %d is the server by its pid file, and by systemd it is %s.' % (
        running.main.pid, 'process %d' % service.main_pid if service.main_pid else 'none'),
        'Stop it and start it by the service %s.' % service.name, acceptable=False)]


def _strategy_unavailable(case):
    """Who names a rung wants that one and no other; a server that is stopped needs none."""
    rung = strategy.choose_rung(case.state, case.wanted) if case.state.servers.running else None
    return [refuse('strategy_unavailable', 'The strategy %s cannot be had on this host: %s.' % (name, why),
                   'Take strategy auto, which uses the best that can.', acceptable=False) for name, why in rung.passed] if rung and not rung.name else []


def _directives_clamped(case):
    if case.wanted.directives:
        return []
    return [Finding('directives_clamped', WARN, False, problem, 'Set it by directives.', [])
            for problem in directives.check_together(case.wanted.mpm, _numbers(case.target))]


RULES = (
    ('plesk', _plesk), ('control_panel', _control_panel), ('config_broken', _config_broken), ('mpm_not_single', _mpm_not_single),
    ('choice_unclear', _choice_unclear), ('mpm_missing', _mpm_missing), ('mpm_by_package', _mpm_by_package), ('old_event', _old_event),
    ('php_not_threadsafe', php_rules.php_not_threadsafe), ('php_lost', php_rules.php_lost), ('php_directives', php_rules.php_directives),
    ('php_htaccess', php_rules.php_htaccess), ('php_moves', php_rules.php_moves), ('config_unclear', _config_unclear),
    ('modules_lost', _modules_lost), ('module_needs_prefork', _module_needs_prefork),
    ('not_ours', _not_ours), ('not_ours', _not_the_managers), ('not_ours', _other_configuration),
    ('shared_files', _shared_files), ('service_masked', _service_masked), ('directives_invalid', _directives_invalid),
    ('unsafe_paths', _unsafe_paths), ('not_utf8', _not_utf8), ('probe_failed', _probe_failed), ('reload_would_kill', _reload_would_kill),
    ('running_not_configured', _running_not_configured), ('strategy_unavailable', _strategy_unavailable), ('directives_clamped', _directives_clamped),
)
# Rules that a user may name in `accept`; the others cannot be waived.
ACCEPTABLE = ('old_event', 'not_ours', 'shared_files', 'not_utf8', 'php_htaccess', 'config_unclear')


def judge(case):
    """Give every Finding of every rule; one that the user accepts by name becomes a warning."""
    found = [finding for _name, rule in RULES for finding in rule(case)]
    return [_accepted(finding) if finding.acceptable and finding.rule in case.wanted.accept else finding for finding in found]


def _accepted(finding):
    return finding._replace(level=WARN, reason='Accepted: ' + finding.reason)
