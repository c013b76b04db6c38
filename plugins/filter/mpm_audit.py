# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit of a fleet: a line for each host."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r'''
name: mpm_audit
short_description: A line for each host, with the MPM that runs and what stands against a switch
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Hosts that any reload would end come first, then those whose next restart changes the MPM.
options:
  _input:
    description: C(hostvars), with the result of M(webops.apache.mpm_info) registered as C(mpm_audit).
    type: dict
    required: true
  hosts:
    description: Names of the hosts.
    type: list
    elements: str
    required: true
positional: hosts
'''

EXAMPLES = r'''
- name: Audit
  ansible.builtin.debug:
    msg: "{{ hostvars | webops.apache.mpm_audit(ansible_play_hosts_all) }}"
  run_once: true
'''

RETURN = r'''
_value:
  description: The lines of the table.
  type: list
  elements: str
'''

from ansible_collections.webops.apache.plugins.plugin_utils.fleet import print_table

HEAD = ['HOST', 'RUNNING', 'CONFIGURED', 'COMPILED', 'VERSION', 'PHP', 'REMARKS']


def mpm_audit(hostvars, hosts):
    """Give the lines of the table, risks first."""
    rows = [_row(host, hostvars[host].get('mpm_audit') or {}) for host in hosts]
    return print_table(HEAD, [row[1] for row in sorted(rows, key=lambda row: row[0])])


def _row(host, result):
    mpm = result.get('mpm')
    if not mpm:
        return 2, [host] + [None] * 5 + [result.get('msg', 'no answer')]
    return _risk(result, mpm), [host, mpm['running'] or 'stopped', mpm['configured'], mpm['compiled'], mpm['version'], _php(mpm), _remarks(result)]


def _risk(result, mpm):
    """0 is the most urgent; 2 is a host that gave no answer."""
    if any(finding['rule'] == 'reload_would_kill' for finding in result['findings']):
        return 0
    return 1 if mpm['running'] is not None and mpm['running'] != mpm['configured'] else 3


def _php(mpm):
    return ', '.join('%s (%s)' % (module['path'].split('/')[-1], 'thread-safe' if module['thread_safe'] else 'not thread-safe')
                     for module in mpm['php']) or 'none'


def _remarks(result):
    said = ['%s: %s' % (finding['rule'], finding['reason']) for finding in result['findings']]
    for target in sorted(result['switch_to']):
        against = sorted(set(finding['rule'] for finding in result['switch_to'][target] if finding['level'] == 'refuse'))
        if against:
            said.append('not to %s: %s' % (target, ', '.join(against)))
    return '; '.join(said) or 'can switch'


class FilterModule(object):
    """The filter of this file."""

    def filters(self):
        return {'mpm_audit': mpm_audit}
