# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of Debian 8 and later and Ubuntu 14.04 and later: links in mods-enabled/ lead to what
is loaded.

`.load` and `.conf` of a module move together: Debian 12's mpm_*.conf has no guard, and one that is
left over keeps the server from starting. The marks below /var/lib/apache2 tell a package upgrade
what the administrator wants; a2enmod(8) sets them the same way.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._model import EVENT, MPMS, PREFORK, THREADED, WORKER, FileEdit, Link
from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._syntax.httpd_options import compiled_mpm
from .._syntax.trees import with_file, without_file
from . import loadmodule
from .record import Layout

PROGRAM = '/usr/sbin/apache2'
CONTROL = '/usr/sbin/apache2ctl'
AVAILABLE, ENABLED = '/etc/apache2/mods-available', '/etc/apache2/mods-enabled'
MARKS = '/var/lib/apache2/module'
KINDS = ('enabled_by_admin', 'enabled_by_maint', 'disabled_by_admin', 'disabled_by_maint')
PARTS = ('.load', '.conf')
# What a mark holds where a switch of ours disabled PHP. a2enmod and a2dismod empty or remove it, so
# that what somebody chose stays chosen.
OURS = u'webops.apache\n'
# What denies the sources of PHP for as long as it is disabled: path, target of the link.
DENIAL = ('/etc/apache2/conf-enabled/webops-no-php.conf', '../conf-available/webops-no-php.conf')
# What apache2ctl does before it starts apache2.
ENVIRONMENT = [
    '/usr/bin/env',
    '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    '/bin/sh',
    '-c',
    '. /etc/apache2/envvars >/dev/null 2>&1; env',
]
_MPM = re.compile(r'^mpm_(prefork|worker|event)$')
_PHP = re.compile(r'^php[0-9.]*$')
_CGI = {True: ('cgi', 'cgid'), False: ('cgid', 'cgi')}
_DEPENDS = re.compile(r'^#\s*Depends:(.*)$', re.MULTILINE)


def detect(evidence, compiled):
    """MPMs that wait in mods-available, and a program without one of its own."""
    waiting = [
        path for path in evidence if path.startswith(AVAILABLE) and _MPM.match(module_of(path))
    ]
    return bool(waiting) and any(
        'mod_so.c' in sources and not compiled_mpm(sources) for sources in compiled.values()
    )


def module_of(path):
    """The module that a file is about, as a2enmod names it."""
    return os.path.splitext(os.path.basename(path))[0]


def mpms(reading):
    """{mpm: (program, path of its module)} of those that wait in mods-available."""
    found = {}
    for mpm in MPMS:
        text = reading.evidence.get('%s/mpm_%s.load' % (AVAILABLE, mpm)) or u''
        lines = [
            line
            for line in parse_lines(text)
            if line.kind == DIRECTIVE and line.name == 'loadmodule' and len(line.args) > 1
        ]
        if lines:
            found[mpm] = (PROGRAM, os.path.join(reading.tree.root, lines[0].args[1]))
    return found


def read_choice(reading):
    """Return the Choice: of the one active line, which has to stand behind a link."""
    choice = loadmodule.read_choice(reading)
    if choice.value and not choice.path.startswith(ENABLED + '/'):
        return choice._replace(
            unclear='the LoadModule line stands there, and not behind a link in %s' % ENABLED
        )
    return (
        choice
        if choice.value
        else choice._replace(path='%s/mpm_%s.load' % (ENABLED, PREFORK), text=None)
    )


def choose(state, tree, mpm):
    """Return the ConfigTree in which this MPM's links are there and no other's; cgi and cgid
    follow it, as they do in a2enmod.
    """
    enabled = set(module_of(path) for path in tree.files if path.startswith(ENABLED + '/'))
    wanted = 'mpm_%s' % mpm
    others = [module for module in sorted(enabled) if _MPM.match(module) and module != wanted]
    if wanted in enabled and not others:
        return tree
    for module in others:
        tree = disable(tree, module)
    tree = enable(state, tree, wanted)
    left, right = _CGI[mpm in THREADED]
    if left in enabled and '%s/%s.load' % (AVAILABLE, right) in state.evidence:
        tree = enable(state, disable(tree, left), right)
    return tree


def enable(state, tree, module):
    """Return the tree with the links of a module."""
    for part in PARTS:
        text = state.evidence.get('%s/%s%s' % (AVAILABLE, module, part))
        if text is not None:
            tree = with_file(
                tree,
                '%s/%s%s' % (ENABLED, module, part),
                text,
                '../mods-available/%s%s' % (module, part),
            )
    return tree


def disable(tree, module):
    """Return the tree without the links of a module."""
    for part in PARTS:
        tree = without_file(tree, '%s/%s%s' % (ENABLED, module, part))
    return tree


def drop(tree, path):
    """Return the tree without the module that the file `path` loads, None where that is no link
    of this layout.
    """
    return disable(tree, module_of(path)) if path.startswith(ENABLED + '/') else None


def dependants(tree, mpm):
    """Enabled modules that say that they need another MPM than this one: [(module, MPM)]."""
    found = []
    for path in sorted(tree.files):
        for words in (
            _DEPENDS.findall(tree.files[path])
            if path.startswith(ENABLED + '/') and path.endswith('.load')
            else []
        ):
            found.extend(
                (module_of(path), need)
                for need in words.split()
                if _MPM.match(need) and need != 'mpm_%s' % mpm
            )
    return found


