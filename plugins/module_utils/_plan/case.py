# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a rule looks at, and how it says no."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import REFUSE, Finding

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Sequence  # noqa: F401

    from .._model import (  # noqa: F401
        Answer,
        FileEdit,
        HostState,
        Outlook,
        PhpMapping,
        PhpUnjudged,
        Site,
        Wanted,
    )
    from .fpm.carry import Carried  # noqa: F401
    from .php_mapping import PhpLine  # noqa: F401

# now, target: of the configuration as it is and as it will be; answers: of the probes before
# anything is changed; php_lines: what each site sets of mod_php now, None for the main server;
# carried: where FPM takes PHP over from mod_php.
Case = NamedTuple(
    'Case',
    [
        ('state', 'HostState'),
        ('wanted', 'Wanted'),
        ('now', 'Outlook'),
        ('target', 'Outlook'),
        ('edits', 'list[FileEdit]'),
        ('answers', 'Sequence[Answer]'),
        ('mappings', 'Sequence[PhpMapping]'),
        ('php_lines', 'Sequence[tuple[Site | None, list[PhpLine]]]'),
        ('unjudged', 'Sequence[PhpUnjudged]'),
        ('carried', 'Carried | None'),
    ],
)
Case.__new__.__defaults__ = ((), (), (), (), None)


def refuse(rule, reason, fix, packages=(), acceptable=True):
    # type: (str, str, str, Iterable[str], bool) -> Finding
    return Finding(rule, REFUSE, acceptable, reason, fix, list(packages))
