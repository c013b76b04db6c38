# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import keys
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import World
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PLAIN = b'-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'
PKCS8 = PLAIN.replace(b'PRIVATE', b'ENCRYPTED PRIVATE')
PKCS1 = b'-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0\n\nMII\n'
CERTIFICATE = b'-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n'
WORLD = World(set(), set(), '2.4.6')


class TestIsLocked:
    @pytest.mark.parametrize(
        'content, locked',
        [
            (PLAIN, False),
            (PKCS8, True),
            (PKCS1, True),
            (PKCS1.replace(b'\n', b'\r\n'), True),
            (CERTIFICATE + PKCS8, True),
            (CERTIFICATE + PLAIN, False),
            (CERTIFICATE, False),
            (b'# ENCRYPTED\n' + PLAIN, False),
            (b'', False),
            (b'\0\xff', False),
        ],
    )
    def test_by_what_the_pem_says(self, content, locked):
        assert keys.is_locked(content) is locked


@pytest.fixture
def folder(tmp_path):
    return os.path.realpath(str(tmp_path))


def found(folder, text):
    return sorted(keys.read_keys(hosts.tree_of({hosts.MAIN: text}, root=folder), WORLD).locked)


class TestReadKeys:
    @pytest.mark.parametrize(
        'text',
        [
            u'SSLCertificateKeyFile %s/key\n',
            u'SSLCertificateKeyFile key\n# %s\n',
            u'SSLCertificateFile "%s/key"\n',
            u'Define keys %s\nSSLCertificateKeyFile ${keys}/key\n',
            u'<IfModule mod_of_another_mpm.c>\nSSLCertificateKeyFile %s/key\n</IfModule>\n',
        ],
    )
    def test_are_found_however_they_are_named(self, folder, text):
        with open(folder + '/key', 'wb') as stream:
            stream.write(PKCS8)
        assert found(folder, text % folder) == [folder + '/key']

    def test_nothing_but_a_file_is_opened(self, folder):
        os.mkfifo(folder + '/pipe')
        text = u'SSLCertificateKeyFile pipe\nSSLCertificateFile missing\n'
        assert found(folder, text) == []

    def test_no_more_than_a_key_is_read(self, folder):
        with open(folder + '/key', 'wb') as stream:
            stream.write(b'\n' * keys.MAX_KEY + PKCS8)
        assert found(folder, u'SSLCertificateKeyFile key\n') == []

    @pytest.mark.parametrize(
        'name, text, asks',
        [
            ('dialog', '#!/bin/sh\nexec /bin/systemd-ask-password "Key $1"\n', True),
            ('dialog', '#!/bin/sh\necho secret\n', False),
            ('httpd-ssl-pass-dialog', '#!/bin/sh\necho secret\n', False),
            ('httpd-ssl-pass-dialog', 'ELF', True),
            ('httpd-ssl-pass-dialog', None, True),
            ('dialog', None, False),
        ],
    )
    def test_tells_which_programs_ask(self, folder, name, text, asks):
        if text is not None:
            with open('%s/%s' % (folder, name), 'w') as stream:
                stream.write(text)
        tree = hosts.tree_of(
            {hosts.MAIN: u'SSLPassPhraseDialog exec:%s/%s\n' % (folder, name)}, root=folder
        )
        found = keys.read_keys(tree, WORLD).asking
        assert found == (frozenset(['%s/%s' % (folder, name)]) if asks else frozenset())
