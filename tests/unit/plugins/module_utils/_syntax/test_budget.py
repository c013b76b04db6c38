# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may grow without an end in an evaluation ends at a number, in the words of an error."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax.budget import Budget, Limits
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)

MAIN, USERS = u'/etc/httpd/conf/httpd.conf', u'/home/bob/site.conf'
MACROS = u'LoadModule macro_module modules/mod_macro.so\n'
SITE = (
    u'<VirtualHost *:80>\nServerName $name.example\nDocumentRoot "/srv/$name/htdocs"\n'
    u'CustomLog /var/log/$name combined\n</VirtualHost>\n'
)


def macro(name, parameters, body):
    return u'<Macro %s %s>\n%s</Macro>\n' % (name, parameters, body)


def doubled(count):
    """Each of so many macros uses the next one twice."""
    return (
        MACROS
        + u''.join(macro(u'm%d' % n, u'', u'Use m%d\n' % (n + 1) * 2) for n in range(count))
        + u'Use m0\n'
    )


def count(files, foreign=(), includes=None):
    tree = ConfigTree(
        MAIN, u'/etc/httpd', files, includes or {}, frozenset(), foreign=frozenset(foreign)
    )
    return len(active_directives(tree, World([], [], '2.4.62')))


def refused(files, **more):
    with pytest.raises(ReadError) as caught:
        count(files, **more)
    assert caught.value.details['rule'] == 'config_too_large'
    return caught.value.message


class TestEvaluation:
    @pytest.mark.parametrize(
        'text',
        [
            u'Define X %s\n' % (u'a' * 60) + u'Define X ${X}${X}\n' * 40,
            u'Define X "%s"\n' % (u'a ' * 9000) + u'B ${X}\n' * 2000,
            u'Define X a\n' + u'B ${X}${X}${X}${X} %s\n' % (u'a' * 400) * 40000,
            doubled(50),
            MACROS + macro(u'm', u'$a', u'B $a$a$a$a\n' * 100) + u'Use m %s\n' % (u'x' * 100000),
            MACROS
            + macro(u'm', u' '.join(u'$%d' % n for n in range(3000)), u'B $1 c\n' * 60000)
            + u'Use m %s\n' % (u'x ' * 3000),
        ],
        ids=[
            'Define doubles',
            'a long value',
            'many values',
            'macros double',
            'values of a macro',
            'parameters of a macro',
        ],
    )
    @pytest.mark.parametrize(
        'foreign, end',
        [
            ([USERS], '16777216 characters of it.'),
            ([MAIN], '524288 characters of the files that users other than root can change.'),
        ],
    )
    def test_ends_where_a_text_grows(self, text, foreign, end):
        message = refused({MAIN: text}, foreign=foreign)
        assert message.startswith(MAIN)
        assert message.endswith(
            u': the configuration is too large to be judged: macros, variables and files that are '
            u'read again'
            u' make more than ' + end
        )

    def test_ends_where_files_are_read_again_and_again(self):
        files = dict((u'/%d' % n, u'Include x\nInclude x\n') for n in range(60))
        files[MAIN] = u'Include x\n'
        includes = dict(
            ((u'/%d' % n, line), [u'/%d' % (n + 1)]) for n in range(60) for line in (1, 2)
        )
        includes[(MAIN, 1)] = [u'/0']
        message = refused(files, includes=includes)
        assert 'read again' in message

    @pytest.mark.parametrize(
        'text',
        [
            u'<IfModule !x>\n' * 1500,
            u'<Directory />\n' * 1500,
            MACROS
            + u''.join(macro(u'm%d' % n, u'', u'Use m%d\n' % (n + 1)) for n in range(1500))
            + u'Use m0\n',
        ],
        ids=['conditions', 'sections', 'macros'],
    )
    def test_ends_where_things_stand_too_deep(self, text):
        assert 'are more than 128 deep within each other' in refused({MAIN: text})

    def test_ends_where_includes_stand_too_deep(self):
        files = dict((u'/%d' % n, u'Include x\n') for n in range(1500))
        files[MAIN] = u'Include x\n'
        includes = dict(((u'/%d' % n, 1), [u'/%d' % (n + 1)]) for n in range(1499))
        includes[(MAIN, 1)] = [u'/0']
        message = refused(files, includes=includes)
        assert message.startswith(u'/127: ')

    def test_goes_through_a_host_of_ten_thousand_sites(self):
        text = (
            MACROS
            + macro(u'site', u'$name', SITE)
            + u''.join(u'Use site customer%d\n' % n for n in range(10000))
        )
        assert count({MAIN: text}) == 1 + 10000 * 4

    def test_lets_roots_macros_grow_where_one_file_is_a_users(self):
        uses = u''.join(u'Use site customer%d\n' % n for n in range(5000))
        text = MACROS + macro(u'site', u'$name', SITE) + u'Include x\n' + uses
        includes = {(MAIN, len(text.splitlines()) - 5000): [USERS]}
        assert count({MAIN: text, USERS: uses[:9000]}, [USERS], includes) > 5000 * 4
        assert refused({MAIN: text, USERS: uses}, foreign=[USERS], includes=includes).startswith(
            USERS + ' line '
        )

    def test_counts_a_users_macro_as_his_wherever_it_is_used(self):
        text = MACROS + u'Include x\n' + u'Use site a\n' * 5000
        files = {MAIN: text, USERS: macro(u'site', u'$name', SITE)}
        assert refused(files, foreign=[USERS], includes={(MAIN, 2): [USERS]}).startswith(
            USERS + ': '
        )


class TestBudget:
    def test_counts_each_kind_by_itself(self):
        budget = Budget([USERS], Limits(2, 2, 2, 2, 2, 2))
        for kind in ('files', 'text', 'made', 'names'):
            budget.take(kind, 2, MAIN)
        budget.check_depth(2, MAIN)
        for kind in ('files', 'text', 'made', 'names'):
            with pytest.raises(ReadError):
                budget.take(kind, 1, MAIN)
        budget.take('made', 2, USERS)
        with pytest.raises(ReadError):
            budget.take('made', 1, USERS)

    def test_names_the_place(self):
        with pytest.raises(ReadError) as caught:
            Budget([], Limits(1, 1, 1, 1, 1, 1)).take('files', 2, MAIN, 7)
        assert (
            caught.value.message
            == MAIN
            + ' line 7: the configuration is too large to be judged: more than 1 files are '
            'included.'
        )
        assert caught.value.details == {'rule': 'config_too_large', 'path': MAIN}
