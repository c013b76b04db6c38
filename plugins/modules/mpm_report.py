#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm_report
short_description: Show the result of an audit or a switch, and write a report of it
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - Prints one line for each host, the hosts that need attention first. Where the output of Ansible
    is JSON (the callbacks C(json) and C(jsonl)), nothing is printed.
  - Writes the report to files on the controller. A page of HTML needs no network, and no script to
    be read. CSV has a line for each host. JSON has everything.
  - Asks no host. It runs once for all hosts, so use C(run_once).
  - What a host said is text. It is cleaned and cut, and escaped in HTML and CSV.
options:
  of:
    description:
      - V(audit) reports what M(webops.apache.mpm_info) registered as C(mpm_audit).
      - V(switch) reports what the role P(webops.apache.switch_mpm#role) left on the hosts.
    type: str
    required: true
    choices: [audit, switch]
  hosts:
    description: Names of the hosts.
    type: list
    elements: str
    required: true
  paths:
    description:
      - Files to write, as a list, or as text with commas between them. Each ends in C(.html),
        C(.json) or C(.csv). A relative path begins in the folder in which Ansible was started.
      - They can be read by their owner alone, since they name hosts and what is wrong on them.
    type: raw
    default: []
  only_check:
    description: Check O(paths) and do nothing else. Use it before a long run.
    type: bool
    default: false
attributes:
  check_mode:
    description: Files are written in check mode, too. They are on the controller.
    support: full
  diff_mode:
    description: There is nothing to show.
    support: none
  platform:
    description: Systems on which it runs.
    platforms: posix
    support: full
"""

EXAMPLES = r"""
- name: Report
  webops.apache.mpm_report:
    of: audit
    hosts: "{{ ansible_play_hosts_all }}"
    paths: [audit.html, audit.csv]
  run_once: true
"""

RETURN = r"""
lines:
  description: The lines of the table.
  returned: success
  type: list
  elements: str
files:
  description: The files that were written.
  returned: success
  type: list
  elements: str
  sample: [/home/me/audit.html]
"""
