# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import loadmodule as layout
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._layouts.conf_files import (
    BASE_CONF,
    ODD,
    ONE,
    OTHER_CONF,
    host,
    load,
    stock,
)


def reading(files, **changes):
    state = host(files, **changes)
    return hosts.reading_of(state.tree, {}, {hosts.HTTPD: hosts.SHARED}, hosts.HTTPD, '2.4.62')


class TestDetect:
    @pytest.mark.parametrize(
        'compiled, found',
        [
            ({hosts.HTTPD: hosts.SHARED}, True),
            ({hosts.HTTPD: hosts.SHARED + ['prefork.c']}, False),
            ({hosts.HTTPD: ['core.c', 'http_core.c']}, False),
            ({hosts.HTTPD: []}, False),
            ({}, False),
        ],
        ids=['loads its MPM', 'has one', 'loads nothing', 'no program', 'none'],
    )
    def test_takes_a_program_that_has_no_mpm_and_can_load_one(self, compiled, found):
        assert layout.detect({}, compiled) is found


class TestMpms:
    @staticmethod
    def paths(files, **changes):
        found = layout.mpms(reading(files, **changes))
        assert set(program for program, _paths in found.values()) == set([hosts.HTTPD])
        return dict((mpm, paths[0]) for mpm, (_program, paths) in found.items())

    @pytest.mark.parametrize(
        'text',
        [
            hosts.EL7_MPM,
            hosts.EL9_MPM,
            u'# nothing\n',
            load(u'event'),
            u'##' + load(u'worker'),
            stock(None),
        ],
        ids=['EL7', 'EL9', 'no line', 'one line', 'a comment', 'comments'],
    )
    def test_lie_where_lines_say_or_beside_those(self, text):
        assert self.paths({hosts.MPM_CONF: text}) == hosts.MPM_MODULES

    @pytest.mark.parametrize(
        'path', [u'/opt/httpd/lib/mod_mpm_%s.so', u'"/opt/httpd/lib/mod_mpm_%s.so"']
    )
    @pytest.mark.parametrize('sign', [u'', u'#'])
    def test_lie_beside_one_of_another_folder(self, path, sign):
        assert self.paths({hosts.MPM_CONF: sign + load(u'event', path)}) == dict(
            (mpm, '/opt/httpd/lib/mod_mpm_%s.so' % mpm) for mpm in MPMS
        )

    @pytest.mark.parametrize(
        'text',
        [
            u'#' + load(u'event') + u'# as the LoadModule of mpm_event_module says\n',
            u'LoadModule mpm_itk_module x/itk.so\n',
            u'LoadModule mpm_event_module\n',
            u'LoadModule\n',
        ],
        ids=['prose', 'another MPM', 'half a line', 'a word'],
    )
    def test_are_not_taken_from_other_lines(self, text):
        assert self.paths({hosts.MPM_CONF: text}) == hosts.MPM_MODULES

    def test_lie_where_the_active_line_says(self):
        files = {
            hosts.MPM_CONF: load(u'event'),
            OTHER_CONF: u'# once: LoadModule\n# '
            + load(u'event', u'/usr/local/apache2/modules/mod_mpm_%s.so'),
        }
        assert self.paths(files)['event'] == hosts.MPM_MODULES['event']

    @pytest.mark.parametrize('sign', [u'', u'#'])
    @pytest.mark.parametrize('path', [u'${LIB}/mod_mpm_%s.so', u'"${lib}/mod_mpm_%s.so"'])
    def test_lie_where_variables_lead(self, sign, path):
        text = u'Define LIB modules\n' + sign + load(u'event', path)
        assert self.paths({hosts.MPM_CONF: text})['event'] == hosts.MPM_MODULES['event']

    @pytest.mark.parametrize(
        'old',
        [
            u'/usr/lib64/httpd/modules.old/mod_mpm_%s.so',
            u'"/opt/rh/httpd/mod_mpm_%s.so"',
            u'${MODDIR}/mod_mpm_%s.so',
            u'mod_mpm_%s.so',
        ],
    )
    def test_lie_beside_the_active_one_whatever_comments_say(self, old):
        files = {hosts.MPM_CONF: load(u'prefork') + u'#' + load(u'event', old)}
        assert self.paths(files) == hosts.MPM_MODULES

    @pytest.mark.parametrize('old', [u'/old/mod_mpm_%s.so', u'${MODDIR}/mod_mpm_%s.so'])
    def test_may_lie_beside_the_others_where_none_is_active(self, old):
        files = {hosts.MPM_CONF: u'#' + load(u'event', old) + u'#' + load(u'worker')}
        found = layout.mpms(reading(files))['event'][1]
        assert hosts.MPM_MODULES['event'] in found and found[0] != hosts.MPM_MODULES['event']


class TestReadChoice:
    @pytest.mark.parametrize('name', sorted(ONE))
    def test_gives_the_active_line(self, name):
        start, files = ONE[name]
        choice = layout.read_choice(reading(files))
        assert (choice.mpm, choice.value) == (start, 'mpm_%s_module' % start)
        assert choice.text == dict({hosts.MAIN: hosts.EL_HTTPD}, **files)[choice.path]
        assert (choice.binary, choice.default, choice.unclear) == (hosts.HTTPD, hosts.HTTPD, None)
        assert 'mpm_%s_module' % start in choice.text.split(u'\n')[choice.line - 1]

    @pytest.mark.parametrize(
        'name, path, value, mpm',
        [
            ('none active', hosts.MPM_CONF, None, None),
            ('none active, in a file of another name', BASE_CONF, None, None),
            ('none at all', hosts.MPM_CONF, None, None),
            ('twice in one file', hosts.MPM_CONF, 'event', 'event'),
            ('twice in two files', hosts.MPM_CONF, 'prefork', 'prefork'),
            ('two in two files', hosts.MPM_CONF, 'event', None),
            ('all three', hosts.MPM_CONF, 'prefork', None),
            ('one in a branch that is not read', hosts.MPM_CONF, None, None),
        ],
    )
    def test_of_none_or_of_several_there_is_no_mpm(self, name, path, value, mpm):
        choice = layout.read_choice(reading(ODD[name]))
        assert (choice.path, choice.value, choice.mpm) == (
            path,
            'mpm_%s_module' % value if value else None,
            mpm,
        )
        assert (choice.line is None) is (value is None)

    def test_without_any_line_the_main_file_may_be_the_place(self):
        tree = hosts.conf_tree(hosts.EL_HTTPD, None)
        choice = layout.read_choice(
            hosts.reading_of(tree, {}, {hosts.HTTPD: hosts.SHARED}, hosts.HTTPD, '2.4.62')
        )
        assert (choice.path, choice.text, choice.line, choice.mpm) == (
            hosts.MAIN,
            hosts.EL_HTTPD,
            None,
            None,
        )

    @pytest.mark.parametrize(
        'options, mpm', [((), 'event'), (('-DPREFORK',), 'prefork'), (('-D', 'PREFORK'), 'prefork')]
    )
    def test_options_decide_which_line_is_read(self, options, mpm):
        text = u'<IfDefine PREFORK>\n%s</IfDefine>\n<IfDefine !PREFORK>\n%s</IfDefine>\n' % (
            load(u'prefork'),
            load(u'event'),
        )
        tree = host({hosts.MPM_CONF: text}).tree
        assert (
            layout.read_choice(
                hosts.reading_of(
                    tree, {}, {hosts.HTTPD: hosts.SHARED}, hosts.HTTPD, '2.4.62', options
                )
            ).mpm
            == mpm
        )
