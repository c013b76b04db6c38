# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Rules of the kernel's packet filter that let new connections wait: in a queue, or by dropping
the first packet until it is sent again.

They come before the tables of a firewall, so the firewall still judges what is released. None of
them does harm after we end: a queue that nobody serves lets everything through, and rules that drop
expire in the kernel. Root's loopback is left alone: there httpd wakes its own children, and the
proofs ask.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time
import zlib

from .._errors import CommandError, StepError
from .command import find_program

BY_NFT, BY_IPTABLES = 'nft', 'iptables'
# {means: (its tool, whether packets wait in a queue; else they are dropped and sent again)}
_MEANS = {
    'nfqueue by nft': (BY_NFT, True),
    'nfqueue by iptables': (BY_IPTABLES, True),
    'drop by nft': (BY_NFT, False),
    'drop by iptables': (BY_IPTABLES, False),
}
# First the one that visitors notice least.
MEANS = ('nfqueue by nft', 'nfqueue by iptables', 'drop by nft', 'drop by iptables')
NAME = 'webops_hold_'
# Before the filter tables (0) and mangle (-150), after the tracking of connections (-200).
PRIORITY = -160
SYN = 'tcp flags & (fin|syn|rst|ack) == syn'
# Queues that people configure by hand have small numbers.
FIRST_QUEUE, QUEUES = 20000, 40000
RESOURCE_BUSY = 4
TRIES = 40


def tool_of(means):
    """BY_NFT or BY_IPTABLES."""
    return _MEANS[means][0]


def queues(means):
    """Return whether packets wait in a queue; else they are dropped and sent again."""
    return _MEANS[means][1]


def queue_numbers(token):
    """Some queues that nobody else is likely to use."""
    first = (zlib.crc32(token.encode('ascii')) & 0xFFFFFFFF) % QUEUES
    return [FIRST_QUEUE + (first + number) % QUEUES for number in range(5)]


def programs(means):
    """The programs that a means needs."""
    if tool_of(means) == BY_NFT:
        return ['nft']
    return ['iptables', 'ip6tables'] if _has_ipv6() else ['iptables']


def _has_ipv6():
    return os.path.exists('/proc/net/if_inet6')


def put_rules(run, order, queue=None):
    """Let connections wait as a HoldOrder says.

    queue: number of the queue. Raises CommandError or StepError.
    """
    if tool_of(order.means) == BY_NFT:
        return _demand(run, [_find('nft'), nft_script(order, queue)])
    # The rule that holds most visitors comes last: each rule takes a moment to make, and visitors
    # who are held wait for the rest.
    for program, family in (('ip6tables', 6), ('iptables', 4)):
        if program in programs(order.means):
            for rule in reversed(
                iptables_rules(order, family, queue, time.time() + order.longest)
            ):
                _demand(run, [_find(program)] + rule)


def nft_script(order, queue):
    """The commands for nft: one table, which is added and removed as a whole."""
    table = 'inet ' + NAME + order.token
    held = '%s %s' % (SYN, 'queue num %d bypass' % queue if queues(order.means) else 'drop')
    lines = [
        'add table ' + table,
        'add set %s ports { type inet_service; %s}'
        % (table, '' if queues(order.means) else 'flags timeout; '),
        'add element %s ports { %s }'
        % (table, ', '.join(_element(port, order) for port in order.ports)),
        'add chain %s arriving { type filter hook input priority %d; }' % (table, PRIORITY),
        'add chain %s within { type filter hook output priority %d; }' % (table, PRIORITY),
    ]
    for where in _nft_addresses(order.addresses):
        lines.append(
            'add rule %s arriving iifname != "lo" %stcp dport @ports %s' % (table, where, held)
        )
        lines.append(
            'add rule %s within oifname "lo" meta skuid != 0 %stcp dport @ports %s'
            % (table, where, held)
        )
    return '\n'.join(lines) + '\n'


def _element(port, order):
    return '%d' % port if queues(order.means) else '%d timeout %ds' % (port, order.longest)


