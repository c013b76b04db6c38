# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules about the PHP of each site: it must go on, and nothing may lose its protection."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import (
    AS_FILE,
    BY_MODULE,
    DENIED,
    DENIED_BY_US,
    ENGINE_OFF,
    EXECUTED,
    HIGHLIGHTED,
    WARN,
    Finding,
)
from .._text import foreign, list_some
from .case import refuse
from .fpm import marks
from .fpm.rules import is_carried
from .php_mapping import names_php
from .php_names import OTHER, STEM

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import PhpMapping, Site  # noqa: F401
    from .case import Case  # noqa: F401
    from .php_mapping import PhpLine  # noqa: F401

    # A site, and a place of it.
    SitePart = tuple[Site, 'str | None']

# Settings of the module that keep scripts away from something.
PROTECTIONS = frozenset(
    [
        'open_basedir',
        'disable_functions',
        'disable_classes',
        'allow_url_fopen',
        'allow_url_include',
        'enable_dl',
        'doc_root',
        'file_uploads',
        'safe_mode',
        'safe_mode_exec_dir',
        'upload_tmp_dir',
    ]
)
_RUN_BY = {
    'mod_php': 'mod_php',
    'fpm': 'FPM',
    'fcgid': 'mod_fcgid',
    'cgi': 'a CGI program',
}


def lost_php(case):
    # type: (Case) -> list[Finding]
    """Sites of which the sources would be sent, since nothing runs them."""
    lost = [
        mapping
        for mapping in case.mappings
        if mapping.now.how in EXECUTED + (HIGHLIGHTED,) and mapping.then.how == AS_FILE
    ]
    if not lost:
        return _sources_already(case)
    fix = 'Leave php at its default, so that a block is added; or ask for php: none, which denies '
    fix += 'the sources.'
    if case.wanted.php == 'none':
        fix = 'Deny these files in the section of each of these sites, or have FPM serve them. A '
        fix += '.htaccess that lets visitors in (Require, Allow, Satisfy) overrules such a section.'
    return [
        refuse(
            'php_lost',
            'Under %s nothing would run the PHP of these sites, and their sources would be sent as '
            'text: %s.' % (case.wanted.mpm, in_words(lost)),
            fix,
            acceptable=False,
        )
    ]


def _sources_already(case):
    # type: (Case) -> list[Finding]
    """What this switch does not lose; somebody has seen to it, or has not noticed."""
    sent = [
        mapping
        for mapping in case.mappings
        if mapping.now.how == AS_FILE
        and mapping.then.how == AS_FILE
        and names_php(mapping.now.by)
        and names_php(mapping.then.by)
    ]
    if not sent or case.now.php.modules:
        return []
    return [
        Finding(
            'php_lost',
            WARN,
            False,
            'No line loads PHP, now or under %s, and sources are sent as text: %s.'
            % (case.wanted.mpm, in_words(sent)),
            'Ask for php: zts (or prefork) to have it back; or for php: none, which denies the '
            'sources.',
            [],
        )
    ]


def php_denied(case):
    # type: (Case) -> list[Finding]
    """Sites that would answer 403 where PHP answered."""
    denied = [
        mapping
        for mapping in case.mappings
        if mapping.now.how in EXECUTED and mapping.then.how in (DENIED, DENIED_BY_US)
    ]
    if not denied:
        return []
    words = 'Under %s PHP would be denied (403) for these sites: %s.'
    words %= (case.wanted.mpm, in_words(denied))
    fix = 'Have FPM serve them first, if they need PHP.'
    if case.wanted.php == 'none':
        return [Finding('php_denied', WARN, False, words, fix, [])]
    return [refuse('php_denied', words, fix + ' Or accept php_denied.')]


def php_denied_by_us(case):
    # type: (Case) -> list[Finding]
    """What an earlier switch has denied, and another program would run meanwhile."""
    denied = [
        mapping
        for mapping in case.mappings
        if mapping.now.how == DENIED_BY_US
        and mapping.then.how in EXECUTED
        and mapping.then.how != BY_MODULE
    ]
    if not denied:
        return []
    return [
        Finding(
            'php_denied_by_us',
            WARN,
            False,
            'What an earlier switch with php: none has written answers 403 for these sites, of '
            'which another program would run the PHP: %s. This switch removes it.'
            % in_words(denied),
            'Switch to %s once more.' % case.wanted.mpm,
            [],
        )
    ]


def php_protection_lost(case):
    # type: (Case) -> list[Finding]
    """What keeps visitors or scripts away from something now, and would not any more."""
    executed = [mapping for mapping in case.mappings if _is_run_anew(mapping)]
    sent = [
        mapping
        for mapping in case.mappings
        if mapping.now.how == DENIED and mapping.then.how == AS_FILE
    ]
    found = []
    for mappings, words in (
        (executed, 'would be executed by another program'),
        (sent, 'would be sent as text'),
    ):
        if mappings:
            found.append(_no_longer_kept(case, mappings, words))
    lines = [line for line in lost_settings(case) if line.name in PROTECTIONS]
    return found + ([_no_longer_set(case, lines)] if lines else [])


def _is_run_anew(mapping):
    # type: (PhpMapping) -> bool
    """Return whether something is run that is not run now. What mod_php runs again was meant for
    it.
    """
    if mapping.then.how not in EXECUTED:
        return False
    if mapping.now.how == AS_FILE:
        return mapping.then.how != BY_MODULE and not names_php(mapping.now.by)
    return mapping.now.how in (DENIED, ENGINE_OFF)


