# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Where the page that asks PHP can lie. It is a means of proof and no condition of a switch: where
it cannot be written the switch goes on, and says which proof was not made.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import WARN, Finding

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import HostState, Outlook, Wanted  # noqa: F401
    from .case import Case  # noqa: F401


def find_folder(state, wanted, now, target):
    # type: (HostState, Wanted, Outlook, Outlook) -> tuple[str | None, str | None]
    """Return (folder, None), or (None, why there is none); (None, None) where PHP is not to answer.

    now, target: Outlooks. Both servers have to serve the folder, and nobody but root may own it.
    """
    served = (now.php.modules or now.php.proxied) and (target.php.modules or target.php.proxied)
    if not served or wanted.php == 'none':
        return None, None
    root = now.files.document_root
    facts = state.disk.paths.get(root)
    if facts is None:
        return None, 'no document root of the main server is known'
    if root != target.files.document_root:
        return None, 'the document root would be another one'
    if facts.problem or facts.unwritable:
        return None, facts.unwritable or facts.problem
    return facts.real, None


def php_not_asked(case):
    # type: (Case) -> list[Finding]
    """Say that PHP is not asked, where a page would ask it if there were a place for one."""
    state, wanted = case.state, case.wanted
    running = state.servers.running
    if running is None or (running.mpm == wanted.mpm and not case.edits):
        return []
    why = find_folder(state, wanted, case.now, case.target)[1]
    if why is None:
        return []
    return [
        Finding(
            'php_not_asked',
            WARN,
            False,
            'No page of ours asks whether PHP answers, before and after: %s.' % why,
            'Name a page of yours that PHP makes by probes.',
            [],
        )
    ]
