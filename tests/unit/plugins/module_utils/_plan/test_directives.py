# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan import directives, outlook
from ansible_collections.webops.apache.plugins.module_utils._syntax import trees
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


def settings_of(tree, mpm):
    return outlook.look_ahead(hosts.el6_host()._replace(tree=tree), tree, mpm).directives


def written(tree, wanted, mpm='worker', version='2.2.15'):
    """The tree with the directives in it."""
    changed = directives.write_directives(tree, settings_of(tree, mpm), wanted, mpm, version)
    for path, text in changed.items():
        tree = trees.with_text(tree, path, text)
    return tree


def main_file(text, **wanted):
    return written(hosts.conf_tree(text, None), wanted).files[hosts.MAIN]


class TestModernName:
    @pytest.mark.parametrize(
        'name, modern',
        [
            ('MaxClients', 'MaxRequestWorkers'),
            ('maxclients', 'MaxRequestWorkers'),
            ('MaxRequestWorkers', 'MaxRequestWorkers'),
            ('MaxRequestsPerChild', 'MaxConnectionsPerChild'),
            ('threadsperchild', 'ThreadsPerChild'),
            ('Listen', None),
            (80, None),
        ],
    )
    def test_finds_the_name_of_2_4_in_its_own_spelling(self, name, modern):
        assert directives.modern_name(name) == modern


class TestNumberOf:
    @pytest.mark.parametrize(
        'value, number',
        [
            (5, 5),
            ('5', 5),
            (u'05', 5),
            ('-1', -1),
            (True, None),
            (False, None),
            ('', None),
            ('5.0', None),
            (5.0, None),
            ('5\n', None),
            ('5 6', None),
            (u'\u0665', None),
            (None, None),
            ([5], None),
            ('0x5', None),
        ],
    )
    def test_takes_whole_numbers_only(self, value, number):
        assert directives.number_of(value) == number


class TestValueOf:
    @pytest.mark.parametrize(
        'name, value, number',
        [
            ('AsyncRequestWorkerFactor', '1.5', 1.5),
            ('AsyncRequestWorkerFactor', 1.5, 1.5),
            ('asyncrequestworkerfactor', u'0.25', 0.25),
            ('AsyncRequestWorkerFactor', '2.0', 2),
            ('AsyncRequestWorkerFactor', 2, 2),
            ('AsyncRequestWorkerFactor', True, None),
            ('AsyncRequestWorkerFactor', '-1.5', None),
            ('AsyncRequestWorkerFactor', '1.', None),
            ('AsyncRequestWorkerFactor', '1e5', None),
            ('AsyncRequestWorkerFactor', '1.5\n', None),
            ('AsyncRequestWorkerFactor', 'inf', None),
            ('StartServers', '1.5', None),
            ('StartServers', '2.0', None),
            ('StartServers', '2', 2),
        ],
    )
    def test_takes_a_fraction_where_httpd_does(self, name, value, number):
        found = directives.value_of(name, value)
        assert (found, type(found)) == (number, type(number))


