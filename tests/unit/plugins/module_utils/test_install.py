# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _install
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError, ReadError
from ansible_collections.webops.apache.plugins.module_utils._packages.foreseen import make_foreseen

WAY = 'plesk bin optimization_settings --set-mpm prefork|event'


@pytest.fixture
def answer(monkeypatch):
    """Sets what the package manager would do, or the error by which it does not say that."""

    def make(removes=(), error=None):
        def foresee(_run, names, manager):
            if error:
                raise ReadError(error, rule='packages_refused')
            return make_foreseen(
                manager or 'apt', ['apt-get', 'install'] + names, ['x'], [], removes
            )

        monkeypatch.setattr(_install, 'foresee', foresee)

    return make


class TestLookAhead:
    def test_lets_pass_what_removes_nothing(self, answer):
        answer()
        result = _install.look_ahead(None, ['x'], 'dnf')
        assert (
            result['failed'],
            result['changed'],
            result['manager'],
            result['installs'],
            result['unasked'],
        ) == (False, False, 'dnf', ['x'], [])

    def test_asks_nothing_about_nothing(self, answer):
        answer(error='nobody may ask')
        result = _install.look_ahead(None, [])
        assert (result['failed'], result['command'], result['msg']) == (
            False,
            [],
            'There is nothing to install.',
        )

    def test_refuses_what_removes_plesk_and_names_its_own_way(self, answer):
        answer(['shop', 'psa'])
        result = _install.look_ahead(None, ['x'])
        assert (
            result['failed']
            and result['rule'] == 'packages_removed'
            and result['unasked'] == ['psa', 'shop']
        )
        assert result['msg'] == (
            'Installing x would remove psa, shop (asked: apt-get install x). Nothing was '
            'installed, and nothing was changed. '
            'The package psa belongs to Plesk. To switch there, use %s. Decide by hand what to '
            'do with them first.' % WAY
        )

    def test_lets_the_other_mpm_make_room(self, answer):
        answer(['apache2-mpm-prefork'])
        result = _install.look_ahead(None, ['apache2-mpm-worker'])
        assert (
            not result['failed']
            and result['removes'] == ['apache2-mpm-prefork']
            and result['unasked'] == []
        )

    @pytest.mark.parametrize(
        'words, named',
        [
            ('x conflicts with psa provided by psa-18.0.60-1.noarch', True),
            ('psa is needed by (installed) shop', True),
            ('x conflicts with psacct-6.6', False),
            ('x conflicts with psa-portal', False),
            ('no such package', False),
        ],
    )
    def test_names_the_panel_that_an_error_is_about(self, answer, words, named):
        answer(error=words)
        with pytest.raises(ReadError) as caught:
            _install.look_ahead(None, ['x'])
        assert 'Nothing was installed, and nothing was changed.' in caught.value.message
        assert (WAY in caught.value.message) is named and caught.value.details == {
            'rule': 'packages_refused'
        }

    @pytest.mark.parametrize('name', ['', '-y', '--allow-remove-essential', ' x', 'psa-'])
    def test_takes_no_option_for_a_name(self, answer, name):
        answer()
        with pytest.raises(InputError):
            _install.look_ahead(None, ['x', name])
