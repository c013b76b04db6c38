# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest

from ansible_collections.webops.apache.plugins.module_utils._host import panels
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

RPM = ['rpm', '-q', 'psa']
DPKG = ['dpkg-query', '-W', '-f=${Status}', 'psa']
NOT_INSTALLED = CommandResult(RPM, 1, u'package psa is not installed\n', u'')


@pytest.fixture
def host(monkeypatch, tmp_path):
    """Sets which package managers this host has, and which file of Plesk."""
    def make(*programs, **options):
        monkeypatch.setattr(panels, 'find_program', lambda name: '/usr/bin/' + name if name in programs else None)
        path = tmp_path / 'version'
        monkeypatch.setattr(panels, 'PLESK_FILES', (str(tmp_path / 'none'), str(path)))
        if options.get('file'):
            path.write_bytes(b'12.5.30\n')
        return str(path)
    return make


class TestReadPanels:
    @pytest.mark.parametrize('programs, answers, found', [
        (['rpm'], [(RPM, u'psa-12.5.30-cos6.build1205150826.19.x86_64\n')], 'the rpm package psa is installed'),
        (['dpkg-query'], [(DPKG, u'install ok installed')], 'the dpkg package psa is installed'),
        (['rpm', 'dpkg-query'], [(RPM, NOT_INSTALLED), (DPKG, u'hold ok installed')], 'the dpkg package psa is installed'),
    ], ids=['rpm', 'dpkg', 'both'])
    def test_finds_plesk_by_its_package(self, host, programs, answers, found):
        host(*programs)
        run = ScriptedRunner(*answers)
        assert [(panel.rule, panel.name, panel.found) for panel in panels.read_panels(run)] == [('plesk', 'Plesk', found)]
        assert run.left == []

    def test_finds_plesk_by_its_file_where_no_package_manager_is(self, host):
        path = host(file=True)
        assert [panel.found for panel in panels.read_panels(ScriptedRunner())] == ['%s exists' % path]

    def test_finds_plesk_by_its_file_where_no_package_is_known(self, host):
        path = host('rpm', file=True)
        assert [panel.found for panel in panels.read_panels(ScriptedRunner((RPM, NOT_INSTALLED)))] == ['%s exists' % path]

    @pytest.mark.parametrize('answer', [u'deinstall ok config-files', u'unknown ok not-installed', u''], ids=repr)
    def test_finds_nothing_where_plesk_is_gone(self, host, answer):
        host('rpm', 'dpkg-query')
        run = ScriptedRunner((RPM, NOT_INSTALLED), (DPKG, answer))
        assert panels.read_panels(run) == []
        assert run.left == []

    def test_names_the_way_of_the_panel(self, host):
        host(file=True)
        assert panels.read_panels(ScriptedRunner())[0].switch.startswith('plesk bin ')
