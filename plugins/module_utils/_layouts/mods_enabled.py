# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of Debian 8 and later and Ubuntu 14.04 and later: links in mods-enabled/ choose what is
loaded.

`.load` and `.conf` of a module change together: Debian 12's mpm_*.conf has no guard, and one that
is left over keeps the server from starting. The marks below /var/lib/apache2 tell a package upgrade
what the administrator wants; a2enmod(8) sets the same marks.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._model import EVENT, MPMS, PREFORK, THREADED, WORKER, FileEdit, Link
from .._syntax.evaluate import PHP_SYMBOL
from .._syntax.httpd_options import compiled_mpm
from .._syntax.trees import with_file, without_file
from . import entries, fpm_places, loadmodule
from .entries import AVAILABLE, ENABLED, MPM_NAME, PARTS, module_of
from .mpm_lines import active_lines, load_only, mpm_of
from .record import Layout

PROGRAM = '/usr/sbin/apache2'
CONTROL = '/usr/sbin/apache2ctl'
MARKS = '/var/lib/apache2/module'
KINDS = ('enabled_by_admin', 'enabled_by_maint', 'disabled_by_admin', 'disabled_by_maint')
# What a mark holds where a switch of ours disabled PHP. a2enmod and a2dismod empty or remove it, so
# that what somebody chose stays chosen.
OURS = u'webops.apache\n'
# This denies the sources of PHP while it is disabled: path, target of the link.
DENIAL = ('/etc/apache2/conf-enabled/webops-no-php.conf', '../conf-available/webops-no-php.conf')
DENIED = (DENIAL[0], '/etc/apache2/conf-available/webops-no-php.conf')
# Links of ours, and the files to which they lead.
OWN = (
    DENIED,
    (
        '/etc/apache2/conf-enabled/' + fpm_places.NAME,
        '/etc/apache2/conf-available/' + fpm_places.NAME,
    ),
)
# What apache2ctl reads before it starts apache2.
ENVVARS = '/etc/apache2/envvars'
_PHP = re.compile(r'^php[0-9.]*$')
_CGI = {True: ('cgi', 'cgid'), False: ('cgid', 'cgi')}
_DEPENDS = re.compile(r'^#\s*Depends:(.*)$', re.MULTILINE)


def detect(evidence, compiled):
    """MPMs in mods-available, and a program without a built-in one."""
    waiting = [
        path for path in evidence if path.startswith(AVAILABLE) and MPM_NAME.match(module_of(path))
    ]
    return bool(waiting) and any(
        'mod_so.c' in sources and not compiled_mpm(sources) for sources in compiled.values()
    )


def read_options(evidence, environment):
    """Return the words that apache2ctl itself passes to apache2, from envvars."""
    return environment.get('APACHE_ARGUMENTS', '').split()


def mpms(reading):
    """{mpm: (program, paths of its module)}: what waits in mods-available names them. Where a line
    in another file loads the MPM, that line may load any.
    """
    root, usual = reading.tree.root, ['%s/mpm_%s.load' % (AVAILABLE, mpm) for mpm in MPMS]
    waiting = [
        (mpm, os.path.join(root, loadmodule.filled(reading, line.args[1])))
        for path, text in sorted(reading.evidence.items())
        if text and (path in usual or LAYOUT.waits(path))
        for mpm, line in entries.mpm_loads(text)
    ]
    named = MPMS if _lines(reading.tree, reading.world) else [mpm for mpm, _path in waiting]
    found = loadmodule.mpms(reading)
    return dict(
        (mpm, (PROGRAM, loadmodule.named_modules(mpm, waiting) + found[mpm][1])) for mpm in named
    )


def read_choice(reading):
    """Return the Choice: of the one active line, wherever it stands."""
    choice = loadmodule.read_choice(reading)
    return (
        choice
        if choice.value
        else choice._replace(path='%s/mpm_%s.load' % (ENABLED, PREFORK), text=None)
    )


def _lines(tree, world):
    """The active lines that load an MPM and are no entry of mods-enabled: they are edited, and do
    not come and go.
    """
    owned = entries.mpms_of(entries.enabled_files(tree))
    return [item for item in active_lines(tree, world) if item.path not in owned]


