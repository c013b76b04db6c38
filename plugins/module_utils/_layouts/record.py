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


class Layout(object):
    """Where one kind of host keeps its choice of the MPM, and how that is changed.

    A subclass says what differs from the most common kind: the choice is in files, the program is
    always the same one, and httpd's own configuration says the rest. It has no state.
    """

    # As in the documentation; as the service manager knows it.
    name = service = None
    # Files, or patterns of files, that are read; patterns of files of which only the names are.
    evidence = names = ()
    # {mpm: package that has it}; names of packages, or None.
    packages = {}
    zts_package = php_package = None
    # Path of the program that may be httpd, where there is just one.
    usual_program = None
    # argv that prints the environment in which the configuration is read, or None.
    environment = None
    # Files that the service writes at each start.
    generated = ()
    # (path, target of a link) of a file that denies sources, or None.
    denial = None
    # Whether the package that is installed is the choice, and no file is.
    by_package = False
    # Function of a HostState that returns [module] of PHP that a switch of ours disabled and nobody
    # touched since; None where no such account is kept.
    dropped = None

    def detect(self, evidence, compiled):
        """Return whether a host has this layout."""
        raise NotImplementedError(self.name)

    def mpms(self, reading):
        """Return {mpm: (program, path of its module or None)}."""
        raise NotImplementedError(self.name)

    def read_choice(self, reading):
        """Return the Choice."""
        raise NotImplementedError(self.name)

    def candidate_binaries(self, evidence):
        """Return the paths of programs that may be httpd."""
        return [self.usual_program]

    def program(self, evidence, compiled):
        """Return the path of the program that the service starts."""
        return self.usual_program

    def command(self, program):
        """Return the argv by which a program is asked about the configuration."""
        return [program]

    def sourced(self, evidence):
        """Return the paths of files to read as well."""
        return []

    def read_options(self, evidence):
        """Return the words that the service passes to the program."""
        return []

    def pid_file(self, evidence):
        """Return the path of the pid file; None where httpd's configuration says it."""
        return None

    def choose(self, state, tree, mpm):
        """Return the ConfigTree with that MPM chosen."""
        return tree

    def edit_choice_file(self, state, tree, mpm):
        """Return [FileEdit] of files outside of the ConfigTree."""
        return []

    def drop(self, tree, path):
        """Return the tree without the module that a file loads.

        None where lines have to be commented out instead.
        """
        return None

    def restore(self, state, tree, module):
        """Return the tree with a module enabled that was dropped."""
        return tree

    def dependants(self, tree, mpm):
        """Return [(module, MPM that it needs)]."""
        return []

    def own_file(self, mpm):
        """Return the path of the file that only this MPM reads, or None."""
        return None

    def order(self, state, edits, mpm):
        """Return [FileEdit], one rename each.

        At every instant the disk boots with exactly one MPM.
        """
        return choice_last(state, edits, mpm)


def choice_last(state, edits, mpm):
    """Return edits in an order that suits where one file makes the choice, and all others may be
    changed before it.

    What denies sources comes before the choice and goes after it: a host that boots in between must
    not send them as text.
    """
    return sorted(
        edits, key=lambda edit: (edit.after is None, edit.path == state.choice.path, edit.path)
    )
