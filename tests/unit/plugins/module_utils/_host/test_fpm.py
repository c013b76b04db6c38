# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import fpm, services
from ansible_collections.webops.apache.plugins.module_utils._layouts import fpm_places
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import layout_named
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import World
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

WORLD = World(set(['mod_so.c', 'so_module']), set(), '2.4.62')
LOADED = {'LoadState': 'loaded', 'UnitFileState': 'enabled', 'ActiveState': 'active'}


def put(path, text):
    path.write(text)
    os.chmod(str(path), 0o755)
    return str(path)


@pytest.fixture
def host(tmpdir, monkeypatch):
    """A host whose module and FPM are files of the test; returns a function that reads it."""
    module = put(tmpdir.join('libphp8.2.so'), 'ELF X-Powered-By: PHP/8.2.7 ')
    program = put(tmpdir.join('php-fpm8.2'), 'ELF X-Powered-By: PHP/8.2.9 ')
    places = fpm_places.places_for('mods_enabled', module, '8.2')
    places = places._replace(programs=(program,), pools=str(tmpdir.mkdir('pool.d')))
    monkeypatch.setattr(fpm, 'places_for', lambda *_facts: places)

    def read(unit='usual', loaded=True):
        shown = LOADED if unit == 'usual' else unit
        monkeypatch.setattr(services, 'ask_unit', lambda run, name: shown)
        state = hosts.debian_host()
        text = u'LoadModule php_module %s\n' % module * loaded
        tree = hosts.tree_of({hosts.MAIN: text}, hosts.MAIN, '/etc/apache2')
        layout = layout_named('mods_enabled')
        return fpm.read_fpm(None, layout, tree, WORLD, {module: 'nts'}, None, state.service)

    return tmpdir, read


class TestReadFpm:
    def test_reads_program_unit_and_version(self, host):
        found = host[1]()
        assert found.program.endswith('php-fpm8.2') and found.problem is None
        assert (found.version, found.enabled, found.active) == ('8.2', True, True)
        assert found.files == {found.drop_in: None, found.pool_file: None}

    def test_of_a_module_that_nobody_loads_there_is_none(self, host):
        assert host[1](loaded=False) is None

    def test_a_program_that_is_not_there_is_no_problem_of_it(self, host):
        host[0].join('php-fpm8.2').remove()
        found = host[1](unit=None)
        assert (found.program, found.problem, found.active) == (None, None, False)

    @pytest.mark.parametrize(
        'unit, words',
        [
            (None, 'systemd has no unit php8.2-fpm'),
            (dict(LOADED, UnitFileState='masked'), 'is masked'),
            (dict(LOADED, LoadState='masked'), 'is masked'),
        ],
    )
    def test_a_unit_that_cannot_be_used_is_one(self, host, unit, words):
        assert words in host[1](unit=unit).problem

    def test_another_version_is_one(self, host):
        put(host[0].join('php-fpm8.2'), 'ELF X-Powered-By: PHP/8.1.9 ')
        assert 'is PHP 8.1, and the module is PHP 8.2' in host[1]().problem

    @pytest.mark.parametrize('state, enabled', [('disabled', False), ('static', None), ('', None)])
    def test_a_unit_that_is_neither_enabled_nor_not(self, host, state, enabled):
        assert host[1](unit=dict(LOADED, UnitFileState=state)).enabled is enabled

    def test_pools_of_others_are_named(self, host):
        pools = host[0].join('pool.d')
        pools.join('www.conf').write('; [no]\n[www]\n')
        pools.join('shop.conf').write('[shop]\nuser = a\n [blog]\n')
        pools.join('old.conf.bak').write('[old]\n')
        pools.join(fpm.POOL_FILE).write('[webops-1]\n')
        assert host[1]().own_pools == ('shop', 'blog')


class TestThePlaces:
    @pytest.mark.parametrize(
        'layout, module, version, unit, pools',
        [
            ('mods_enabled', '/m/libphp8.2.so', '8.2', 'php8.2-fpm', '/etc/php/8.2/fpm/pool.d'),
            ('mods_enabled', '/m/libphp5.so', '5.6', 'php5-fpm', '/etc/php5/fpm/pool.d'),
            ('mods_enabled', '/m/own.so', '8.4', 'php8.4-fpm', '/etc/php/8.4/fpm/pool.d'),
            ('loadmodule', '/m/libphp.so', '8.0', 'php-fpm', '/etc/php-fpm.d'),
            ('sysconfig_apache2', '/m/mod_php8.so', '8.0', 'php-fpm', '/etc/php8/fpm/php-fpm.d'),
        ],
    )
    def test_are_those_of_the_packages(self, layout, module, version, unit, pools):
        found = fpm_places.places_for(layout, module, version)
        assert (found.unit, found.pools) == (unit, pools)

    @pytest.mark.parametrize(
        'layout, module', [('sysconfig_httpd', '/m/libphp5.so'), ('mods_enabled', '/m/own.so')]
    )
    def test_are_not_guessed(self, layout, module):
        assert fpm_places.places_for(layout, module, None) is None