def choose(state, tree, mpm):
    """Return the ConfigTree in which this MPM's entries are there and no other's; cgi and cgid
    follow it, as they do in a2enmod.

    What is there already stays as it is.
    """
    lines, files = _lines(tree, loadmodule.world_of(state)), entries.enabled_files(tree)
    owned = entries.mpms_of(files)
    loaded = [mpm_of(item) for item in lines]
    loaded += [owned[path] for path in owned if entries.mpm_loads(files[path])]
    # Settings behind guards, of an MPM that is not loaded, are in nobody's way.
    others = [
        path
        for path in sorted(owned)
        if owned[path] != mpm and (owned[path] in loaded or not entries.guards_all(files[path]))
    ]
    if mpm in loaded and not others and set(loaded) == set([mpm]):
        return tree
    for path in others:
        tree = without_file(tree, path)
    if lines:
        module = state.installed.mpm_modules.get(mpm) or 'modules/mod_mpm_%s.so' % mpm
        tree = load_only(tree, mpm, loadmodule.world_of(state), module)
        # The line says which MPM; settings beside it in mods-enabled go with it.
        if any(path.endswith('.conf') for path in others):
            tree = _bring(state, tree, mpm, ('.conf',))
    elif mpm not in loaded:
        tree = _bring(state, tree, mpm, PARTS)
    return _with_cgi(state, tree, mpm)


def _with_cgi(state, tree, mpm):
    enabled = set(module_of(path) for path in entries.enabled_files(tree))
    left, right = _CGI[mpm in THREADED]
    if left in enabled and '%s/%s.load' % (AVAILABLE, right) in state.disk.evidence:
        tree = enable(state, disable(tree, left), right)
    return tree


def _bring(state, tree, group, parts):
    """Return the tree with the entries of an MPM, or of a module by its name.

    What waits for the way back is it; else the links that a2enmod makes. An entry that is there
    stays, unless it leads nowhere.
    """
    module = 'mpm_%s' % group if group in MPMS else group
    found = entries.waiting_for(state, group) or entries.stock(state, module)
    for path in sorted(found):
        value, text = found[path]
        # A link that leads nowhere has no text, and brings no module.
        missing = path not in tree.files or (path in tree.links and not tree.files[path])
        if missing and path.endswith(tuple(parts)):
            target = value.target if isinstance(value, Link) else None
            tree = with_file(without_file(tree, path), path, text, target)
    return tree


def enable(state, tree, module):
    """Return the tree with the entries of a module."""
    return _bring(state, tree, module, PARTS)


def disable(tree, module):
    """Return the tree without the entries of a module."""
    for part in PARTS:
        tree = without_file(tree, '%s/%s%s' % (ENABLED, module, part))
    return tree


def drop(tree, path):
    """Return the tree without the module that the file `path` loads, None where that is no entry
    of this module alone.
    """
    alone = path.startswith(ENABLED + '/') and entries.subject_of(tree.files[path])
    return disable(tree, module_of(path)) if alone else None


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
                if MPM_NAME.match(need) and need != 'mpm_%s' % mpm
            )
    return found


def edit_choice_file(state, tree, mpm):
    """[FileEdit] of the marks of every module whose links are added or removed."""
    before, after = [
        set(
            module_of(path)
            for path in some.files
            if path.startswith(ENABLED + '/') and path.endswith('.load')
        )
        for some in (state.tree, tree)
    ]
    edits, evidence = [], state.disk.evidence
    for link, own in OWN:
        if link in state.tree.files and link not in tree.files and evidence.get(own) is not None:
            reason = 'sources are served by PHP again'
            edits.append(FileEdit(own, own, evidence[own], None, reason))
    for module in sorted(before ^ after):
        # a2enmod knows those of mods-available alone.
        if '%s/%s.load' % (AVAILABLE, module) in state.disk.evidence:
            edits.extend(_marks(state, module, module in after))
    return edits + entries.edit_waiting(state, tree)


def _marks(state, module, enabled):
    wanted, edits = (
        '%s/%s/%s' % (MARKS, 'enabled_by_admin' if enabled else 'disabled_by_admin', module),
        [],
    )
    for kind in KINDS:
        path = '%s/%s/%s' % (MARKS, kind, module)
        there = state.disk.evidence.get(path)
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
    start, known = '%s/disabled_by_admin/' % MARKS, '%s/%%s.load' % AVAILABLE
    marked = [
        path[len(start) :]
        for path in sorted(state.disk.evidence)
        if path.startswith(start) and state.disk.evidence[path] == OURS
    ]
    # a2enmod keeps no marks of what has another name; that it waits says it.
    others = set(
        module_of(path)
        for path, (_value, text) in entries.waiting(state).items()
        if PHP_SYMBOL.match(entries.subject_of(text) or '')
    )
    return [module for module in marked if known % module in state.disk.evidence] + [
        module for module in sorted(others) if known % module not in state.disk.evidence
    ]


