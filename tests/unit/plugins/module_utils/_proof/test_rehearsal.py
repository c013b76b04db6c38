# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest

from ansible_collections.webops.apache.plugins.module_utils._model import Answer
from ansible_collections.webops.apache.plugins.module_utils._proof import rehearsal

URL = 'http://localhost:80/'
BEFORE = Answer(URL, 200, False, True, None)


class TestJudgeAnswers:
    @pytest.mark.parametrize('before, now, wrong, unjudged', [
        (BEFORE, BEFORE, 0, 0),
        (BEFORE, BEFORE._replace(status=404), 1, 0),
        (BEFORE, BEFORE._replace(source=True), 1, 0),
        (BEFORE, BEFORE._replace(status=503), 0, 1),
        (BEFORE, BEFORE._replace(status=500), 0, 1),
        (BEFORE._replace(status=500), BEFORE._replace(status=500), 0, 0),
        (BEFORE._replace(status=500), BEFORE._replace(status=502), 1, 0),
        (BEFORE, BEFORE._replace(status=None, error='no answer: the page did not end within 10 s'), 0, 1),
        (BEFORE, BEFORE._replace(status=None, error='no answer: Connection reset by peer'), 1, 0),
        (BEFORE._replace(status=None, error='no answer'), BEFORE._replace(status=None, error='no answer'), 0, 0),
    ])
    def test_what_needs_another_server_is_not_judged(self, before, now, wrong, unjudged):
        found = rehearsal.judge_answers([(before, now)])
        assert (len(found[0]), len(found[1])) == (wrong, unjudged)


class TestLacksThreads:
    @pytest.mark.parametrize('line, expected', [
        ('[Mon Nov 23 13:00:00 2026] [mpm_worker:alert] [pid 9:tid 9] (11)Resource temporarily unavailable: AH00282: ap_thread_create: unable', True),
        ('[Mon Nov 23 13:00:00 2026] [alert] (11)Resource temporarily unavailable: apr_thread_create: unable to create worker thread', True),
        ('[Mon Nov 23 13:00:00 2026] [mpm_event:alert] [pid 9:tid 9] AH00480: ap_thread_create: unable to create worker thread', True),
        ('[Mon Nov 23 13:00:00 2026] [mpm_prefork:error] [pid 9] (11)Resource temporarily unavailable: AH00159: fork: Unable to fork new process', True),
        ("AH00558: httpd-prefork: Could not reliably determine the server's fully qualified domain name", False),
        ('[Mon Nov 23 13:00:00 2026] [mpm_prefork:notice] [pid 9] AH00163: Apache configured -- resuming normal operations', False),
        ('[Mon Nov 23 13:00:00 2026] [core:error] [pid 9] AH00037: Symbolic link not allowed: /srv/thread', False),
    ])
    def test_by_what_httpd_says(self, line, expected):
        assert rehearsal.lacks_threads([line]) is expected


class TestOwnWarnings:
    @pytest.mark.parametrize('lines, expected', [
        (['AH00316: WARNING: MaxRequestWorkers of 256 is not an integer multiple of ThreadsPerChild of 25, decreasing to 250'], 1),
        (['AH00513: WARNING: MaxRequestWorkers of 500 exceeds ServerLimit value of 256 servers, decreasing MaxRequestWorkers to 256.'], 1),
        (['[Mon Nov 23 13:00:00 2026] [warn] WARNING: MaxClients of 900 exceeds ServerLimit value of 256 servers,'], 1),
        (["AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 192.0.2.1."], 0),
        (['[Mon Nov 23 13:00:00 2026] [core:error] [pid 3] [client 192.0.2.9] AH00037: Symbolic link not allowed: /srv/x?password=1'], 0),
        ([], 0),
    ])
    def test_only_numbers_that_it_changes(self, lines, expected):
        assert len(rehearsal.own_warnings(lines + lines)) == expected

    def test_come_without_the_time(self):
        line = 'AH00317: MaxRequestWorkers of 9 is not an integer multiple of ThreadsPerChild of 2'
        assert rehearsal.own_warnings(['[Mon Nov 23 13:00:00.1 2026] [mpm_worker:warn] [pid 9:tid 9] ' + line]) == [line]


class TestInWords:
    @pytest.mark.parametrize('lines, expected', [
        ([], ''),
        (["Action '-DFOREGROUND' failed.", 'The Apache error log may have more information.', '(98)Address already in use: x'],
         '(98)Address already in use: x'),
        (['[Mon Nov 23 13:00:00 2026] [ssl:emerg] [pid 9] AH02565: do not match', '', 'AH02565: do not match'], 'AH02565: do not match'),
        (['AH00558: httpd: Could not reliably determine the name', 'no listening sockets available, shutting down'],
         'no listening sockets available, shutting down'),
        (['line %d' % number for number in range(30)], ' '.join('line %d' % number for number in range(20, 30))),
    ])
    def test_say_what_is_wrong_and_nothing_twice(self, lines, expected):
        assert rehearsal.in_words(lines) == expected

    def test_are_not_without_end(self):
        assert len(rehearsal.in_words(['x' * 9000])) == 1500


class TestReadLines:
    def test_of_what_is_not_there_are_none(self, tmp_path):
        assert rehearsal.read_lines(str(tmp_path / 'none')) == []

    def test_are_text_whatever_the_bytes(self, tmp_path):
        (tmp_path / 'log').write_bytes(b'a\xff\nb\n')
        assert rehearsal.read_lines(str(tmp_path / 'log')) == [u'a\xff', u'b']
