#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm_fail
short_description: Fail with the reason of an earlier task
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - The role P(webops.apache.switch_mpm#role) puts a host back into service after a failure, and
    then fails with this module. So a C(rescue) around the role still finds in
    C(ansible_failed_result) what the first failed task returned.
options:
  msg:
    description: The reason.
    type: str
    required: true
  answer:
    description: What the earlier task returned. Only what is documented below is passed on.
    type: raw
attributes:
  check_mode:
    description: It fails in check mode, too.
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
- name: Fail again, once the host is back in service
  webops.apache.mpm_fail:
    msg: "{{ switch_mpm_failure }}"
    answer: "{{ ansible_failed_result }}"
"""

RETURN = r"""
manager:
  description: As RV(webops.apache.mpm_packages#module:manager).
  returned: where it is in the answer
  type: str
command:
  description: As RV(webops.apache.mpm_packages#module:command).
  returned: where it is in the answer
  type: list
  elements: str
installs:
  description: As RV(webops.apache.mpm_packages#module:installs).
  returned: where it is in the answer
  type: list
  elements: str
upgrades:
  description: As RV(webops.apache.mpm_packages#module:upgrades).
  returned: where it is in the answer
  type: list
  elements: str
removes:
  description: As RV(webops.apache.mpm_packages#module:removes).
  returned: where it is in the answer
  type: list
  elements: str
unasked:
  description: As RV(webops.apache.mpm_packages#module:unasked).
  returned: where it is in the answer
  type: list
  elements: str
rule:
  description: As RV(webops.apache.mpm_packages#module:rule).
  returned: where it is in the answer
  type: str
"""
