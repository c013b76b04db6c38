# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rules that have connections wait: how they are written, and that no others are ever
removed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._orders import HoldOrder
from ansible_collections.webops.apache.plugins.module_utils._system import holding

QUEUE_NFT, QUEUE_IPTABLES, DROP_NFT, DROP_IPTABLES = holding.MEANS
# 23 November 2026, 12:00:00 UTC
NOON = 1795435200
SYN = '-p tcp --syn -m multiport --dports 80,443 '
OURS = '-m comment --comment webops_hold_ab12 '
NOT_ROOT = '-m owner ! --uid-owner 0 '
TO_QUEUE = '-j NFQUEUE --queue-num 20007 --queue-bypass'
UNTIL = '-m time --utc --datestop 2026-11-23T12:00:00 -j DROP'
IN, OUT = '-t mangle -I INPUT ! -i lo ', '-t mangle -I OUTPUT -o lo '


def order(means, addresses=()):
    return HoldOrder(means, [80, 443], list(addresses), longest=15, token='ab12')


@pytest.mark.parametrize(
    'means, addresses, family, rules',
    [
        (
            QUEUE_IPTABLES,
            [],
            4,
            [IN + SYN + OURS + TO_QUEUE, OUT + SYN + NOT_ROOT + OURS + TO_QUEUE],
        ),
        (
            QUEUE_IPTABLES,
            [],
            6,
            [IN + SYN + OURS + TO_QUEUE, OUT + SYN + NOT_ROOT + OURS + TO_QUEUE],
        ),
        (DROP_IPTABLES, [], 4, [IN + SYN + OURS + UNTIL, OUT + SYN + NOT_ROOT + OURS + UNTIL]),
        (
            DROP_IPTABLES,
            ['192.0.2.1', '192.0.2.2'],
            4,
            [
                IN + '-d 192.0.2.1,192.0.2.2 ' + SYN + OURS + UNTIL,
                OUT + '-d 192.0.2.1,192.0.2.2 ' + SYN + NOT_ROOT + OURS + UNTIL,
            ],
        ),
        (DROP_IPTABLES, ['192.0.2.1'], 6, []),
    ],
)
def test_rules_of_iptables_spare_the_loopback_of_root_and_end_by_themselves(
    means, addresses, family, rules
):
    assert [
        ' '.join(rule)
        for rule in holding.iptables_rules(order(means, addresses), family, 20007, NOON)
    ] == rules


@pytest.mark.parametrize(
    'addresses, four, six',
    [
        (['192.0.2.1', '2001:db8::1', 'fe80::1'], ['192.0.2.1'], ['2001:db8::1', 'fe80::1']),
        # Listened on by a socket of IPv6, reached by IPv4.
        (['::ffff:192.0.2.1', '::1'], ['192.0.2.1'], ['::1']),
        ([], [], []),
    ],
)
def test_each_address_is_held_where_its_packets_come(addresses, four, six):
    assert (holding.of_family(addresses, 4), holding.of_family(addresses, 6)) == (four, six)


@pytest.mark.parametrize(
    'means, queue, addresses, rows',
    [
        (
            QUEUE_NFT,
            20007,
            [],
            [
                'add set inet webops_hold_ab12 ports { type inet_service; }',
                'add element inet webops_hold_ab12 ports { 80, 443 }',
                'arriving iifname != "lo" tcp dport @ports tcp flags & (fin|syn|rst|ack) == syn '
                'queue num 20007 bypass',
                'within oifname "lo" meta skuid != 0 tcp dport @ports tcp flags & '
                '(fin|syn|rst|ack) == syn queue num 20007 bypass',
            ],
        ),
        (
            DROP_NFT,
            None,
            [],
            [
                'ports { type inet_service; flags timeout; }',
                'ports { 80 timeout 15s, 443 timeout 15s }',
                'arriving iifname != "lo" tcp dport @ports tcp flags & (fin|syn|rst|ack) == syn '
                'drop',
            ],
        ),
        (
            DROP_NFT,
            None,
            ['192.0.2.1', '2001:db8::1'],
            [
                'arriving iifname != "lo" ip daddr { 192.0.2.1 } tcp',
                'arriving iifname != "lo" ip6 daddr { 2001:db8::1 } tcp',
                'within oifname "lo" meta skuid != 0 ip6 daddr { 2001:db8::1 } tcp',
            ],
        ),
    ],
)
def test_the_table_of_nft_spares_the_loopback_of_root_and_ends_by_itself(
    means, queue, addresses, rows
):
    script = holding.nft_script(order(means, addresses), queue)
    assert [row for row in rows if row not in script] == []
    assert all(
        line.split()[0] == 'add' and ' inet webops_hold_ab12' in line
        for line in script.splitlines()
    )


