# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a layout is: where a host keeps its choice of MPM, as a record of facts and small pure
functions.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING, NamedTuple
from .._syntax.shell_exports import Exports

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Callable, Sequence  # noqa: F401

    from .._model import Choice, ConfigTree, FileEdit, HostState  # noqa: F401
    from .._syntax.evaluate import World  # noqa: F401

    # {path: text or None}.
    Evidence = dict[str, 'str | None']

# What a layout may judge by. compiled: {program: source names that `-l` lists}; world: that under
# the program that is configured.
Reading = NamedTuple(
    'Reading',
    [
        ('evidence', 'Evidence'),
        ('compiled', 'dict[str, list[str]]'),
        ('tree', 'ConfigTree'),
        ('world', 'World'),
    ],
)


class Layout(object):
    """Where one kind of host keeps its choice of the MPM, and how to change it.

    A subclass says what differs from the most common kind: the choice is in files, the program is
    always the same one, and httpd's own configuration says the rest. It has no state.
    """

    # As in the documentation; as the service manager knows it.
    name = service = None  # type: str
    # Files, or patterns of files, that are read; patterns of files of which only the names are.
    evidence = names = ()  # type: Sequence[str]
    # {mpm: package that has it}; names of packages, or None.
    packages = {}  # type: dict[str, str]
    zts_package = php_package = None  # type: str | None
    # Path of the program that may be httpd, where there is just one.
    usual_program = None  # type: str
    # Scripts that the service reads for the environment of the program.
    sources = ()  # type: Sequence[str]
    # (path, target of a link) of a file that denies sources, or None.
    denial = None  # type: tuple[str, str | None] | None
    # Folders in which entries come and go; the one from which links among the evidence lead.
    folders = ()  # type: Sequence[str]
    links_from = None  # type: str | None
    # Whether the package that is installed is the choice, and no file is.
    by_package = False
    # Function of a HostState that returns [module] of PHP that a switch of ours disabled and nobody
    # changed since; None where that is not recorded.
    dropped = None  # type: Callable[[HostState], list[str]] | None

    def detect(self, evidence, compiled):
        # type: (Evidence, dict[str, list[str]]) -> bool
        """Return whether a host has this layout."""
        raise NotImplementedError(self.name)

    def mpms(self, reading):
        # type: (Reading) -> dict[str, tuple[str, list[str] | None]]
        """Return {mpm: (program, paths)}.

        paths: where its module may be, the likeliest first; None where it is linked in.
        """
        raise NotImplementedError(self.name)

    def read_choice(self, reading):
        # type: (Reading) -> Choice
        """Return the Choice."""
        raise NotImplementedError(self.name)

    def candidate_binaries(self, evidence):
        # type: (Evidence) -> list[str]
        """Return the paths of programs that may be httpd."""
        return [self.usual_program]

    def program(self, evidence, compiled):
        # type: (Evidence, dict[str, list[str]]) -> str
        """Return the path of the program that the service starts."""
        return self.usual_program

    def waits(self, path):
        # type: (str) -> bool
        """Return whether a file of the evidence waits to be put into `links_from`."""
        return False

    def command(self, program):
        # type: (str) -> list[str]
        """Return the argv by which a program is asked about the configuration."""
        return [program]

    def sourced(self, evidence):
        # type: (Evidence) -> list[str]
        """Return the paths of files to read as well."""
        return []

    def read_options(self, evidence, environment):
        # type: (Evidence, dict[str, str]) -> list[str]
        """Return the words that the files of the service pass to the program.

        environment: {name: value} in which it runs.
        """
        return []

    def exports(self, evidence):
        # type: (Evidence) -> Exports
        """Return the Exports of the files of the service that are read without a shell."""
        return Exports({}, frozenset())

    def generated(self, evidence):
        # type: (Evidence) -> Sequence[str]
        """Return the paths of files that the service writes at each start."""
        return ()

    def pid_file(self, evidence):
        # type: (Evidence) -> str | None
        """Return the path of the pid file; None where httpd's configuration says it."""
        return None

    def choose(self, state, tree, mpm):
        # type: (HostState, ConfigTree, str) -> ConfigTree
        """Return the ConfigTree with that MPM chosen."""
        return tree

    def edit_choice_file(self, state, tree, mpm):
        # type: (HostState, ConfigTree, str) -> list[FileEdit]
        """Return [FileEdit] of files outside of the ConfigTree."""
        return []

    def drop(self, tree, path):
        # type: (ConfigTree, str) -> ConfigTree | None
        """Return the tree without the module that a file loads.

        None where lines have to be commented out instead.
        """
        return None

    def restore(self, state, tree, module):
        # type: (HostState, ConfigTree, str) -> ConfigTree
        """Return the tree with a module enabled that was dropped."""
        return tree

    def dependants(self, tree, mpm):
        # type: (ConfigTree, str) -> list[tuple[str, str]]
        """Return [(module, MPM that it needs)]."""
        return []

    def own_file(self, mpm):
        # type: (str) -> str | None
        """Return the path of the file that only this MPM reads, or None."""
        return None

    def order(self, state, edits, mpm):
        # type: (HostState, list[FileEdit], str) -> list[FileEdit]
        """Return [FileEdit], one rename each.

        The disk always boots with exactly one MPM.
        """
        return choice_last(state, edits, mpm)


def choice_last(state, edits, mpm):
    # type: (HostState, list[FileEdit], str) -> list[FileEdit]
    """Return edits in an order that suits where one file makes the choice, and all others may be
    changed before it.

    The file that denies sources is added before the choice and removed after it: a host that boots
    in between must not send them as text.
    """
    return sorted(
        edits, key=lambda edit: (edit.after is None, edit.path == state.choice.path, edit.path)
    )
