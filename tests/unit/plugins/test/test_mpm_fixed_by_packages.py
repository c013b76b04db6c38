# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.test.mpm_fixed_by_packages import (
    mpm_fixed_by_packages,
)


def finding(rule, packages=(), level='refuse'):
    return {'rule': rule, 'packages': list(packages), 'level': level}


class TestMpmCuredByPackages(object):
    @pytest.mark.parametrize(
        'findings, fixed',
        [
            ([finding('php_not_threadsafe', ['php-zts'])], True),
            ([finding('php_not_threadsafe', ['php-zts']), finding('php_lost')], True),
            ([finding('php_not_threadsafe', ['php-zts']), finding('plesk')], False),
            ([finding('plesk')], False),
            ([finding('php_lost')], False),
            ([finding('clamped', level='warn')], False),
            ([], False),
        ],
    )
    def test_every_reason_must_have_a_package(self, findings, fixed):
        assert mpm_fixed_by_packages({'findings': findings}) is fixed

    def test_an_error_without_findings_is_not_cured(self):
        assert mpm_fixed_by_packages({'msg': 'no layout'}) is False

    @pytest.mark.parametrize(
        'result',
        ['text', None, {'findings': 'x'}, {'findings': [7]}, {'findings': [{'packages': 'x'}]}],
        ids=repr,
    )
    def test_an_odd_result_is_not_cured(self, result):
        assert mpm_fixed_by_packages(result) is False
