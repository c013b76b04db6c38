# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.filter.mpm_audit import mpm_audit


def reading(running, configured, findings=(), switch_to=()):
    return {
        'mpm_audit': {
            'findings': list(findings),
            'switch_to': dict(switch_to),
            'mpm': {
                'running': running,
                'configured': configured,
                'compiled': 'prefork',
                'version': '2.2.15',
                'php': [{'path': '/etc/httpd/modules/libphp5.so', 'thread_safe': False}],
            },
        }
    }


REFUSE = {'level': 'refuse', 'rule': 'plesk', 'reason': 'Plesk owns it.'}
VARS = {
    'calm': reading('prefork', 'prefork'),
    'bomb': reading(
        'prefork',
        'worker',
        [
            {
                'level': 'warn',
                'rule': 'running_not_configured',
                'reason': 'the next restart changes it',
            }
        ],
    ),
    'mine': reading(
        'event',
        'worker',
        [{'level': 'warn', 'rule': 'reload_would_kill', 'reason': 'any reload ends the server'}],
    ),
    'shop': reading('prefork', 'prefork', [], {'worker': [REFUSE], 'prefork': []}),
    'gone': {'mpm_audit': {'unreachable': True, 'msg': 'no route'}},
    'mute': {},
}


class TestMpmAudit(object):
    def test_hosts_whose_next_restart_changes_the_mpm_come_first(self):
        lines = mpm_audit(VARS, ['calm', 'bomb', 'shop', 'gone', 'mute'])
        assert [line.split()[0] for line in lines] == [
            'HOST',
            'bomb',
            'gone',
            'mute',
            'calm',
            'shop',
        ]

    def test_hosts_that_any_reload_ends_come_before_all_others(self):
        lines = mpm_audit(VARS, ['calm', 'bomb', 'gone', 'mine'])
        assert [line.split()[0] for line in lines] == ['HOST', 'mine', 'bomb', 'gone', 'calm']

    def test_what_stands_against_a_switch_is_named(self):
        line = mpm_audit(VARS, ['shop'])[1]
        assert line.endswith('not to worker: plesk')
        assert 'prefork' not in line.split('REMARKS')[-1].split('libphp5.so')[-1]

    def test_a_host_that_did_not_answer_says_so(self):
        lines = mpm_audit(VARS, ['gone', 'mute'])
        assert lines[1].endswith('no route') and lines[2].endswith('It gave no answer.')

    def test_a_host_without_blockers_can_switch(self):
        assert mpm_audit(VARS, ['calm'])[1].endswith(
            'libphp5.so (not thread-safe)  -       can switch'
        )

    def test_a_host_that_answers_oddly_has_its_line_and_all_others_have_theirs(self):
        odd = {
            'text': 'text',
            'list': {'mpm': []},
            'findings': {'mpm': {'running': 'x'}, 'findings': 7, 'switch_to': {}},
            'deep': {
                'mpm': {'running': 'x', 'php': [{'path': 7}]},
                'findings': [],
                'switch_to': {},
            },
        }
        said = dict(VARS, **dict((host, {'mpm_audit': answer}) for host, answer in odd.items()))
        lines = mpm_audit(said, ['calm'] + sorted(odd))
        assert [line.split()[0] for line in lines] == [
            'HOST',
            'deep',
            'findings',
            'list',
            'text',
            'calm',
        ]
        assert all('Its answer cannot be read: ' in line for line in lines[1:5])

    def test_a_reading_that_lacks_most_of_it_has_a_line(self):
        assert mpm_audit({'a': {'mpm_audit': {'mpm': {'running': 'prefork'}}}}, ['a'])[1].split()[
            :3
        ] == ['a', 'prefork', '-']
