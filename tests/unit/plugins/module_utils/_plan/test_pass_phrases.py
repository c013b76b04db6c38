# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Keys
from ansible_collections.webops.apache.plugins.module_utils._plan import pass_phrases, planner
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

KEY = u'/etc/pki/locked.key'
SSL = u'SSLEngine on\nSSLCertificateFile /etc/pki/cert\nSSLCertificateKeyFile %s\n' % KEY
KEYS = Keys(frozenset([KEY]), frozenset(['/usr/libexec/httpd-ssl-pass-dialog']))
EL_DIALOG = u'SSLPassPhraseDialog exec:/usr/libexec/httpd-ssl-pass-dialog\n'


def host(text, address=u'*:443'):
    return u'<VirtualHost %s>\n%s</VirtualHost>\n' % (address, text)


def asked(text):
    tree = hosts.tree_of({hosts.MAIN: text})
    return pass_phrases.asked_keys(
        active_directives(tree, World(set(), set(), '2.4.6')), hosts.ROOT, KEYS
    )


class TestAskedKeys:
    @pytest.mark.parametrize(
        'text, count',
        [
            (host(SSL), 1),
            (SSL, 1),
            (EL_DIALOG + host(SSL), 1),
            (u'SSLPassPhraseDialog builtin\n' + host(SSL), 1),
            (u'SSLPassPhraseDialog exec:/usr/local/bin/answer\n' + host(SSL), 0),
            (u'SSLPassPhraseDialog "|/usr/local/bin/answer x"\n' + host(SSL), 0),
            (EL_DIALOG + u'SSLPassPhraseDialog exec:/opt/answer\n' + host(SSL), 0),
            (host(SSL.replace(u'locked', u'other')), 0),
            # the key beside its certificate
            (host(u'SSLEngine on\nSSLCertificateFile %s\n' % KEY), 1),
            (host(SSL.replace(KEY, u'/k').replace(u'/etc/pki/cert', KEY)), 0),
            # a server that does not speak TLS reads no key
            (host(SSL.replace(u'on', u'off')), 0),
            (host(SSL.replace(u'SSLEngine on\n', u'')), 1),
            (host(SSL.replace(u'SSLEngine on\n', u''), u'*:80'), 0),
            (u'Listen 8443 https\n' + host(SSL.replace(u'SSLEngine on\n', u''), u'*:8443'), 1),
            (SSL.replace(u'SSLEngine on\n', u''), 0),
            # what a host does not say it has from the main server
            (SSL.replace(u'on', u'off') + host(u'SSLEngine on\n'), 1),
            (u'SSLEngine on\n' + host(SSL.replace(u'SSLEngine on\n', u''), u'*:81'), 1),
            (SSL.replace(u'on', u'off') + host(u'ServerName x\n'), 0),
            (u'<IfModule no.c>\n%s</IfModule>\n' % SSL, 0),
        ],
    )
    def test_are_those_that_a_start_reads(self, text, count):
        assert len(asked(text)) == count

    def test_say_where_they_stand(self):
        (found,) = asked(EL_DIALOG + host(SSL))
        assert found == (hosts.MAIN, 5, KEY, 'exec:/usr/libexec/httpd-ssl-pass-dialog')


class TestTheRule:
    def findings(self, **changes):
        more = (('/etc/httpd/conf.d/ssl.conf', EL_DIALOG + host(SSL)),)
        state = hosts.changed(hosts.el6_host(more=more, **changes), keys=KEYS)
        found = planner.build_plan(state, hosts.wanted('worker', php='none')).findings
        return [each for each in found if each.rule == 'start_needs_a_person']

    def test_names_file_line_and_key(self):
        (found,) = self.findings()
        assert (found.level, found.acceptable) == ('refuse', False)
        assert '%s (/etc/httpd/conf.d/ssl.conf line 5)' % KEY in found.reason
        assert 'httpd-ssl-pass-dialog' in found.reason and 'exec:/path' in found.fix

    def test_has_nothing_to_say_where_no_server_is_started(self):
        assert self.findings(running=None) == []
