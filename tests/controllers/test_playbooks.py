"""The playbooks report on every ansible-core as on all others.

Each way in which a host can end, the exit code, and no warning of ours.
"""

import json
import unicodedata

import pytest
from conftest import START, TEMPLATE
from controller import Line, shown, summary

PATIENCE = 'switch_mpm_reconnect_timeout=3'
AT_ONCE, ONE_BY_ONE = '{"mpm_serial": "100%"}', '{"mpm_serial": 1}'
UNTOUCHED = Line('', '-', '-', '', '-', '-', '')


def is_clean(out):
    """Return whether nothing in it moves a cursor, is hidden, or turns words round."""
    return not [
        character
        for character in out
        if character not in '\n\t' and unicodedata.category(character) in ('Cc', 'Cf', 'Zl', 'Zp')
    ]


@pytest.fixture(scope='module')
def fleet(controller):
    """The run of a switch in which every host ends otherwise."""
    return controller.play('switch-mpm.yml', '-e', 'mpm=worker', '-e', PATIENCE, '-e', AT_ONCE)


@pytest.fixture(scope='module')
def waves(controller, fleet):
    """A run after that, back again, one host after the other."""
    return controller.play(
        'switch-mpm.yml', '-e', f'mpm={START}', '-e', ONE_BY_ONE, '--limit', 'web1,odd,shop'
    )


class TestASwitchOfAFleet:
    WHY = {
        'lost': 'was lost during the switch and did not come back within 3 s',
        'odd': 'its answer cannot be read: outcome is of type list and not str.',
        'gone': '127.0.0.1',
        'seen': 'the host does not answer as it should with worker, so it was switched back',
        'hook': 'the pool does not answer The tasks after the outage failed: nor now',
        'back': 'The switch to worker failed at the step "start"',
        'liar': f'lie: {TEMPLATE}',
        'shop': 'plesk: Plesk owns this web server',
        'web1': '',
    }
    LINES = [
        UNTOUCHED._replace(host='lost', outcome='unknown'),
        UNTOUCHED._replace(host='odd', outcome='unreadable'),
        UNTOUCHED._replace(host='gone', outcome='unreachable'),
        Line('seen', START, START, 'failed', 'stop', 'N ms', ''),
        UNTOUCHED._replace(host='hook', outcome='failed'),
        Line('back', START, START, 'rolled_back', 'stop', 'N ms', ''),
        UNTOUCHED._replace(host='liar', outcome='refused'),
        Line('shop', 'prefork', 'prefork', 'refused', '-', 'N ms', ''),
        Line('web1', START, 'worker', 'switched', 'stop', 'N ms', ''),
    ]

    def test_has_a_line_for_each_host_what_needs_attention_first(self, fleet):
        lines, count = summary(fleet)
        assert [line._replace(why='') for line in lines] == self.LINES
        assert count == (
            '9 hosts: 1 unknown, 1 unreadable, 1 unreachable, 2 failed, 1 rolled_back, '
            '2 refused, 1 switched'
        )

    def test_says_of_each_why(self, fleet):
        why = dict((line.host, line.why) for line in summary(fleet)[0])
        assert not [(host, why[host]) for host, words in self.WHY.items() if words not in why[host]]
        assert why['web1'] == ''

    def test_fails_for_each_host_that_did_not_switch(self, fleet):
        assert fleet.code == 2
        told = fleet.out.split('TASK [Say which hosts did not switch]')[1].split('PLAY RECAP')[0]
        hosts = ('lost', 'odd', 'gone', 'seen', 'hook', 'back', 'liar', 'shop')
        assert (
            not [host for host in hosts if f'fatal: [{host}]' not in told] and '[web1]' not in told
        )

    def test_prints_nothing_of_a_host_that_steers_a_terminal_or_ansible(self, fleet):
        assert is_clean(fleet.out)
        assert 'a lie' not in fleet.out and 'hostname' not in fleet.out

    def test_warns_of_nothing_but_what_a_host_warned_of(self, fleet):
        warnings = [
            line
            for line in fleet.out.splitlines()
            if 'WARNING' in line or 'deprecat' in line.lower()
        ]
        expected = (
            '[WARNING]: [2Jwarned',
            # Ansible's own word on a host that is lost when a file is sent to it.
            'transfer mechanism failed on',
            # What a real host found and only warns.
            '[WARNING]: rehearsal_unavailable: ',
            # The way back from worker to the prefork of EL6, from 300 requests to 256.
            '[WARNING]: fewer_workers: ',
        )
        assert [line for line in warnings if not any(word in line for word in expected)] == []

    def test_shows_what_was_found_and_only_warns(self, fleet):
        # The kernel below the hosts has what a rehearsal needs, and RHEL 6 has not.
        assert ('rehearsal_unavailable' in fleet.out) == (START == 'prefork')


class TestASwitchInWaves:
    def test_is_held_by_a_host_whose_answer_cannot_be_read(self, waves):
        lines, count = summary(waves)
        assert count == '3 hosts: 1 unreadable, 1 not tried, 1 switched'
        assert [(line.host, line.outcome, line.why) for line in lines][1:] == [
            ('shop', 'not tried', 'an earlier wave did not go well'),
            ('web1', 'switched', ''),
        ]
        assert waves.code == 2

    def test_of_hosts_that_end_well_exits_with_zero(self, controller, waves):
        run = controller.play('switch-mpm.yml', '-e', f'mpm={START}', '--limit', 'web1')
        assert summary(run) == (
            [Line('web1', START, START, 'unchanged', '-', 'N ms', '')],
            '1 hosts: 1 unchanged',
        )
        assert run.code == 0 and 'WARNING' not in run.out

    def test_that_asks_for_nothing_possible_asks_no_host(self, controller, waves):
        run = controller.play('switch-mpm.yml', '-e', 'mpm=workr', '--limit', 'gone')
        assert (
            run.code == 2 and "'workr' is not a valid MPM" in run.out and 'Summary' not in run.out
        )
        assert 'UNREACHABLE' not in run.out


class TestTheAudit:
    def test_has_a_line_for_each_host_whatever_they_answered(self, controller, waves):
        page, data = controller.folder / 'audit.html', controller.folder / 'audit.json'
        run = controller.play('audit-mpm.yml', '-e', f'mpm_report={page},{data}')
        lines = shown(run, 'Audit of the MPM')
        assert sorted(line.split()[0] for line in lines[1:]) == [
            'back',
            'gone',
            'hook',
            'liar',
            'lost',
            'odd',
            'seen',
            'shop',
            'web1',
        ]
        said = dict((line.split()[0], line) for line in lines)
        assert (
            'can switch' in said['web1']
            and 'cannot be read' in said['odd']
            and TEMPLATE in said['liar']
        )
        assert run.code == 0 and is_clean(run.out)
        hosts = json.loads(data.read_text())['hosts']
        assert sorted(host['name'] for host in hosts) == sorted(
            line.split()[0] for line in lines[1:]
        )
        assert page.read_text().count('<article ') == len(hosts)

    def test_of_a_report_that_cannot_be_written_asks_no_host(self, controller, waves):
        run = controller.play('audit-mpm.yml', '-e', 'mpm_report=/nowhere/audit.html')
        assert run.code == 2 and 'There is no folder /nowhere' in run.out
        assert 'UNREACHABLE' not in run.out and 'Audit of the MPM' not in run.out


class TestTheRecovery:
    def test_says_that_nothing_is_unfinished(self, controller, waves):
        run = controller.play('recover-mpm.yml', '--limit', 'web1')
        assert run.code == 0 and 'There is no interrupted switch on this host.' in run.out
        assert 'WARNING' not in run.out