def order(state, edits, mpm):
    """Return the renames.

    Up to the commit the old MPM loads, and what is only for the new one waits behind its guard; the
    commit changes the line that loads it, or puts the new MPM where the old one's entry was, by one
    rename; then the names and entries become what they are in the end.
    """
    loads = dict((id(edit), _loaded_by(state, edit)) for edit in edits)
    changing = [edit for edit in edits if all(loads[id(edit)])]
    leaving = [edit for edit in edits if loads[id(edit)][0] and edit not in changing]
    coming = [edit for edit in edits if loads[id(edit)][1] and edit not in changing]
    old = set(mpm for edit in leaving + changing for mpm in loads[id(edit)][0])
    if len(old) != 1 or len(changing) + bool(leaving and coming) != 1:
        return sorted(edits, key=_links_first)
    # Of several that load the same, the others go before it, or come after it.
    extra, commit = leaving[:-1], _commit(leaving[-1:], coming[:1], changing)
    guards, rest = [], []
    for edit in sorted(edits, key=lambda edit: edit.path):
        if edit in leaving + coming[:1] + changing:
            continue
        guard = _guarded(state, edit, 'mpm_%s' % min(old), 'mpm_%s' % mpm)
        if guard:
            guards.append(guard[0])
            rest.append(guard[1])
        else:
            (guards if _is_first(edit, edits) else rest).append(edit)
    return guards + extra + commit + sorted(rest, key=_links_first)


def _is_first(edit, edits):
    """Return whether an edit of a file elsewhere is made before the commit: what denies sources, or
    asks another program for them, and where PHP leaves, lines that are for PHP only from then on.
    """
    if edit.after is None or edit.path.startswith((ENABLED + '/', MARKS + '/', AVAILABLE + '/')):
        return False
    if edit.path.startswith('/etc/apache2/conf-'):
        return True
    return edit.before is not None and any(
        other.after is None and _PHP.match(module_of(other.path)) and other.path.endswith('.load')
        for other in edits
    )


def _commit(leaving, coming, changing):
    """Return the renames from the one that decides on, until each entry is under its own name."""
    if changing:
        return changing
    old, new = leaving[0], coming[0]
    decides = FileEdit(
        old.path, old.real, old.before, new.after, 'load the new MPM, and no other, from now on'
    )
    return [decides, new, old._replace(before=new.after)]


def _loaded_by(state, edit):
    """Return ([MPM that a path loads before], [and after])."""
    return tuple(
        sorted(set(mpm for mpm, _line in entries.mpm_loads(_text_of(state, edit.path, value))))
        for value in (edit.before, edit.after)
        if _is_read(state, edit.path)
    ) or ([], [])


def _is_read(state, path):
    return path in state.tree.files or path.startswith(ENABLED + '/')


def _text_of(state, path, value):
    """The text that is read at a path where a value is: behind a link that of its target."""
    if not isinstance(value, Link):
        return value or u''
    if state.tree.links.get(path) == value.target:
        return state.tree.files[path]
    kept = entries.waiting(state).get(path)
    if kept and kept[0] == value:
        return kept[1]
    return state.disk.evidence.get('%s/%s' % (AVAILABLE, os.path.basename(value.target))) or u''


def _links_first(edit):
    """Remove the settings first: .conf before .load, the link before its file. Add in the opposite
    order.
    """
    going = edit.after is None
    load, plain = (
        edit.path.endswith('.load'),
        not isinstance(edit.before if going else edit.after, Link),
    )
    return (going, load, plain, edit.path) if going else (going, not load, not plain, edit.path)


def _guarded(state, edit, old, new):
    """Return the two edits by which an entry comes or goes on either side of the commit, behind a
    guard in between; [] where none is needed.
    """
    comes = edit.before is None
    text = _text_of(state, edit.path, edit.after if comes else edit.before)
    # cgi and cgid load under any MPM; a guard would stand before the MPM is loaded, and be false.
    if (
        not text
        or not edit.path.startswith(ENABLED + '/')
        or edit.path.startswith(ENABLED + '/cgi')
        or None not in (edit.before, edit.after)
    ):
        return []
    owner = new if comes else old
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
        + ['%s/*%s' % (AVAILABLE, part) for part in PARTS + (entries.KEPT, entries.KEPT + '.*')]
        + ['/etc/apache2/conf-available/*.conf']
        + ['%s/%s/*' % (MARKS, kind) for kind in KINDS]
    )
    packages = {PREFORK: 'apache2-bin', WORKER: 'apache2-bin', EVENT: 'apache2-bin'}
    php_package = 'libapache2-mod-php'
    detect = staticmethod(detect)
    usual_program = PROGRAM
    sources = (ENVVARS,)
    read_options = staticmethod(read_options)
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    choose = staticmethod(choose)
    edit_choice_file = staticmethod(edit_choice_file)
    drop = staticmethod(drop)
    restore = staticmethod(enable)
    dependants = staticmethod(dependants)
    denial = DENIAL
    folders = (AVAILABLE, ENABLED) + tuple(os.path.dirname(path) for path in DENIED)
    links_from = ENABLED
    order = staticmethod(order)
    dropped = staticmethod(dropped)

    def waits(self, path):
        return path.startswith(AVAILABLE + '/') and path.endswith(entries.KEPT)

    def command(self, program):
        return [CONTROL]

    def own_file(self, mpm):
        return '%s/mpm_%s.conf' % (ENABLED, mpm)


LAYOUT = ModsEnabled()