def edit_choice_file(state, tree, mpm):
    """[FileEdit] of the marks of every module whose links come or go."""
    before, after = [
        set(
            module_of(path)
            for path in some.files
            if path.startswith(ENABLED + '/') and path.endswith('.load')
        )
        for some in (state.tree, tree)
    ]
    edits, denied = [], '/etc/apache2/conf-available/webops-no-php.conf'
    if DENIAL[0] in state.tree.files and DENIAL[0] not in tree.files and denied in state.evidence:
        edits.append(
            FileEdit(
                denied, denied, state.evidence[denied], None, 'sources are served by PHP again'
            )
        )
    for module in sorted(before ^ after):
        edits.extend(_marks(state, module, module in after))
    return edits


def _marks(state, module, enabled):
    wanted, edits = (
        '%s/%s/%s' % (MARKS, 'enabled_by_admin' if enabled else 'disabled_by_admin', module),
        [],
    )
    for kind in KINDS:
        path = '%s/%s/%s' % (MARKS, kind, module)
        there = state.evidence.get(path)
        text = (
            (OURS if _PHP.match(module) and not enabled else there or u'')
            if path == wanted
            else None
        )
        if there != text:
            edits.append(FileEdit(path, path, there, text, 'tell a package upgrade what is wanted'))
    return edits


def dropped(state):
    """[module] of PHP that a switch of ours disabled, and that nobody enabled or disabled by
    hand since.
    """
    start = '%s/disabled_by_admin/' % MARKS
    return [
        path[len(start) :]
        for path in sorted(state.evidence)
        if path.startswith(start)
        and state.evidence[path] == OURS
        and '%s/%s.load' % (AVAILABLE, path[len(start) :]) in state.evidence
    ]


def order(state, edits, mpm):
    """Return the renames.

    Up to the commit the old MPM loads, and what is only for the new one waits behind its guard; the
    commit puts
    the new MPM where the old one's link was, by one rename; then the names and links become what
    they are in the end.
    """
    leaving = [edit for edit in edits if _is_link_of(edit, '.load', False)]
    coming = [edit for edit in edits if _is_link_of(edit, '.load', True)]
    if len(leaving) != 1 or len(coming) != 1:
        return sorted(edits, key=_links_first)
    old, new = leaving[0], coming[0]
    guards, rest = [], []
    for edit in sorted(edits, key=lambda edit: edit.path):
        if edit in (old, new):
            continue
        guard = _guarded(state, edit, module_of(old.path), module_of(new.path))
        if guard:
            guards.append(guard[0])
            rest.append(guard[1])
        else:
            (
                guards
                if edit.after is not None and edit.path.startswith('/etc/apache2/conf-')
                else rest
            ).append(edit)
    commit = FileEdit(
        old.path, old.real, old.before, new.after, 'load the new MPM, and no other, from now on'
    )
    return guards + [commit, new, old._replace(before=new.after)] + sorted(rest, key=_links_first)


def _links_first(edit):
    """What goes, goes from its settings on: .conf before .load, the link before its file; what
    comes, comes the other way round.
    """
    going = edit.after is None
    load, plain = (
        edit.path.endswith('.load'),
        not isinstance(edit.before if going else edit.after, Link),
    )
    return (going, load, plain, edit.path) if going else (going, not load, not plain, edit.path)


def _is_link_of(edit, part, comes):
    here, gone = (edit.after, edit.before) if comes else (edit.before, edit.after)
    return (
        isinstance(here, Link)
        and gone is None
        and edit.path.startswith(ENABLED + '/')
        and _MPM.match(module_of(edit.path)) is not None
        and edit.path.endswith(part)
    )


def _guarded(state, edit, old, new):
    """Return the two edits by which a link comes or goes on either side of the commit, behind a
    guard in between; [] where none is needed.
    """
    linked = edit.path.startswith(ENABLED + '/') and (
        isinstance(edit.before, Link) or isinstance(edit.after, Link)
    )
    # cgi and cgid load under any MPM; a guard would stand before the MPM is loaded, and be false.
    if not linked or edit.path.startswith(ENABLED + '/cgi'):
        return []
    link, owner = (edit.after, new) if edit.before is None else (edit.before, old)
    text = (
        state.evidence.get('%s/%s' % (AVAILABLE, os.path.basename(link.target)))
        if isinstance(link, Link)
        else None
    )
    if text is None:
        return []
    guarded = u'<IfModule %s_module>\n%s\n</IfModule>\n' % (owner, text)
    return [
        edit._replace(after=guarded, reason='for %s only, while the MPM changes' % owner),
        edit._replace(before=guarded),
    ]


class ModsEnabled(Layout):
    """Links in mods-enabled choose the module: Debian 8 and later."""

    name = 'mods_enabled'
    service = 'apache2'
    evidence = tuple(
        [CONTROL]
        + ['%s/*%s' % (AVAILABLE, part) for part in PARTS]
        + ['/etc/apache2/conf-available/*.conf']
        + ['%s/%s/*' % (MARKS, kind) for kind in KINDS]
    )
    packages = {PREFORK: 'apache2-bin', WORKER: 'apache2-bin', EVENT: 'apache2-bin'}
    php_package = 'libapache2-mod-php'
    detect = staticmethod(detect)
    usual_program = PROGRAM
    environment = ENVIRONMENT
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    choose = staticmethod(choose)
    edit_choice_file = staticmethod(edit_choice_file)
    drop = staticmethod(drop)
    restore = staticmethod(enable)
    dependants = staticmethod(dependants)
    denial = DENIAL
    order = staticmethod(order)
    dropped = staticmethod(dropped)

    def command(self, program):
        return [CONTROL]

    def own_file(self, mpm):
        return '%s/mpm_%s.conf' % (ENABLED, mpm)


LAYOUT = ModsEnabled()
