# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host.unit_paths import lost_paths

LOST = '/there/is/no/such/folder'


@pytest.mark.parametrize(
    'unit, expected',
    [
        ({}, []),
        ({'ReadWritePaths': '/usr %s /' % LOST}, ['ReadWritePaths=' + LOST]),
        ({'ReadWriteDirectories': LOST}, ['ReadWriteDirectories=' + LOST]),
        ({'InaccessiblePaths': '+' + LOST}, ['InaccessiblePaths=+' + LOST]),
        # Systemd goes on without it.
        ({'ReadOnlyPaths': '-' + LOST}, []),
        ({'ReadOnlyPaths': '-+' + LOST}, []),
        ({'WorkingDirectory': '!' + LOST}, []),
        ({'WorkingDirectory': '~'}, []),
        ({'WorkingDirectory': '/usr'}, []),
        ({'WorkingDirectory': LOST}, ['WorkingDirectory=' + LOST]),
        ({'BindPaths': '/usr:/srv/here:rbind ' + LOST + ':/srv:rbind'}, ['BindPaths=' + LOST]),
        ({'BindReadOnlyPaths': '-' + LOST + ':/srv:rbind'}, []),
        ({'EnvironmentFiles': LOST + ' (ignore_errors=yes)'}, []),
        (
            {'EnvironmentFiles': '/etc/passwd (ignore_errors=no)\n%s (ignore_errors=no)' % LOST},
            ['EnvironmentFile=' + LOST],
        ),
        ({'EnvironmentFile': LOST + '/*.conf (ignore_errors=no)'}, []),
        # Its paths begin elsewhere.
        ({'ReadWritePaths': LOST, 'RootDirectory': '/srv/root'}, []),
        ({'ReadWritePaths': '"%s more"' % LOST}, []),
    ],
    ids=repr,
)
def test_lost_paths(unit, expected):
    assert lost_paths(unit) == expected
