# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import dialogs

EL = '/usr/libexec/httpd-ssl-pass-dialog'


class TestProgramOf:
    @pytest.mark.parametrize(
        'args, program',
        [
            (['builtin'], None),
            (['exec:' + EL], EL),
            (['exec:bin/answer'], '/etc/httpd/bin/answer'),
            (['|/opt/answer a b'], '/opt/answer'),
            (['|/opt/answer', 'a'], '/opt/answer'),
            (['exec:'], '/etc/httpd/'),
        ],
    )
    def test_is_the_first_word(self, args, program):
        assert dialogs.program_of(args, '/etc/httpd') == program


class TestAsksAPerson:
    @pytest.mark.parametrize(
        'path, content, asks',
        [
            (EL, b'', True),
            (EL, b'\x7fELF', True),
            (EL, b'#!/bin/sh\nexec /bin/systemd-ask-password "Enter $1"\n', True),
            (EL, b'#!/bin/sh\necho secret\n', False),
            ('/usr/share/apache2/ask-for-passphrase', b'', True),
            ('/usr/sbin/apache2-systemd-ask-pass', b'', True),
            ('/usr/bin/systemd-ask-password', b'\x7fELF', True),
            ('/opt/answer', b'', False),
            ('/opt/answer', b'\x7fELF', False),
            ('/opt/answer', b'#!/bin/sh\nread -r phrase </dev/tty\n', True),
            ('/opt/answer', b'#!/bin/sh\nplymouth ask-for-password\n', True),
            ('/opt/answer', b'#!/bin/sh\nvault read phrase\n', False),
        ],
    )
    def test_by_what_it_runs_and_then_by_its_name(self, path, content, asks):
        assert dialogs.asks_a_person(path, content) is asks
