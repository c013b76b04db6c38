# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import mods_enabled
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

LOCAL = '/etc/apache2/conf-enabled/local.conf'


def rules(plan):
    return [finding.rule for finding in planner.refused(plan)]


class TestSettings:
    def test_every_line_is_named(self):
        disk = hosts.debian_disk(
            'event', more={LOCAL: u'php_value a 1\nphp_admin_flag b On\nPHPINIDir /etc\n'}
        )
        plan = planner.build_plan(hosts.debian_host(disk), hosts.wanted('worker'))
        assert rules(plan) == ['php_directives']
        reason = planner.refused(plan)[0].reason
        assert all('%s line %d' % (LOCAL, number) in reason for number in (1, 2, 3))

    @pytest.mark.parametrize(
        'text',
        [u'php_value a 1\n', u'<Directory /srv>\n  php_value a 1\n  php_flag b On\n</Directory>\n'],
    )
    def test_none_on_debian_guards_them(self, text):
        disk = hosts.debian_disk(more={LOCAL: text})
        plan = planner.build_plan(hosts.debian_host(disk), hosts.wanted('event', php='none'))
        assert (rules(plan), plan.target.php.settings) == ([], [])

    @pytest.mark.parametrize('php, refused, guards', [(None, True, 0), ('none', False, 2)])
    def test_el7_names_or_guards_each_php_value(self, php, refused, guards):
        path = '/etc/httpd/conf.d/zz.conf'
        text = (
            u'php_value session.save_handler "files"\n# between\nphp_value session.save_path "/x"\n'
        )
        state = hosts.el7_host(more=list(hosts.EL7_PHP) + [(path, text)])
        plan = planner.build_plan(state, hosts.wanted('worker', php=php))
        assert ('php_directives' in rules(plan)) == refused
        named = [
            finding.reason for finding in planner.refused(plan) if finding.rule == 'php_directives'
        ]
        assert all(
            '%s line 1' % path in reason and '%s line 3' % path in reason for reason in named
        )
        after = [edit.after for edit in plan.edits if edit.path == path]
        assert sum(text.count(u'<IfModule mod_php5.c>\nphp_value') for text in after) == guards


def test_other_modules_are_no_php():
    assert (
        mods_enabled.dependants(hosts.debian_host(hosts.debian_disk('event')).tree, 'event') == []
    )
