# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a layout is: where a host keeps its choice of MPM, as a record of facts and small pure
functions.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

# What a layout may judge by. evidence: {path: text or None}; compiled: {program: source names that
# `-l` lists}; tree: ConfigTree; world: World under the program that is configured.
Reading = namedtuple('Reading', 'evidence compiled tree world')

# name: as in the documentation; service: as the service manager knows it; evidence: files, or
# patterns of files, that are read; names: patterns of files of which only the names are taken;
# packages: {mpm: package that has it}; zts_package, php_package: names or None. detect(evidence,
# compiled): whether a host has this layout; candidate_binaries(evidence): programs that may be
# httpd; program(evidence, compiled): the one that the service starts; command(program): argv by
# which it is asked about the configuration; environment: argv that prints the environment in which
# the configuration is read, or None; sourced(evidence): files to read as well;
# read_options(evidence): words that the service passes; pid_file(evidence): path, None where
# httpd's configuration says it; mpms(reading): {mpm: (program, path of its module or None)};
# read_choice(reading): Choice; choose(state, tree, mpm): the ConfigTree with that MPM chosen;
# generated: files that the service writes at each start; edit_choice_file(state, tree, mpm):
# [FileEdit] of files outside of it; drop(tree, path): the tree without the module that a file
# loads, None where lines have to be commented out; restore(state, tree, module): the tree with a
# module enabled that was dropped; dependants(tree, mpm): [(module, MPM that it needs)]; denial:
# (path, target of a link) of a file that denies sources, or None; own_file(mpm): the file that only
# this MPM reads, or None; order(state, edits, mpm): [FileEdit], one rename each, so that at every
# instant the disk boots with exactly one MPM; by_package: the package that is installed is the
# choice, and no file is; dropped(state): [module] of PHP that a switch of ours disabled and nobody
# touched since, None where no such account is kept.
Layout = namedtuple(
    'Layout',
    'name service evidence names packages zts_package php_package detect candidate_binaries '
    'program command environment sourced read_options pid_file mpms read_choice choose generated '
    'edit_choice_file drop restore dependants denial own_file order by_package dropped',
)
Layout.__new__.__defaults__ = (False, None)


def choice_last(state, edits, mpm):
    """Return edits in an order that suits where one file makes the choice, and all others may be
    changed before it.

    What denies sources comes before the choice and goes after it: a host that boots in between must
    not send them as text.
    """
    return sorted(
        edits, key=lambda edit: (edit.after is None, edit.path == state.choice.path, edit.path)
    )