class TestCheckDirectives:
    @pytest.mark.parametrize(
        'mpm, name, value, fine',
        [
            ('prefork', 'ServerLimit', 200000, True),
            ('prefork', 'ServerLimit', 200001, False),
            ('prefork', 'ServerLimit', 0, False),
            ('worker', 'ServerLimit', 20000, True),
            ('worker', 'ServerLimit', 20001, False),
            ('worker', 'ThreadLimit', 20000, True),
            ('worker', 'ThreadLimit', 20001, False),
            ('event', 'ThreadLimit', 100000, True),
            ('event', 'ThreadLimit', 100001, False),
            ('worker', 'MaxConnectionsPerChild', 0, True),
            ('worker', 'MaxRequestsPerChild', '0', True),
            ('worker', 'MaxConnectionsPerChild', -1, False),
            ('worker', 'ThreadStackSize', 0, True),
            ('worker', 'StartServers', 0, False),
            ('prefork', 'MinSpareServers', 1, True),
            ('prefork', 'MinSpareServers', 0, False),
            ('worker', 'MinSpareServers', 5, False),
            ('prefork', 'ThreadsPerChild', 5, False),
            ('worker', 'AsyncRequestWorkerFactor', 2, False),
            ('event', 'AsyncRequestWorkerFactor', 2, True),
            ('event', 'AsyncRequestWorkerFactor', '1.5', True),
            ('event', 'AsyncRequestWorkerFactor', '0.01', False),
            ('event', 'AsyncRequestWorkerFactor', '0', False),
            ('worker', 'MaxClients', 2**31 - 1, True),
            ('worker', 'MaxClients', 2**31, False),
            ('worker', 'MaxClients', 'many', False),
            ('worker', 'Listen', 80, False),
            ('worker', 'MaxClients', None, False),
        ],
    )
    def test_holds_the_ranges_of_httpd(self, mpm, name, value, fine):
        problems = directives.check_directives(mpm, {name: value})
        assert (problems == []) is fine
        assert fine or name in problems[0]

    def test_names_everything_that_is_wrong_at_once(self):
        problems = directives.check_directives(
            'worker',
            {'MinSpareServers': 1, 'ThreadsPerChild': 'x', 'ServerLimit': 0, 'StartServers': 2},
        )
        assert len(problems) == 3

    def test_one_directive_under_two_names_is_refused(self):
        assert directives.check_directives(
            'worker', {'MaxClients': 400, 'MaxRequestWorkers': 400}
        ) == ['MaxClients and MaxRequestWorkers are one directive under two names.']


class TestInForce:
    def test_the_last_active_line_wins_and_old_names_count(self):
        found = settings_of(
            hosts.conf_tree(u'MaxClients 100\nMaxRequestWorkers 200\n#MaxClients 300\n', None),
            'worker',
        )
        assert (found['MaxRequestWorkers'].value, found['MaxRequestWorkers'].line) == (200, 2)

    @pytest.mark.parametrize(
        'section, guarded',
        [
            (u'worker.c', True),
            (u'mpm_worker_module', True),
            (u'!prefork.c', False),
            (u'!event.c', False),
        ],
    )
    def test_knows_whether_another_mpm_reads_the_line_too(self, section, guarded):
        found = settings_of(
            hosts.conf_tree(u'<IfModule %s>\nMaxClients 100\n</IfModule>\n' % section, None),
            'worker',
        )
        assert found['MaxRequestWorkers'].guarded is guarded

    def test_a_section_of_another_mpm_is_not_in_force(self):
        assert settings_of(hosts.conf_tree(), 'event') == {}

    def test_reads_the_stock_sections(self):
        assert settings_of(hosts.conf_tree(), 'worker')['MaxRequestWorkers'].value == 300
        assert settings_of(hosts.conf_tree(), 'prefork')['MaxRequestWorkers'].value == 256


