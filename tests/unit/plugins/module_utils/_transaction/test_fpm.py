# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions, fpm
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders

ORDER = orders.FPM._replace(sockets=[], timeout=0.2)


class Manager(object):
    """systemd and FPM. enabled: state of the unit's file; failing: words of commands that fail."""

    def __init__(self, enabled='disabled', failing=()):
        self.enabled, self.failing, self.done = enabled, failing, []

    def run(self, argv, **options):
        if argv[1] == 'show':
            return CommandResult(argv, 0, u'UnitFileState=%s\n' % self.enabled, u'')
        self.done.append(argv[1])
        return CommandResult(argv, int(argv[1] in self.failing), u'', u'no library\n')


def settle(order, manager):
    actions.ACTIONS['settle_fpm'](order, manager)
    return manager.done


@pytest.mark.parametrize(
    'changes, enabled, done',
    [
        ({}, 'disabled', ['daemon-reload', '-t', 'reset-failed', 'restart', 'enable']),
        ({}, 'enabled', ['daemon-reload', '-t', 'reset-failed', 'restart']),
        ({'test': None}, 'enabled', ['daemon-reload', 'reset-failed', 'restart']),
        ({'enabled': None}, 'static', ['daemon-reload', '-t', 'reset-failed', 'restart']),
        ({'active': False, 'enabled': False}, 'enabled', ['daemon-reload', 'stop', 'disable']),
        ({'active': False, 'enabled': False}, 'disabled', ['daemon-reload', 'stop']),
    ],
    ids=repr,
)
def test_the_unit_becomes_what_is_said(changes, enabled, done):
    assert settle(ORDER._replace(**changes), Manager(enabled)) == done


@pytest.mark.parametrize(
    'failing, words',
    [
        ('daemon-reload', 'systemctl daemon-reload failed: no library'),
        ('-t', '/usr/sbin/php-fpm8.2 does not take the configuration of FPM: no library'),
        ('restart', 'systemctl restart -- php8.2-fpm failed: no library'),
    ],
)
def test_what_fails_is_named(failing, words):
    with pytest.raises(StepError) as caught:
        settle(ORDER, Manager(failing=[failing]))
    assert words in caught.value.message


def test_what_fails_once_httpd_needs_it_no_more_is_a_warning():
    context = Context(Manager(failing=['stop']).run, '/no/such')
    actions.ACTIONS['hand_fpm_back'](ORDER._replace(active=False), context)
    assert context.warnings == ['systemctl stop -- php8.2-fpm failed: no library']


def test_each_socket_has_to_answer(tmpdir):
    path = str(tmpdir.join('a'))
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    try:
        settle(ORDER._replace(sockets=[path]), Manager())
    finally:
        listener.close()
    with pytest.raises(StepError) as caught:
        settle(ORDER._replace(sockets=[path]), Manager())
    assert 'php8.2-fpm runs, and takes no connection at %s' % path in caught.value.message


def test_the_folder_of_the_sockets_goes_with_them(tmpdir):
    folder = tmpdir.mkdir('sockets')
    settle(ORDER._replace(active=False, folder=str(folder)), Manager())
    assert not folder.check()


@pytest.mark.parametrize('left', [True, False])
def test_a_folder_goes_if_nothing_is_left_in_it(tmpdir, left):
    folder = tmpdir.mkdir('a.service.d')
    if left:
        folder.join('other.conf').write('')
    order = orders.FOLDER._replace(path=str(folder))
    for _again in range(2):
        actions.ACTIONS['remove_if_empty'](order, None)
    assert folder.check() == left
    assert os.path.isdir(str(tmpdir)) and fpm.ACTIONS
