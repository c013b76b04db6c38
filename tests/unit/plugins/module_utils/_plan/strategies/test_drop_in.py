# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What systemd is told of a unit while one server follows another there."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan.strategies import drop_in
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

DETAILS = hosts.OVERLAP_UNIT
NAMES = {'pid': '/run/x/httpd.service.pid', 'start': '/run/x/httpd.service.start'}


@pytest.mark.parametrize(
    'kind, more',
    [
        ('notify', ['NotifyAccess=main', 'Environment=NOTIFY_SOCKET=/run/systemd/notify']),
        ('forking', []),
    ],
)
def test_the_drop_in_removes_itself_from_a_fresh_start(kind, more):
    text = drop_in.drop_in_text(dict(DETAILS, type=kind), NAMES)
    assert text.splitlines()[1:] == ['[Service]', 'PIDFile=/run/x/httpd.service.pid'] + more + [
        'ExecStartPre=+-/usr/bin/rm -f /run/systemd/system/httpd.service.d/zz-webops-mpm.conf',
        'ExecStartPre=+-/usr/bin/systemctl daemon-reload',
        'ExecReload=',
        'ExecReload=+/usr/bin/rm /run/x/httpd.service.start',
        'ExecReload=/usr/sbin/httpd $OPTIONS -C "ListenCoresBucketsRatio 4096"',
    ]


@pytest.mark.parametrize(
    'word, quoted',
    [
        ('-k', '-k'),
        ('${OPTIONS}', '${OPTIONS}'),
        ('a b', '"a b"'),
        ('100%', '100%%'),
        ('say "x"\\', '"say \\"x\\"\\\\"'),
        ('a;b', '"a;b"'),
    ],
)
def test_words_are_quoted_as_systemd_reads_them(word, quoted):
    details = dict(DETAILS, start=['/bin/x', word])
    assert drop_in.drop_in_text(details, NAMES).splitlines()[-1] == 'ExecReload=/bin/x ' + quoted


def test_every_path_is_of_this_unit_and_below_run():
    described = drop_in.describe_unit(dict(DETAILS, unit='httpd@a.service'), 7, drop_in.KEPT)
    paths = [described.main_file, described.ticket, described.drop_in]
    assert paths == [
        '/run/webops-apache-mpm/httpd@a.service.pid',
        '/run/webops-apache-mpm/httpd@a.service.start',
        '/run/systemd/system/httpd@a.service.d/zz-webops-mpm.conf',
    ]
    assert (described.pid, described.unit, described.control, described.folder) == (
        7,
        'httpd@a.service',
        '/usr/bin/systemctl',
        '/run/webops-apache-mpm',
    )
    assert all(path in described.text for path in paths)


def test_a_unit_without_a_main_process_is_kept_and_not_started_again():
    lines = drop_in.describe_unit(DETAILS, 7, drop_in.KEPT).text.splitlines()
    assert set(['RemainAfterExit=yes', 'Restart=no']) < set(lines)
    # What starts the new server is the last line: without it a reload starts nothing.
    assert lines[-1].startswith('ExecReload=/usr/sbin/httpd') and lines[-2].startswith(
        'ExecReload=+/usr/bin/rm'
    )
