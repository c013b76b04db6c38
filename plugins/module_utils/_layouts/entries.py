# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The entries of mods-enabled: what each one is about, and where one waits that is not the stock
link.

An entry is a file or a link that holds one module and its settings. It is known by what it loads;
its name is whatever the tool or the person chose that made it. What goes away is moved to
mods-available, under a name that neither httpd nor a2enmod reads, and comes back from there.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING
from .._model import FileEdit, Link
from .._syntax.evaluate import PHP_SYMBOL
from .._syntax.httpd_conf import CLOSE, COMMENT, DIRECTIVE, parse_lines
from .._syntax.known_directives import BRINGERS
from .._syntax.trees import value_at
from .mpm_lines import SYMBOL

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import HostState  # noqa: F401

AVAILABLE, ENABLED = '/etc/apache2/mods-available', '/etc/apache2/mods-enabled'
PARTS = ('.load', '.conf')
# Behind the name of an entry that waits; and, with a number, of one that a later one replaced.
KEPT = '.webops-kept'
MPM_NAME = re.compile(r'^mpm_(prefork|worker|event)$')
_OF_PHP = re.compile(
    r'^(php_(admin_)?(value|flag)|phpinidir|sethandler|addhandler|addtype|directoryindex|require'
    r'|order|allow|deny)$'
)


def module_of(path):
    """The module that a file is about by its name, as a2enmod names it."""
    return os.path.splitext(os.path.basename(path))[0]


def mpm_loads(text):
    """Return [(mpm, Line)] of the lines of a text that load an MPM, in force or not."""
    return [
        (SYMBOL.match(line.args[0]).group(1), line)
        for line in _loads(text)
        if SYMBOL.match(line.args[0])
    ]


def _loads(text):
    return [
        line
        for line in parse_lines(text)
        if line.kind == DIRECTIVE and line.name == 'loadmodule' and len(line.args) > 1
    ]


def subject_of(text):
    """Return the symbol of the one module that a text loads, where all else in it is a setting
    of that module; None of any other text.
    """
    symbols = set(line.args[0] for line in _loads(text))
    symbol = symbols.pop() if len(symbols) == 1 else None
    if symbol is None or not (SYMBOL.match(symbol) or PHP_SYMBOL.match(symbol)):
        return None
    names = set(line.name for line in parse_lines(text) if line.kind == DIRECTIVE)
    names -= set(['loadmodule', 'loadfile'])
    return symbol if all(_belongs(name, symbol) for name in names) else None


def _belongs(name, symbol):
    if PHP_SYMBOL.match(symbol):
        return _OF_PHP.match(name) is not None
    return symbol in BRINGERS.get(name, ())


def mpms_of(files):
    """Return {path: MPM} of the entries that are about one MPM: that load it, and the settings
    beside those; where nothing is loaded the name tells.

    files: {path in mods-enabled: text}. A file that loads more than an MPM is not among them:
    of that one only a line may change.
    """
    loading = dict(
        (path, SYMBOL.match(subject_of(text)).group(1))
        for path, text in files.items()
        if SYMBOL.match(subject_of(text) or '')
    )
    stems = dict((module_of(path), mpm) for path, mpm in loading.items())
    found = dict(loading)
    for path, text in files.items():
        if path not in loading and not _loads(text):
            named = MPM_NAME.match(module_of(path))
            mpm = stems.get(module_of(path)) or (named.group(1) if named else None)
            found.update([(path, mpm)] if mpm else [])
    return found


def enabled_files(tree):
    """Return {path: text} of what is in mods-enabled; a link that leads nowhere has no text."""
    return dict((path, text) for path, text in tree.files.items() if path.startswith(ENABLED + '/'))


def group_of(path, mpms):
    """Return what an entry comes and goes with: its MPM, or the module of its name."""
    return mpms.get(path) or module_of(path)


def leading(state, path, target):
    # type: (HostState, str, str) -> str
    """Return the target of a link that is to be made at `path`. target: as it looks from the
    folder that the path names; where that folder is a link to another one, it may have to be
    absolute.
    """

    def real(folder):
        return state.disk.paths[folder].real if folder in state.disk.paths else folder

    folder = os.path.dirname(path)
    wanted = os.path.normpath(os.path.join(folder, target))
    there = os.path.normpath(os.path.join(real(folder), target))
    leads = (wanted, os.path.join(real(os.path.dirname(wanted)), os.path.basename(wanted)))
    return target if there in leads else wanted


