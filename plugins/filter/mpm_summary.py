# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The last word of a run: a line for each host."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r'''
name: mpm_summary
short_description: A line for each host of a run, what needs attention first
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Gives the lines of a table with the MPM before and after, the outcome, the rung (the way from the old server to the
    new one), the outage in milliseconds, and why a host did not switch.
options:
  _input:
    description: C(hostvars).
    type: dict
    required: true
  hosts:
    description: Names of the hosts of the run.
    type: list
    elements: str
    required: true
positional: hosts
'''

EXAMPLES = r'''
- name: Summary
  ansible.builtin.debug:
    msg: "{{ hostvars | webops.apache.mpm_summary(ansible_play_hosts_all) }}"
  run_once: true
'''

RETURN = r'''
_value:
  description: The lines of the table.
  type: list
  elements: str
'''

from ansible_collections.webops.apache.plugins.plugin_utils.fleet import ORDER, end_of_host, print_table

HEAD = ['HOST', 'BEFORE', 'AFTER', 'OUTCOME', 'RUNG', 'OUTAGE', 'WHY']


def mpm_summary(hostvars, hosts):
    """Give the lines of the table and of the count below it."""
    ends = sorted([end_of_host(host, hostvars[host]) for host in hosts], key=lambda end: ORDER.index(end.outcome))
    rows = [[end.host, end.before, end.after, end.outcome, end.rung, None if end.outage is None else '%d ms' % end.outage, end.why] for end in ends]
    counts = ['%d %s' % (len([end for end in ends if end.outcome == outcome]), outcome)
              for outcome in ORDER if [end for end in ends if end.outcome == outcome]]
    return print_table(HEAD, rows) + ['%d hosts: %s' % (len(ends), ', '.join(counts))]


class FilterModule(object):
    """The filter of this file."""

    def filters(self):
        return {'mpm_summary': mpm_summary}