def _no_longer_kept(case, mappings, words):
    # type: (Case, list[PhpMapping], str) -> Finding
    return refuse(
        'php_protection_lost',
        'Under %s scripts that are not run now %s: %s. What keeps them from it now: %s.'
        % (case.wanted.mpm, words, in_words(mappings), _lines_of(mappings)),
        'Deny these files with <FilesMatch> and Require all denied there; or accept '
        'php_protection_lost.',
    )


def _no_longer_set(case, lines):
    # type: (Case, list[PhpLine]) -> Finding
    return refuse(
        'php_protection_lost',
        'These settings of mod_php protect sites whose PHP another program would run under %s, and '
        'would not hold any more: %s.' % (case.wanted.mpm, _settings(lines)),
        'Set them in the pool of FPM (php_admin_value[name]), then accept php_protection_lost.',
    )


def php_settings_lost(case):
    # type: (Case) -> list[Finding]
    lines = [line for line in lost_settings(case) if line.name not in PROTECTIONS]
    if not lines:
        return []
    return [
        Finding(
            'php_settings_lost',
            WARN,
            False,
            'These settings of mod_php would not hold any more under %s, where another program '
            'runs PHP: %s.' % (case.wanted.mpm, _settings(lines)),
            'Set them in the pool of FPM, or in a .user.ini.',
            [],
        )
    ]


def lost_settings(case):
    # type: (Case) -> list[PhpLine]
    """Return [PhpLine] of the settings of mod_php for the sites that move to another program."""
    moved = set(mapping.site for mapping in moves(case))
    found = []
    for site, lines in case.php_lines:
        if site in moved or (site is None and moved):
            found.extend(lines)
    return found


def moves(case):
    # type: (Case) -> list[PhpMapping]
    """Return the PhpMappings that another program runs after the switch than before, and not as
    before.
    """
    return [
        mapping
        for mapping in case.mappings
        if mapping.now.how in EXECUTED
        and mapping.then.how in EXECUTED
        and mapping.now.how != mapping.then.how
        and BY_MODULE in (mapping.now.how, mapping.then.how)
        and not is_carried(case, mapping)
        and not marks.is_our_backend(mapping.now.by)
    ]


def php_not_judged(case):
    # type: (Case) -> list[Finding]
    """Lines of .htaccess files of which only httpd knows whether they give files to PHP, deny them,
    or turn PHP off.
    """
    if case.target.php.modules or not case.now.php.modules or not case.unjudged:
        return []
    named = [
        '%s%s (%s)'
        % (
            foreign(one.path or 'some .htaccess files'),
            ' line %d' % one.line if one.line else '',
            foreign(one.why),
        )
        for one in case.unjudged
    ]
    return [
        refuse(
            'php_not_judged',
            'It cannot be told what these .htaccess files say of PHP: %s. Under %s sources could '
            'be sent as text there, or scripts be executed that are not run now.'
            % (list_some(named), case.wanted.mpm),
            'Look at these lines, or write them in a plainer way; then accept php_not_judged.',
        )
    ]


def php_moves(case):
    # type: (Case) -> list[Finding]
    """Users, settings, sessions and caches are different ones then."""
    found = []
    pairs = sorted(set((mapping.now.how, mapping.then.how) for mapping in moves(case)))
    for was, will in pairs:
        moved = [one for one in moves(case) if (one.now.how, one.then.how) == (was, will)]
        found.append(
            Finding(
                'php_moves',
                WARN,
                False,
                'PHP is run by %s now and by %s under %s: %s.'
                % (_RUN_BY[was], _RUN_BY[will], case.wanted.mpm, in_words(moved)),
                'Compare user, php.ini, session and cache settings of both.',
                [],
            )
        )
    return found


def in_words(mappings):
    # type: (list[PhpMapping]) -> str
    """Return the sites of some PhpMappings, with the endings of the files, in words."""
    groups, order = {}, []  # type: dict[SitePart, list[str]], list[SitePart]
    for mapping in mappings:
        key = (mapping.site, mapping.place)
        if key not in groups:
            groups[key] = []
            order.append(key)
        groups[key].append(mapping.name)
    named = [
        '%s%s (%s)'
        % (site_in_words(site), ' in ' + foreign(place) if place else '', _endings(groups[key]))
        for key in order
        for site, place in [key]
    ]
    return list_some(named, joint='; ')


def site_in_words(site):
    # type: (Site) -> str
    """Return a Site as its name, with the place where it is configured."""
    if site.path is None:
        return 'the main server'
    name = site.name or 'a site without a name'
    return '%s, %s line %d' % (foreign(name), foreign(site.path), site.line)


def _endings(names):
    # type: (list[str]) -> str
    if OTHER in names:
        return 'all files'
    spelled = {STEM: 'files without an ending'}
    return ', '.join(
        name[len(STEM) :] if name.startswith(STEM + '.') else spelled.get(name) or foreign(name)
        for name in names
    )


def _lines_of(mappings):
    # type: (list[PhpMapping]) -> str
    lines = []
    for mapping in mappings:
        words = 'no handler takes them'
        if mapping.now.path:
            words = '%s line %d' % (foreign(mapping.now.path), mapping.now.line)
        if words not in lines:
            lines.append(words)
    return list_some(lines)


def _settings(lines):
    # type: (list[PhpLine]) -> str
    named = ['%s (%s line %d)' % (foreign(one.name), foreign(one.path), one.line) for one in lines]
    return list_some(named)
