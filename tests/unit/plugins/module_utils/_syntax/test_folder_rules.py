# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax import folder_rules
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.folder_rules import (
    ALL_LINES,
    ALL_LINKS,
    KNOWN_LINES,
    NO_LINKS,
    NOT_READ,
    OWN_LINKS,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

MAIN = frozenset([None])


def active(text):
    tree = ConfigTree(hosts.MAIN, hosts.ROOT, {hosts.MAIN: text}, {}, frozenset())
    return active_directives(tree, World([], [], '2.4.62'))


def rules_of(text, by_default=NOT_READ):
    return folder_rules.FolderRules(active(text), frozenset(), by_default)


def section(folder, *lines):
    return u'<Directory %s>\n%s\n</Directory>\n' % (folder, u'\n'.join(lines))


def vhost(text):
    return u'<VirtualHost *:80>\n%s</VirtualHost>\n' % text


class TestReads:
    @pytest.mark.parametrize(
        'words, how',
        [
            (u'None', NOT_READ),
            (u'All', ALL_LINES),
            (u'FileInfo', ALL_LINES),
            (u'Options=Indexes', ALL_LINES),
            (u'All Nonfatal=Unknown', KNOWN_LINES),
            (u'FileInfo nonfatal=all', KNOWN_LINES),
            (u'All Nonfatal=Override', ALL_LINES),
            # These two take away what stands before them.
            (u'Nonfatal=Unknown All', ALL_LINES),
            (u'FileInfo None', NOT_READ),
            (u'None Nonfatal=Unknown', KNOWN_LINES),
        ],
    )
    def test_by_words(self, words, how):
        rules = rules_of(section(u'/srv', u'AllowOverride ' + words))
        assert rules.reads(u'/srv/a', MAIN) == how

    def test_the_most_that_one_of_the_servers_reads(self):
        told = active(
            section(u'/', u'AllowOverride FileInfo Nonfatal=Unknown')
            + vhost(section(u'/srv', u'AllowOverride All'))
            + vhost(section(u'/srv', u'AllowOverride None'))
        )
        one, two = [item.sections[0] for item in told[1:]]
        rules = folder_rules.FolderRules(told, frozenset(), NOT_READ)
        assert [rules.reads(u'/srv', set(some)) for some in ([one], [two], [one, two])] == [
            ALL_LINES,
            NOT_READ,
            ALL_LINES,
        ]
        assert rules.reads(u'/srv', MAIN) == ALL_LINES
        assert rules.reads(u'/', MAIN) == KNOWN_LINES
        assert rules.reads(u'/srv', set([two, ('virtualhost', (), u'/other', 1)])) == KNOWN_LINES

    @pytest.mark.parametrize(
        'text, below',
        [
            (section(u'/srv', u'AllowOverride All'), True),
            (section(u'/srv/www/a', u'AllowOverride All'), True),
            (section(u'/srv/www-a', u'AllowOverride All'), False),
            (section(u'/srv/www/a', u'AllowOverride None'), False),
            (section(u'/srv/*/*', u'AllowOverride All'), True),
            (section(u'/home/*/web', u'AllowOverride All'), False),
            (section(u'~ /web', u'AllowOverride All'), True),
            (section(u'/srv/www/a', u'AllowOverrideList php_value'), True),
            (
                section(u'/srv/www', u'AllowOverride None') + section(u'/', u'AllowOverride All'),
                False,
            ),
        ],
    )
    def test_whether_anything_is_read_below(self, text, below):
        assert rules_of(text).may_read_below(u'/srv/www', MAIN) is below

    @pytest.mark.parametrize(
        'text, there',
        [
            (u'', False),
            (section(u'/srv', u'AllowOverride All'), True),
            (section(u'/srv/www', u'AllowOverride All'), True),
            (section(u'/srv/www/a', u'AllowOverride All'), False),
            (section(u'/srv', u'AllowOverride None'), False),
            (section(u'/s*', u'AllowOverride All'), True),
            (section(u'/srv/*/*', u'AllowOverride All'), False),
            (section(u'~ x', u'AllowOverride All'), True),
            (vhost(section(u'/', u'AllowOverrideList a')), True),
        ],
    )
    def test_whether_anything_is_read_in_it(self, text, there):
        assert rules_of(text).may_read_in(u'/srv/www') is there
        assert rules_of(text, ALL_LINES).may_read_in(u'/srv/www')


class TestFollows:
    @pytest.mark.parametrize(
        'text, links',
        [
            (u'', ALL_LINKS),
            (section(u'/srv', u'Options None'), NO_LINKS),
            (section(u'/srv', u'Options Indexes'), NO_LINKS),
            (section(u'/srv', u'Options All'), ALL_LINKS),
            (section(u'/srv', u'Options +Indexes'), ALL_LINKS),
            (section(u'/srv', u'Options -FollowSymLinks'), NO_LINKS),
            (section(u'/srv', u'Options SymLinksIfOwnerMatch'), OWN_LINKS),
            (section(u'/srv', u'Options -FollowSymLinks +SymLinksIfOwnerMatch'), OWN_LINKS),
            (
                section(u'/', u'Options None') + section(u'/srv', u'Options +FollowSymLinks'),
                ALL_LINKS,
            ),
            (u'Options None\n', NO_LINKS),
            (vhost(u'Options None\n'), ALL_LINKS),
            (u'<Location />\nOptions None\n</Location>\n', ALL_LINKS),
            (section(u'/srv', u'<Files x>', u'Options None', u'</Files>'), ALL_LINKS),
            (section(u'~ (x)+x', u'Options None'), ALL_LINKS),
        ],
    )
    def test_table(self, text, links):
        assert rules_of(text).follows(u'/srv/a', MAIN) == links


def test_folders_that_sections_name():
    text = section(u'/srv/a/', u'Options None') + vhost(section(u'"/srv/b"', u'Options None'))
    text += section(u'/srv/*', u'Options None') + section(u'~ /srv/c', u'Options None')
    found = folder_rules.named_folders(active(text))
    assert sorted((path, len(servers), None in servers) for path, servers in found.items()) == [
        (u'/srv/a', 1, True),
        (u'/srv/b', 1, False),
    ]


@pytest.mark.parametrize(
    'path, found',
    [(u'/a/b/c', [u'/a/b', u'/a', u'/']), (u'/a', [u'/']), (u'/', [])],
)
def test_folders_above(path, found):
    assert folder_rules.above(path) == found


def test_thousands_of_sites_with_sections_are_judged_in_a_moment():
    texts = [
        vhost(
            section(u'/', u'AllowOverride None') + section(u'/srv/%d' % one, u'AllowOverride All')
        )
        for one in range(1500)
    ]
    told = active(u''.join(texts))
    servers = [item.sections[0] for item in told[1::2]]
    begin = time.time()
    rules = folder_rules.FolderRules(told, frozenset(), NOT_READ)
    found = [
        (rules.reads(u'/srv/%d/a' % one, set([server])), rules.reads(u'/srv/0', set([server])))
        for one, server in enumerate(servers)
    ]
    assert time.time() - begin < 2
    assert found == [(ALL_LINES, ALL_LINES)] + [(ALL_LINES, NOT_READ)] * 1499


class TestIsQuick:
    @pytest.mark.parametrize(
        'pattern, quick',
        [
            (u'^/srv/www/', True),
            (u'/\\.(svn|git)/', True),
            (u'^/home/.*/public_html', True),
            (u'^/srv/[^/]+/[^/]+/web', True),
            (u'', True),
            (u'(?:a|b)/', True),
            (u'(/[^/]+)+/x', False),
            (u'(a*)*', False),
            (u'.*a.*b.*c', False),
            (u'a{1,9}', False),
            (u'(a)\\1', False),
            (u'(?=a)', False),
            (u'a' * 201, False),
        ],
        ids=repr,
    )
    def test_table(self, pattern, quick):
        assert folder_rules.is_quick(pattern) is quick
