# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Return whether packages alone would fix a refusal."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.webops.apache.plugins.plugin_utils import answers
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM


def mpm_fixed_by_packages(result: Any) -> bool:
    """Return whether a result is refused, and every reason for it names packages that solve it."""
    try:
        findings = answers.read_keys(MPM, result, ('findings',)).get('findings') or []
    except answers.Unreadable:
        return False
    refusals = [finding for finding in findings if finding.get('level') == 'refuse']
    # A lost PHP is what a missing package looks like from the other side.
    return any(finding.get('packages') for finding in refusals) and all(
        finding.get('packages') or finding.get('rule') == 'php_lost' for finding in refusals
    )


class TestModule:
    """The test of this file."""

    def tests(self) -> dict[str, Callable[[Any], bool]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_fixed_by_packages': mpm_fixed_by_packages}