def stock(state, module):
    """Return {path: (Link, text)} of the entries that a2enmod makes for a module."""
    found = {}
    for part in PARTS:
        name = module + part
        text = state.disk.evidence.get('%s/%s' % (AVAILABLE, name))
        if text is not None:
            path = '%s/%s' % (ENABLED, name)
            found[path] = (Link(leading(state, path, '../mods-available/' + name)), text)
    return found


def waiting(state):
    """Return {path in mods-enabled: (text or Link, text that it holds)} of the entries that wait
    for the way back.
    """
    found = {}
    for place, text in state.disk.evidence.items():
        if place.startswith(AVAILABLE + '/') and place.endswith(KEPT):
            path = '%s/%s' % (ENABLED, os.path.basename(place)[: -len(KEPT)])
            value = Link(state.disk.links[place]) if place in state.disk.links else text
            found[path] = (value, text or u'')
    return found


def waiting_for(state, group):
    """Return the part of `waiting` that comes back with an MPM or a module; {} where nothing of
    it loads anything.
    """
    found = waiting(state)
    mpms = _mpms_of_waiting(found)
    mine = dict((path, found[path]) for path in found if group_of(path, mpms) == group)
    return mine if any(_loads(text) for _value, text in mine.values()) else {}


def _mpms_of_waiting(found):
    """Return as `mpms_of` what some of `waiting` are about."""
    return mpms_of(dict((path, text) for path, (_value, text) in found.items()))


def values_of(tree):
    """Return {path: text or Link} of mods-enabled."""
    return dict((path, value_at(tree, path)) for path in enabled_files(tree))


def edit_waiting(state, tree):
    """Return [FileEdit] that move what leaves mods-enabled aside, and take away what is back.

    What is just the stock links is not kept; else all that goes together is, so that what was not
    there does not come back either.
    """
    before, after, kept = values_of(state.tree), values_of(tree), waiting(state)
    mpms = mpms_of(enabled_files(state.tree))
    leaving = dict(
        (path, value) for path, value in before.items() if _leaves(value, after.get(path))
    )
    gone = set(group_of(path, mpms) for path in leaving)
    wanted = dict(
        (path, value)
        for path, value in leaving.items()
        if not _is_stock(state, group_of(path, mpms), leaving, mpms)
    )
    waiting_mpms = _mpms_of_waiting(kept)
    edits = []
    for path in sorted(kept):
        value = kept[path][0]
        # A text may have changed on the way, a link leads where it led.
        is_back = path not in before and path in after
        is_back = is_back and (after[path] == value or not isinstance(after[path], Link))
        replaced = group_of(path, waiting_mpms) in gone and wanted.get(path) != value
        if is_back or replaced:
            edits += [] if is_back else [_edit(state, _free_name(state, path), None, value)]
            edits += [_edit(state, _kept_path(path), value, wanted.pop(path, None))]
        elif wanted.get(path) == value:
            del wanted[path]
    return edits + [_edit(state, _kept_path(path), None, wanted[path]) for path in sorted(wanted)]


def _leaves(before, after):
    """A text that becomes another one is edited where it is."""
    replaced = after is None or isinstance(before, Link) or isinstance(after, Link)
    return before != after and replaced


def _is_stock(state, group, leaving, mpms):
    module = 'mpm_%s' % group if group in mpms.values() else group
    usual = dict((path, value) for path, (value, _text) in stock(state, module).items())
    mine = dict((path, value) for path, value in leaving.items() if group_of(path, mpms) == group)
    if any(_loads(state.tree.files[path]) for path in mine):
        return mine == usual
    return all(usual.get(path) == value for path, value in mine.items())


def _kept_path(path):
    return '%s/%s%s' % (AVAILABLE, os.path.basename(path), KEPT)


def _free_name(state, path):
    number = 1
    while '%s.%d' % (_kept_path(path), number) in state.disk.evidence:
        number += 1
    return '%s.%d' % (_kept_path(path), number)


def _edit(state, path, before, after):
    folder = state.disk.paths[AVAILABLE].real if AVAILABLE in state.disk.paths else AVAILABLE
    reason = 'it is back in mods-enabled' if after is None else 'keep it for the way back'
    return FileEdit(path, os.path.join(folder, os.path.basename(path)), before, after, reason)


def guards_all(text):
    """Return whether nothing of a text is read without a condition about modules."""
    depth = 0
    for line in parse_lines(text):
        if line.name == 'ifmodule' and line.kind not in (COMMENT, DIRECTIVE):
            depth += -1 if line.kind == CLOSE else 1
        elif line.kind == DIRECTIVE and not depth:
            return False
    return True
