# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._packages.ask import MANAGERS
from ansible_collections.webops.apache.plugins.modules import mpm_packages


class Ended(Exception):
    """The module ended, as exit_json and fail_json do."""


@pytest.fixture
def call(monkeypatch):
    """Call main() with these options and give what it answers; what it calls is replaced by
    `answer`.
    """

    def run(answer, **options):
        answers = []

        class Module(object):
            def __init__(self, argument_spec, supports_check_mode):
                assert supports_check_mode
                self.params = dict(
                    dict((name, spec.get('default')) for name, spec in argument_spec.items()),
                    **options
                )

            def exit_json(self, **result):
                answers.append(('exit', result))
                raise Ended()

            def fail_json(self, **result):
                answers.append(('fail', result))
                raise Ended()

        monkeypatch.setattr(mpm_packages, 'AnsibleModule', Module)
        monkeypatch.setattr(mpm_packages, 'look_ahead', answer)
        with pytest.raises(Ended):
            mpm_packages.main()
        return answers[0]

    return run


class TestMain(object):
    def test_an_answer_exits(self, call):
        assert call(lambda *a: {'failed': False, 'changed': False, 'removes': []}, name=['x']) == (
            'exit',
            {'changed': False, 'removes': []},
        )

    def test_a_removal_fails_with_all_that_was_seen(self, call):
        assert call(
            lambda *a: {'failed': True, 'rule': 'packages_removed', 'removes': ['psa']}, name=['x']
        ) == ('fail', {'rule': 'packages_removed', 'removes': ['psa']})

    def test_a_foreseen_error_fails_by_its_words(self, call):
        def answer(*_args):
            raise ReadError('cannot be told', rule='package_manager_unknown')

        assert call(answer, name=['x']) == (
            'fail',
            {'msg': 'cannot be told', 'rule': 'package_manager_unknown'},
        )

    @pytest.mark.parametrize('manager, asked', [('auto', None), ('apt', 'apt'), ('rpm', 'rpm')])
    def test_asks_whom_it_is_told_to(self, call, manager, asked):
        seen = []
        call(
            lambda run, names, named: seen.append((names, named)) or {'failed': False},
            name=['x'],
            manager=manager,
        )
        assert seen == [(['x'], asked)]

    def test_offers_every_package_manager_that_is_known(self):
        assert sorted(mpm_packages.ARGUMENTS['manager']['choices']) == sorted(('auto',) + MANAGERS)
