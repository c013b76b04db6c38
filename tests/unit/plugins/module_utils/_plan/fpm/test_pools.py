# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import FpmMemory
from ansible_collections.webops.apache.plugins.module_utils._plan.fpm import (
    marks,
    part,
    pools,
    values,
    wishes,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import Active
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import (
    parse_line,
    split_words,
)

SETTINGS = {
    'MaxRequestWorkers': 150,
    'StartServers': 5,
    'MinSpareServers': 5,
    'MaxSpareServers': 10,
}
MIB = 1024
NAMES = ('filesmatch', (u'\\.php$',))


def items(text):
    lines = [parse_line(number, 1, line) for number, line in enumerate(text.split('\n'), 1)]
    return [Active(line.name, line.args, '/conf', line, ()) for line in lines]


class TestSize:
    @pytest.mark.parametrize(
        'available, each, most',
        [
            (8192 * MIB, 30 * MIB, 150),
            (1000 * MIB, 40 * MIB, 20),
            (100 * MIB, 40 * MIB, 5),
            (None, 40 * MIB, 150),
            (3200 * MIB, None, 80),
        ],
    )
    def test_is_that_of_the_old_server_as_far_as_memory_allows(self, available, each, most):
        size = pools.size_pools(SETTINGS, FpmMemory(available, each))
        assert size.most == most and 'is 150' in size.words
        assert size.least <= size.start <= size.spare <= size.most

    @pytest.mark.parametrize('workers', [1, 2, 6])
    def test_of_a_small_server_is_small(self, workers):
        settings = dict(SETTINGS, MaxRequestWorkers=workers)
        size = pools.size_pools(settings, FpmMemory(10, 40 * MIB))
        assert 1 <= size.least <= size.start <= size.spare <= size.most <= workers


class TestValues:
    @pytest.mark.parametrize(
        'line, found',
        [
            ('php_value memory_limit 1G', "php_value[memory_limit] = '1G'"),
            ('php_flag display_errors On', "php_value[display_errors] = '1'"),
            ('php_flag display_errors yes', "php_value[display_errors] = '0'"),
            ('php_admin_value SMTP a', "php_admin_value[SMTP] = 'a'"),
            ('php_admin_value open_basedir none', "php_admin_value[open_basedir] = ''"),
            ('php_value a "b;c d"', "php_value[a] = 'b;c d'"),
            ('php_value error_reporting E_ALL', "php_value[error_reporting] = 'E_ALL'"),
            ('php_value a "it\'s"', 'php_value[a] = "it\'s"'),
            ('php_value a "it\'s $x"', None),
            ('php_value a]x b', None),
            ('php_value a "/srv/$pool"', None),
            ('php_value a "$x"', "php_value[a] = '$x'"),
        ],
    )
    def test_are_told_a_pool_as_the_module_reads_them(self, line, found):
        assert values.pool_line(values.value_of(items(line)[0])) == found

    def test_of_the_administrator_stay_and_later_ones_count(self):
        lines = 'php_admin_value a 1\nphp_value a 2\nphp_value b 1\nphp_value b 2'
        assert [one[:3] for one in values.holding_values(items(lines))] == [
            ('a', '1', True),
            ('b', '2', False),
        ]


class TestThePools:
    def test_of_many_are_made_for_requests_only(self):
        made = [
            pools.Pool('webops-%d' % number, '/s', [], ['.php'])
            for number in range(pools.MANY + 1)
        ]
        text = pools.write_pools(made, pools.Size(9, 1, 1, 2, ''), 'a', 'a', {})[0]
        assert text.count('pm = ondemand\n') == len(made) and 'dynamic' not in text

    def test_have_the_variables_that_a_file_can_say(self):
        pool = pools.Pool('webops-1', '/s', [], None)
        environment = {'A': 'b c', 'B': 'x\ny', 'C-D': 'e', 'NOTIFY_SOCKET': '/n', 'EMPTY': ''}
        environment['E'] = '$A'
        size = pools.Size(9, 1, 1, 2, '')
        text, lost, unsaid = pools.write_pools([pool], size, 'a', 'b', environment)
        assert "env[A] = 'b c'\n" in text and text.count('env[') == 1
        assert (lost, unsaid) == ([], ['B', 'C-D', 'E'])
        assert 'security.limit_extensions = \n' in text

    @pytest.mark.parametrize(
        'pattern, endings',
        [
            (u'\\.php$', ['.php']),
            (u'.+\\.ph(?:ar|p|tml)$', ['.phar', '.php', '.phtml']),
            (u'(?i)\\.(php)(\\.|$)', None),
            (u'\\.xyz$', None),
        ],
    )
    def test_run_what_is_mapped(self, pattern, endings):
        place = wishes.PlaceWish(None, [], [wishes.Entry(('filesmatch', (pattern,)), None)])
        made = pools.make_pools(wishes.Wishes([wishes.SiteWish(None, [place])], []))[0]
        assert [pool.endings for pool in made] == [endings]


class TestHttpdsPart:
    @pytest.mark.parametrize(
        'word', [u'a', u'a b', u'a"b', u'a\\b', u'a\\', u'a\\\\b', u'\\.ph"p$']
    )
    def test_words_are_read_back_as_they_were(self, word):
        assert split_words(u'x %s' % part.quoted(word)) == [u'x', word]

    def test_sections_stand_around_lines(self):
        sections = [('directory', (u'/a b',)), ('files', (u'~', u'x'))]
        assert part.within(sections, [u'y']) == [
            u'<Directory "/a b">',
            u'  <Files "~" "x">',
            u'    y',
            u'  </Files>',
            u'</Directory>',
        ]

    def test_an_entry_without_php_is_for_all_requests(self):
        place = wishes.PlaceWish(('directory', (u'/a',)), [], [wishes.Entry(NAMES, wishes.NONE)])
        lines = part.place_lines(place, {})
        assert [line.strip() for line in lines[2:5]] == [
            u'<If "true">',
            u'SetHandler "None"',
            u'</If>',
        ]


class TestTheMarks:
    @pytest.mark.parametrize(
        'before', [marks.Before(True, False), marks.Before(False, True), marks.Before(None, True)]
    )
    def test_say_how_the_unit_was(self, before):
        text = u'# %s: words\n%s\n' % (marks.MANAGED, marks.before_line(before))
        assert marks.unit_before(text) == before

    @pytest.mark.parametrize(
        'text', [None, u'', u'# webops.apache before: enabled=yes active=yes\n']
    )
    def test_of_others_say_nothing(self, text):
        assert marks.unit_before(text) is None

    @pytest.mark.parametrize('end', [u'\n', u'\r\n'])
    def test_are_taken_away_with_what_is_between_them(self, end):
        lines = [
            u'one',
            u'  ' + marks.BLOCK,
            u'ours',
            u'  ' + marks.BLOCK_END,
            u'last',
        ]
        text = u''.join(line + end for line in lines)
        assert marks._cleaned(text) == u''.join(line + end for line in (u'one', u'last'))
