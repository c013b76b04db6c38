# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tell whether packages alone would cure a refusal."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type


def mpm_cured_by_packages(result):
    """True if a result is refused, and every reason for it names packages that cure it."""
    refusals = [finding for finding in result.get('findings', []) if finding['level'] == 'refuse']
    # A lost PHP is what a missing package looks like from the other side.
    return bool(refusals) and any(finding['packages'] for finding in refusals) and all(
        finding['packages'] or finding['rule'] == 'php_lost' for finding in refusals)


class TestModule(object):
    """The test of this file."""

    def tests(self):
        return {'mpm_cured_by_packages': mpm_cured_by_packages}
