# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules of the refusal table that are about PHP: it must not be lost, and not run where it
is not safe.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._layouts.table import layout_named
from .._model import THREADED, WARN, Finding
from .._text import foreign
from .case import refuse

# So many places are named, and the number of the others.
SHOWN = 20
SAFETY_WORDS = {
    'missing': 'is not there',
    'nts': 'is not thread-safe',
    'unknown': 'does not say that it is thread-safe',
}


def php_not_threadsafe(case):
    if case.wanted.mpm not in THREADED:
        return []
    package = layout_named(case.state.layout).zts_package
    fix = '%sServe PHP by FPM and ask for php: none; or stay with prefork.' % (
        'Install the package %s; or: ' % package if package else ''
    )
    packages = [package] if package else []
    found = [
        refuse(
            'php_not_threadsafe',
            'Under %s a thread-safe PHP is needed, and %s (%s line %d) %s.'
            % (case.wanted.mpm, module.path, module.file, module.line, _safety(module)),
            fix,
            packages,
            acceptable=False,
        )
        for module in _not_threadsafe(case)
    ]
    if case.wanted.php == 'zts' and not case.target.php and not found:
        found.append(
            refuse(
                'php_not_threadsafe',
                'A thread-safe PHP is asked for, and no line would load one under %s.'
                % case.wanted.mpm,
                fix,
                packages,
                acceptable=False,
            )
        )
    return found


def _safety(module):
    return SAFETY_WORDS[module.thread_safety]


def _not_threadsafe(case):
    """Return the PhpModules that stand against a threaded MPM."""
    lost = (
        case.now.php
        and not case.target.php
        and case.wanted.php != 'none'
        and not case.target.proxied_php
    )
    if lost and 'ts' not in case.state.php_files.values():
        return case.now.php
    return [module for module in case.target.php if module.thread_safety != 'ts']


def php_lost(case):
    if case.wanted.php == 'none':
        return []
    mpm, package = case.wanted.mpm, layout_named(case.state.layout).php_package
    found = []
    for module in case.target.php:
        if module.thread_safety == 'missing' and mpm not in THREADED:
            reason = 'Under %s PHP would be %s (%s line %d), which is not there.' % (
                mpm,
                module.path,
                module.file,
                module.line,
            )
            found.append(
                refuse(
                    'php_lost',
                    reason,
                    'Install the package %s.' % package,
                    [package],
                    acceptable=False,
                )
            )
    if (
        not case.target.php
        and not case.target.proxied_php
        and (case.target.handlers or (case.now.php and case.now.handlers))
    ):
        found.append(_unloaded_php(case, mpm))
    return found


def _unloaded_php(case, mpm):
    if not case.now.php:
        # It does not get lost by this switch; somebody has seen to it, or has not noticed.
        return Finding(
            'php_lost',
            WARN,
            False,
            'No line loads PHP, now or under %s; unless they are denied, sources are served as '
            'text.' % mpm,
            'Ask for php: zts (or prefork) to have it back; or for php: none, which denies the '
            'sources.',
            [],
        )
    loading = ', '.join('%s line %d' % (module.file, module.line) for module in case.now.php)
    return refuse(
        'php_lost',
        'Under %s no line would load PHP (now %s does), and sources would be served as text.'
        % (mpm, loading),
        'Leave php at its default, so that a block is added; or ask for php: none, which denies '
        'the sources.',
        acceptable=False,
    )


def php_directives(case):
    """Settings of mod_php that are read where it is not loaded: httpd does not know them then,
    and does not start.
    """
    if not case.target.php_settings:
        return []
    places = _in_words(case.target.php_settings)
    return [
        refuse(
            'php_directives',
            'Under %s no line loads PHP, and its settings would be unknown to httpd: %s.'
            % (case.wanted.mpm, places),
            'Move them to the pool of FPM, or put <IfModule> around them; php: none does the '
            'latter.',
            acceptable=False,
        )
    ]


def php_htaccess(case):
    """The same in the .htaccess files of sites: httpd starts, and answers 500 to every request
    below them.

    Nothing of a site is edited.
    """
    if case.target.php or not case.now.php:
        return []
    found = []
    if case.target.htaccess_settings:
        found.append(
            refuse(
                'php_htaccess',
                'Under %s no line loads PHP, and httpd would answer 500 to every request below '
                'these settings of it: %s.'
                % (case.wanted.mpm, _in_words(case.target.htaccess_settings)),
                'Move them to a .user.ini, which FPM reads, or put <IfModule> with the name of the '
                'PHP module around them; or accept php_htaccess.',
            )
        )
    if case.state.htaccess.cut:
        found.append(
            Finding(
                'php_htaccess',
                WARN,
                False,
                'The search for settings of mod_php in .htaccess files was cut short (%s); what it '
                'did '
                'not reach may have more of them.' % case.state.htaccess.cut,
                'Look for php_value and php_flag yourself.',
                [],
            )
        )
    return found


def _in_words(places):
    """Return the first of [(path, line)], and the number of the others."""
    named = ', '.join('%s line %d' % (foreign(path), line) for path, line in places[:SHOWN])
    return named + (' and %d more' % (len(places) - SHOWN) if len(places) > SHOWN else '')


def php_moves(case):
    """mod_php before and another program after, or the other way round: users, settings,
    sessions and caches are different ones.
    """
    was, will = bool(case.now.php), bool(case.target.php)
    if was == will or not (case.target if was else case.now).proxied_php:
        return []
    words = ('mod_php', 'another program (FPM)') if was else ('another program (FPM)', 'mod_php')
    return [
        Finding(
            'php_moves',
            WARN,
            False,
            'PHP is run by %s now and by %s under %s.' % (words + (case.wanted.mpm,)),
            'Compare user, php.ini, session and cache settings of both.',
            [],
        )
    ]
