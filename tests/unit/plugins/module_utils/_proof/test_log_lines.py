# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._proof import log_lines


class TestOwnWarnings:
    @pytest.mark.parametrize(
        'lines, expected',
        [
            (
                [
                    'AH00316: WARNING: MaxRequestWorkers of 256 is not an integer multiple of '
                    'ThreadsPerChild of 25, decreasing to 250'
                ],
                1,
            ),
            (
                [
                    'AH00513: WARNING: MaxRequestWorkers of 500 exceeds ServerLimit value of 256 '
                    'servers, decreasing MaxRequestWorkers to 256.'
                ],
                1,
            ),
            (
                [
                    '[Mon Nov 23 13:00:00 2026] [warn] WARNING: MaxClients of 900 exceeds '
                    'ServerLimit value of 256 servers,'
                ],
                1,
            ),
            (
                [
                    "AH00558: httpd: Could not reliably determine the server's fully qualified "
                    'domain name, using 192.0.2.1.'
                ],
                0,
            ),
            (
                [
                    '[Mon Nov 23 13:00:00 2026] [core:error] [pid 3] [client 192.0.2.9] AH00037: '
                    'Symbolic link not allowed: /srv/x?password=1'
                ],
                0,
            ),
            ([], 0),
        ],
    )
    def test_only_numbers_that_it_changes(self, lines, expected):
        assert len(log_lines.own_warnings(lines + lines)) == expected

    def test_come_without_the_time(self):
        line = 'AH00317: MaxRequestWorkers of 9 is not an integer multiple of ThreadsPerChild of 2'
        assert log_lines.own_warnings(
            ['[Mon Nov 23 13:00:00.1 2026] [mpm_worker:warn] [pid 9:tid 9] ' + line]
        ) == [line]


class TestInWords:
    @pytest.mark.parametrize(
        'lines, expected',
        [
            ([], ''),
            (
                [
                    "Action '-DFOREGROUND' failed.",
                    'The Apache error log may have more information.',
                    '(98)Address already in use: x',
                ],
                '(98)Address already in use: x',
            ),
            (
                [
                    '[Mon Nov 23 13:00:00 2026] [ssl:emerg] [pid 9] AH02565: do not match',
                    '',
                    'AH02565: do not match',
                ],
                'AH02565: do not match',
            ),
            (
                [
                    'AH00558: httpd: Could not reliably determine the name',
                    'no listening sockets available, shutting down',
                ],
                'no listening sockets available, shutting down',
            ),
            (
                ['line %d' % number for number in range(30)],
                ' '.join('line %d' % number for number in range(20, 30)),
            ),
        ],
    )
    def test_say_what_is_wrong_and_nothing_twice(self, lines, expected):
        assert log_lines.in_words(lines) == expected

    def test_are_not_without_end(self):
        assert len(log_lines.in_words(['x' * 9000])) == 1500