def _nft_addresses(addresses):
    if not addresses:
        return ['']
    found = (('ip', of_family(addresses, 4)), ('ip6', of_family(addresses, 6)))
    return [
        '%s daddr { %s } ' % (family, ', '.join(several)) for family, several in found if several
    ]


def of_family(addresses, family):
    """Return those addresses to which packets of IPv4 (4) or IPv6 (6) go, as they are in the
    packets.
    """
    # A listener on ::ffff:192.0.2.1 is reached by IPv4.
    plain = [
        address[7:] if address.startswith('::ffff:') and '.' in address else address
        for address in addresses
    ]
    return [address for address in plain if (':' in address) == (family == 6)]


def iptables_rules(order, family, queue, until):
    """The words of each rule for one family. until: seconds since 1970 when a rule that drops
    ends by itself.
    """
    addresses = of_family(order.addresses, family)
    if order.addresses and not addresses:
        return []
    if queues(order.means):
        end = ['-j', 'NFQUEUE', '--queue-num', '%d' % queue, '--queue-bypass']
    else:
        end = [
            '-m',
            'time',
            '--utc',
            '--datestop',
            time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(until)),
            '-j',
            'DROP',
        ]
    where = ['-d', ','.join(addresses)] if addresses else []
    rest = where + [
        '-p',
        'tcp',
        '--syn',
        '-m',
        'multiport',
        '--dports',
        ','.join('%d' % port for port in order.ports),
    ]
    note = ['-m', 'comment', '--comment', NAME + order.token]
    return [
        ['-t', 'mangle', '-I', 'INPUT', '!', '-i', 'lo'] + rest + note + end,
        ['-t', 'mangle', '-I', 'OUTPUT', '-o', 'lo']
        + rest
        + ['-m', 'owner', '!', '--uid-owner', '0']
        + note
        + end,
    ]


def remove_rules(run, means):
    """Remove all our rules, also those of an earlier run.

    Raises CommandError or StepError.
    """
    for program in [each for each in programs(means) if find_program(each)]:
        for words in _ours(run, program):
            try:
                _demand(run, [_find(program)] + words)
            except StepError:
                # The holder may have removed it just now.
                if words in _ours(run, program):
                    raise


def _ours(run, program):
    """The words that delete each of our tables or rules."""
    if program == 'nft':
        return our_tables(_call(run, [_find(program), 'list', 'tables']).out)
    return our_rules(_call(run, [_find(program), '-t', 'mangle', '-S']).out)


def our_tables(listing):
    """The words that delete each of our tables, from what `nft list tables` says."""
    tables = [line.split()[1:] for line in listing.splitlines() if line.startswith('table ')]
    return [
        ['delete', 'table'] + words
        for words in tables
        if len(words) == 2 and words[1].startswith(NAME)
    ]


def our_rules(listing):
    """The words that delete each of our rules, from what `iptables -S` says."""
    rules = [
        line.replace('"', '').split() for line in listing.splitlines() if line.startswith('-A ')
    ]
    return [
        ['-t', 'mangle', '-D'] + words[1:]
        for words in rules
        if any(word.startswith(NAME) for word in words)
    ]


def _find(name):
    path = find_program(name)
    if path is None:
        raise CommandError('There is no program %s.' % name)
    return path


def _call(run, argv):
    """Run it; repeat it while another program has the lock of iptables.

    Old versions have no option to wait.
    """
    for _each in range(TRIES):
        result = run(argv, timeout=10)
        if result.rc != RESOURCE_BUSY:
            break
        time.sleep(0.05)
    return result


def _demand(run, argv):
    result = _call(run, argv)
    if result.rc != 0:
        raise StepError(
            '%s: %s'
            % (
                os.path.basename(argv[0]),
                _first_line(result.err or result.out) or 'exit code %d' % result.rc,
            )
        )


def _first_line(text):
    return ' '.join((text.strip().splitlines() or [''])[0].split())[:200]