class TestWriteDirectives:
    def test_a_number_changes_in_its_place_and_the_trailing_blank_stays(self):
        assert u'MaxSpareThreads     75 \n' in hosts.STOCK_HTTPD
        text = main_file(hosts.STOCK_HTTPD, MaxSpareThreads=150)
        assert text == hosts.STOCK_HTTPD.replace(
            u'MaxSpareThreads     75 \n', u'MaxSpareThreads     150 \n'
        )

    def test_a_line_with_the_old_name_keeps_it(self):
        assert u'MaxClients         400\n' in main_file(hosts.STOCK_HTTPD, MaxRequestWorkers=400)

    @pytest.mark.parametrize(
        'version, line', [('2.2.15', u'MaxClients 400'), ('2.4.6', u'MaxRequestWorkers 400')]
    )
    @pytest.mark.parametrize('asked', ['MaxClients', 'MaxRequestWorkers'])
    def test_a_new_line_has_the_name_that_the_version_knows(self, asked, version, line):
        tree = written(
            hosts.conf_tree(u'<IfModule worker.c>\n</IfModule>\n', None),
            {asked: 400},
            version=version,
        )
        assert tree.files[hosts.MAIN] == u'<IfModule worker.c>\n%s\n</IfModule>\n' % line

    def test_limits_come_first_and_the_rest_last_in_the_section(self):
        text = main_file(
            u'<IfModule worker.c>\nStartServers 2\n</IfModule>\nListen 80\n',
            ThreadsPerChild=100,
            ThreadLimit=100,
            ServerLimit=8,
        )
        assert (
            text == u'<IfModule worker.c>\nServerLimit 8\nThreadLimit 100\nStartServers 2\n'
            u'ThreadsPerChild 100\n</IfModule>\nListen 80\n'
        )

    def test_without_a_section_a_new_one_ends_the_file(self):
        assert main_file(u'Listen 80', StartServers=3, ServerLimit=4) == (
            u'Listen 80\n<IfModule worker.c>\nServerLimit 4\nStartServers 3\n</IfModule>'
        )

    def test_a_line_that_every_mpm_reads_is_left_and_overruled_at_the_end(self):
        text = main_file(u'<IfModule worker.c>\n</IfModule>\nMaxClients 150\n', MaxClients=200)
        assert (
            text
            == u'<IfModule worker.c>\n</IfModule>\nMaxClients 150\n<IfModule worker.c>\nMaxClients '
            u'200\n</IfModule>\n'
        )

    def test_a_section_in_an_included_file_is_edited_where_it_is(self):
        extra = '/etc/httpd/conf.d/tuning.conf'
        tree = hosts.conf_tree(
            more=[(extra, u'<IfModule worker.c>\r\n  MaxClients 500\r\n</IfModule>\r\n')]
        )
        changed = directives.write_directives(
            tree, settings_of(tree, 'worker'), {'MaxClients': 600}, 'worker', '2.2.15'
        )
        assert changed == {extra: u'<IfModule worker.c>\r\n  MaxClients 600\r\n</IfModule>\r\n'}

    def test_the_last_top_level_section_takes_new_lines(self):
        text = main_file(
            u'<IfModule worker.c>\n</IfModule>\n<IfDefine X>\n<IfModule worker.c>\n</IfModule>\n'
            u'</IfDefine>\n'
            u'<IfModule mpm_worker_module>\n</IfModule>\n',
            StartServers=3,
        )
        assert text.endswith(u'<IfModule mpm_worker_module>\nStartServers 3\n</IfModule>\n')

    def test_other_mpms_keep_their_numbers(self):
        tree = written(hosts.conf_tree(), {'MaxClients': 400, 'ThreadLimit': 80})
        assert settings_of(tree, 'prefork')['MaxRequestWorkers'].value == 256
        assert settings_of(tree, 'event') == {}

    @pytest.mark.parametrize(
        'mpm, wanted',
        [
            ('worker', {'MaxClients': 400, 'ServerLimit': 20, 'ThreadLimit': 64}),
            ('event', {'ThreadsPerChild': 50, 'MaxRequestWorkers': '400'}),
            ('prefork', {'MaxClients': 200, 'MinSpareServers': 7}),
        ],
        ids=['worker', 'event', 'prefork'],
    )
    def test_brings_every_number_into_force_and_a_second_time_changes_nothing(self, mpm, wanted):
        once = written(hosts.conf_tree(), wanted, mpm)
        for name, value in wanted.items():
            assert settings_of(once, mpm)[directives.modern_name(name)].value == int(value)
        assert (
            directives.write_directives(once, settings_of(once, mpm), wanted, mpm, '2.2.15') == {}
        )

    def test_numbers_that_are_in_force_already_change_nothing(self):
        tree = hosts.conf_tree()
        assert (
            directives.write_directives(
                tree, settings_of(tree, 'worker'), {'MaxClients': '300'}, 'worker', '2.2.15'
            )
            == {}
        )