LISTING = """-P INPUT ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m comment --comment "somebody else" -j DROP
-A INPUT ! -i lo -p tcp -m multiport --dports 80 -m comment --comment "webops_hold_ab12" \
-j NFQUEUE --queue-num 7 --queue-bypass
-A OUTPUT -o lo -m comment --comment webops_hold_older -j DROP
"""


def test_only_rules_of_ours_are_removed_and_those_of_an_earlier_run_too():
    assert [' '.join(words) for words in holding.our_rules(LISTING)] == [
        '-t mangle -D INPUT ! -i lo -p tcp -m multiport --dports 80 -m comment --comment '
        'webops_hold_ab12 -j NFQUEUE --queue-num 7 --queue-bypass',
        '-t mangle -D OUTPUT -o lo -m comment --comment webops_hold_older -j DROP',
    ]


def test_only_tables_of_ours_are_removed():
    listing = (
        'table inet filter\ntable inet webops_hold_ab12\ntable ip mangle\ntable inet '
        'webops_hold_older\n'
    )
    assert [words[-1] for words in holding.our_tables(listing)] == [
        'webops_hold_ab12',
        'webops_hold_older',
    ]


class Kernel(object):
    """Answers as iptables does: busy a few times, then with a listing; deletes what is named, or
    refuses.
    """

    def __init__(self, busy=0, refuses=False):
        self.busy, self.refuses, self.rules, self.calls = busy, refuses, LISTING.splitlines(), 0

    def __call__(self, argv, timeout):
        self.calls += 1
        if self.busy:
            self.busy -= 1
            return CommandResult(
                argv,
                holding.RESOURCE_BUSY,
                '',
                'Another app is currently holding the xtables lock.\n',
            )
        if '-S' in argv:
            return CommandResult(argv, 0, '\n'.join(self.rules) + '\n', '')
        if self.refuses:
            return CommandResult(argv, 1, '', 'iptables: Bad rule.\nTry again.\n')
        self.rules = [rule for rule in self.rules if rule.replace('"', '').split()[1:] != argv[4:]]
        return CommandResult(argv, 0, '', '')


@pytest.fixture
def only_iptables(monkeypatch):
    monkeypatch.setattr(
        holding, 'find_program', lambda name: '/sbin/' + name if name == 'iptables' else None
    )


def test_rules_are_removed_even_while_another_program_has_the_lock(only_iptables):
    kernel = Kernel(busy=3)
    holding.remove_rules(kernel, DROP_IPTABLES)
    assert [rule for rule in kernel.rules if 'webops' in rule] == []
    assert len(kernel.rules) == 3


def test_a_rule_that_cannot_be_removed_is_told_by_the_first_line_of_the_program(only_iptables):
    with pytest.raises(StepError) as caught:
        holding.remove_rules(Kernel(refuses=True), QUEUE_IPTABLES)
    assert caught.value.message == 'iptables: iptables: Bad rule.'


def test_queues_of_one_token_are_the_same_each_time_and_far_from_those_that_are_told_by_hand():
    numbers = holding.queue_numbers('ab12')
    assert numbers == holding.queue_numbers('ab12') and len(set(numbers)) == 5
    assert all(20000 <= number < 60000 for number in numbers)
