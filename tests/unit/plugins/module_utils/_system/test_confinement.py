# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import subprocess

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import confinement, processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root has capabilities to drop')
OURS = u'Name:\tpython\nNoNewPrivs:\t0\nCapBnd:\t00000000a80425fb\n'


@pytest.fixture
def shown(monkeypatch):
    """What /proc shows: {pid or 'self': text of its status}."""
    found = {os.getpid(): OURS}
    monkeypatch.setattr(processes, 'read_about', lambda pid, name: found.get(pid, u''))
    return found


class TestReadConfinement:
    @pytest.mark.parametrize(
        'theirs, dropped, no_new_privileges',
        [
            (OURS, (), False),
            (OURS.replace(u'25fb', u'25fa'), (0,), False),
            (OURS.replace(u'a8', u'28'), (31,), False),
            (OURS.replace(u'Privs:\t0', u'Privs:\t1'), (), True),
            (u'', (), False),
        ],
        ids=['as ours', 'less', 'less far up', 'no new privileges', 'gone'],
    )
    def test_is_the_difference(self, shown, theirs, dropped, no_new_privileges):
        shown[7] = theirs
        assert confinement.read_confinement(7) == confinement.Confinement(
            dropped, no_new_privileges, None
        )


@as_root
class TestTakeOn:
    def test_holds_for_the_program_that_is_started(self):
        confined = confinement.Confinement((10, 23), True, None)
        said = subprocess.Popen(
            ['cat', '/proc/self/status'],
            stdout=subprocess.PIPE,
            preexec_fn=lambda: confinement.take_on(confined),
        )
        status = said.communicate()[0].decode('ascii')
        fields = dict(line.split(u':\t') for line in status.splitlines() if u':\t' in line)
        for name in (u'CapBnd', u'CapEff'):
            assert not int(fields[name], 16) & (1 << 10 | 1 << 23)
        assert fields[u'NoNewPrivs'] == u'1'
