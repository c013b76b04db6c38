# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules of the refusal table that are about PHP: it must not be lost, and not run where it
is not safe.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import AS_FILE, BY_MODULE, THREADED, WARN, Finding
from .._text import foreign, list_some
from . import php_site_rules
from .case import refuse
from .fpm import rules as fpm_rules
from .fpm.choices import choices_in_words

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Sequence  # noqa: F401

    from .._model import PhpExtensions, PhpModule  # noqa: F401
    from .case import Case  # noqa: F401

SAFETY_WORDS = {
    'missing': 'is not there',
    'nts': 'is not thread-safe',
    'unknown': 'does not say that it is thread-safe',
}
_WAY_OUT = (
    'Move them to a .user.ini, which FPM reads, or put <IfModule> with the name of the PHP module '
    'around them; or accept php_htaccess.'
)
_WAY_OUT_WITH_FPM = (
    'Put <IfModule mod_php.c> (or the name that your PHP has) around them, or AllowOverride with '
    'Nonfatal=Unknown into the <Directory> of these folders: then httpd passes over them, and FPM '
    'gets a copy. Or move them to a .user.ini, which FPM reads; or accept php_htaccess.'
)


def php_not_threadsafe(case):
    # type: (Case) -> list[Finding]
    if case.wanted.mpm not in THREADED:
        return []
    # Where FPM is asked for and cannot take over, its own rules say why.
    against = [] if fpm_rules.is_in_the_way(case) else _not_threadsafe(case)
    unserved = case.wanted.php == 'zts' and not case.target.php.modules and not against
    if not against and not unserved:
        return []
    package = layout_named(case.state.layout).zts_package
    fix = choices_in_words(case)
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
        for module in against
    ]
    if unserved:
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


def php_extensions_missing(case):
    # type: (Case) -> list[Finding]
    """What the module without thread safety loads and its sister does not: each page that needs it
    fails.
    """
    known, found = case.state.installed.php_extensions, []
    if case.wanted.mpm not in THREADED:
        return []
    for module in case.target.php.modules:
        for before in case.now.php.modules:
            if module.path in known and before.path in known and module.path != before.path:
                found += _missing(case, before, known[before.path], module, known[module.path])
    return found


def _missing(case, before, loads, module, will_load):
    # type: (Case, PhpModule, PhpExtensions, PhpModule, PhpExtensions) -> list[Finding]
    """Return the findings about two PhpModules. loads, will_load: their PhpExtensions."""
    problem = loads.problem or will_load.problem
    there = set(one.name for one in will_load.loaded)
    lost = [one for one in loads.loaded if one.name not in there]
    if not (problem or lost):
        return []
    named = list_some(
        ['%s (%s line %d)' % (foreign(one.name), foreign(one.path), one.line) for one in lost]
    )
    words = 'Under %s PHP would be %s, without extensions that %s loads now: %s.'
    words %= (case.wanted.mpm, module.path, before.path, named)
    if problem:
        words = 'Which extensions %s and %s load cannot be told (%s).'
        words %= (before.path, module.path, foreign(problem))
    return [
        refuse(
            'php_extensions_missing',
            words,
            'Install them for the thread-safe PHP: libraries in %s, lines in %s; or stay with '
            'prefork; or accept php_extensions_missing.'
            % (foreign(will_load.folder), foreign(', '.join(will_load.scanned))),
        )
    ]


def _safety(module):
    # type: (PhpModule) -> str
    return SAFETY_WORDS[module.thread_safety]


def _not_threadsafe(case):
    # type: (Case) -> Sequence[PhpModule]
    """Return the PhpModules that stand against a threaded MPM."""
    lost = (
        case.now.php.modules
        and not case.target.php.modules
        and case.wanted.php != 'none'
        and any(one.now.how == BY_MODULE and one.then.how == AS_FILE for one in case.mappings)
    )
    if lost and 'ts' not in case.state.installed.php_files.values():
        return case.now.php.modules
    return [module for module in case.target.php.modules if module.thread_safety != 'ts']


def php_lost(case):
    # type: (Case) -> list[Finding]
    mpm, package = case.wanted.mpm, layout_named(case.state.layout).php_package
    found = []
    for module in case.target.php.modules:
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
    return found or php_site_rules.lost_php(case)


def php_stays(case):
    # type: (Case) -> list[Finding]
    """The module would be loaded all the same: its line is in a file that is not ours to change."""
    if case.wanted.php not in ('none', 'fpm'):
        return []
    return [
        refuse(
            'php_stays',
            'php: %s is asked for, and %s line %d would load %s under %s all the same: the service '
            'writes that file anew at each start.'
            % (case.wanted.php, module.file, module.line, module.path, case.wanted.mpm),
            'Take PHP out of the list of modules that the service reads (SUSE: a2dismod, which '
            'changes APACHE_MODULES), restart httpd, and switch then; or ask for php: keep.',
            acceptable=False,
        )
        for module in case.target.php.modules
    ]


def php_directives(case):
    # type: (Case) -> list[Finding]
    """Settings of mod_php that are read where it is not loaded: httpd does not know them then,
    and does not start.
    """
    if not case.target.php.settings:
        return []
    places = _in_words(case.target.php.settings)
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
    # type: (Case) -> list[Finding]
    """The same in the .htaccess files of sites: httpd starts, and answers 500 to every request
    below them.

    Nothing of a site is edited.
    """
    if case.target.php.modules or not case.now.php.modules:
        return []
    found = []
    if case.target.php.site_settings:
        found.append(
            refuse(
                'php_htaccess',
                'Under %s no line loads PHP, and httpd would answer 500 to every request below '
                'these settings of it: %s.'
                % (case.wanted.mpm, _in_words(case.target.php.site_settings)),
                _WAY_OUT_WITH_FPM if case.carried else _WAY_OUT,
            )
        )
    if case.state.disk.htaccess.cut:
        found.append(
            Finding(
                'php_htaccess',
                WARN,
                False,
                'The search for settings of mod_php in .htaccess files was cut short (%s); what it '
                'did '
                'not reach may have more of them.' % case.state.disk.htaccess.cut,
                'Look for php_value and php_flag yourself.',
                [],
            )
        )
    return found


def _in_words(places):
    # type: (Sequence[tuple[str, int]]) -> str
    """Return the first of [(path, line)], and the number of the others."""
    return list_some(['%s line %d' % (foreign(path), line) for path, line in places])
