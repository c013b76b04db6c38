# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import (
    AskedSite,
    ConfigTree,
    LeftOut,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax import log_directives
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)

MAIN = u'/etc/httpd/conf/httpd.conf'
FORMATS = u"""
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost_combined
LogFormat "%t %h \\"%r\\" %b" without_status
"""
COMMON = u'%h %l %u %t "%r" %>s %b'


def find(text, ports=(80, 443)):
    tree = ConfigTree(MAIN, u'/etc/httpd', {MAIN: FORMATS + text}, {}, frozenset())
    world = World(set([u'log_config_module', u'macro_module']), [], '2.4.62')
    return log_directives.find_logs(active_directives(tree, world), tree.root, sorted(ports))


def sites(text, ports=(80, 443)):
    """Return {path: [sites]} of the logs, and what is left out."""
    logs, left = find(text, ports)
    return dict((log.path, log.sites) for log in logs), left


def host(name, more, where='*:80'):
    named = u'ServerName %s\n' % name if name else u''
    return u'<VirtualHost %s>\n%s%s\n</VirtualHost>\n' % (where, named, more)


OWN = u'CustomLog /log/a common'
A = AskedSite(u'a.example', 80, u'http', None)


@pytest.mark.parametrize(
    'text, ports, found',
    [
        (u'ServerName a.example\nCustomLog logs/x common', (80,), {u'/etc/httpd/logs/x': [A]}),
        (u'CustomLog /log/x common', (80,), {u'/log/x': [A._replace(name=u'localhost')]}),
        (u'ServerName https://A.example:443\nTransferLog /log/x', (80,), {u'/log/x': [A]}),
        (host(u'a.example', OWN), (80,), {u'/log/a': [A]}),
        (host(u'a.example.', OWN), (80,), {u'/log/a': [A]}),
        (host(None, u'ServerAlias *.example a.example\n' + OWN), (80,), {u'/log/a': [A]}),
        (host(None, OWN), (80,), {u'/log/a': [A._replace(name=u'localhost')]}),
        (
            host(u'a.example', OWN + u'\nSSLEngine on', u'_default_:443'),
            (80, 443),
            {u'/log/a': [A._replace(port=443, scheme=u'https')]},
        ),
        (
            host(u'a.example', OWN, u'192.0.2.1:80 [2001:db8::1]:80'),
            (80,),
            {u'/log/a': [A._replace(address=u'192.0.2.1')]},
        ),
        (
            host(u'a.example', OWN, u'[2001:db8::1]:81'),
            (80, 81),
            {u'/log/a': [A._replace(address=u'2001:db8::1', port=81)]},
        ),
        (host(u'a.example', OWN, u'*'), (8080,), {u'/log/a': [A._replace(port=8080)]}),
        # Those without a log of their own use that of the main server.
        (
            u'CustomLog /log/all vhost_combined\n' + host(u'a.example', u'') + host(u'b', u''),
            (80,),
            {u'/log/all': [A, A._replace(name=u'b')]},
        ),
        (
            u'CustomLog /log/all vhost_combined\n' + host(u'a.example', OWN),
            (80,),
            {u'/log/a': [A]},
        ),
        (
            u'GlobalLog /log/all vhost_combined\n' + host(u'a.example', OWN),
            (80,),
            {u'/log/a': [A], u'/log/all': [A]},
        ),
        # The same lines of a macro, used twice.
        (
            u'<Macro Host $name>\n%s</Macro>\nUse Host a.example\nUse Host b\n'
            % host(u'$name', u'CustomLog /log/$name common'),
            (80,),
            {u'/log/a.example': [A], u'/log/b': [A._replace(name=u'b')]},
        ),
        # One site, two schemes, one log.
        (
            host(u'a.example', OWN) + host(u'a.example', OWN + u'\nSSLEngine on', u'*:443'),
            (80, 443),
            {u'/log/a': [A, A._replace(port=443, scheme=u'https')]},
        ),
    ],
)
def test_logs_are_those_of_their_sites(text, ports, found):
    assert sites(text, ports) == (found, [])


@pytest.mark.parametrize(
    'text, what, why',
    [
        (u'CustomLog "|/bin/rotatelogs /log/x 86400" common', u'|/bin/', 'piped to a program'),
        (u'CustomLog syslog:user common', u'syslog', 'it is not a file'),
        (u'CustomLog /log/x without_status', u'/log/x', log_directives.UNSUITABLE),
        (u'CustomLog /log/x no_such_format', u'/log/x', log_directives.UNSUITABLE),
        (
            u'CustomLog /log/x common\n' + host(u'a', u'') + host(u'b', u''),
            u'/log/x',
            'of several sites',
        ),
        (host(u'a', u'') + host(None, OWN), u'<VirtualHost *:80> in', 'it has no ServerName'),
        (host(u'a', OWN, u'*:8080'), u'<VirtualHost *:8080> in', 'nothing listens there'),
        (host(u'a b', OWN, u'*:8080'), u'<VirtualHost *:8080>', 'nothing listens there'),
    ],
)
def test_logs_that_are_of_no_use_are_named(text, what, why):
    logs, (left,) = find(text)
    assert logs == [] and left.what.startswith(what) and why in left.why
    assert isinstance(left, LeftOut)


@pytest.mark.parametrize(
    'text, form',
    [
        (u'TransferLog /log/x', COMMON),
        (u'LogFormat "%t \\"%r\\" %>s"\nTransferLog /log/x', u'%t "%r" %>s'),
        (u'CustomLog /log/x "%t \\"%r\\" %s"', u'%t "%r" %s'),
        (u'CustomLog /log/x common env=!image', COMMON),
        (
            u'LogFormat "%t %r %s" mine\n'
            + host(u'a', u'LogFormat "%s %t %r" mine\nCustomLog /log/x mine'),
            u'%s %t %r',
        ),
        (u'LogFormat "%s %t %r" mine\n' + host(u'a', u'CustomLog /log/x mine'), u'%s %t %r'),
    ],
)
def test_a_format_is_found_by_its_nickname_or_stands_for_itself(text, form):
    (log,) = [log for log in find(text, (80,))[0] if log.path == u'/log/x']
    assert log.form == log_directives.parse_format(form)


TLS = A._replace(port=443, scheme=u'https')
B = A._replace(name=u'b')


@pytest.mark.parametrize(
    'of, name, port, site',
    [
        ([A], None, None, A),
        ([A, TLS], None, None, TLS),
        ([A, TLS], None, 80, A),
        ([A, B], u'b', None, B),
        ([A, B], u'c', None, None),
        ([A, TLS, B], u'a.example', 443, TLS),
        ([A], u'a.example', 8080, A),
        ([A._replace(name=u'localhost'), B], u'host.internal', 80, A._replace(name=u'localhost')),
    ],
)
def test_a_line_is_of_the_site_that_it_names(of, name, port, site):
    log = log_directives.AccessLog(u'/log/x', None, of)
    assert log_directives.site_at(log, name, port) == site
