#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r'''
---
module: mpm_info
short_description: Read which MPM Apache httpd runs, and what stands against another
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - Answers the three ways in which people ask which MPM runs, together, and compares them; the running process, the choice on
    disk, and what C(httpd -l) says.
  - Says for each MPM what M(webops.apache.mpm) would refuse. Never writes.
options: {}
extends_documentation_fragment:
  - webops.apache.mpm
  - webops.apache.mpm.place
attributes:
  diff_mode:
    description: There is nothing to show.
    support: none
seealso:
  - module: webops.apache.mpm
'''

EXAMPLES = r'''
- name: Ask
  webops.apache.mpm_info:
  register: answer

- name: Say where the next restart would change the MPM
  ansible.builtin.debug:
    msg: "runs {{ answer.mpm.running }}, configured is {{ answer.mpm.configured }}"
  when: answer.mpm.running != answer.mpm.configured
'''

RETURN = r'''
mpm:
  description:
    - What was read. C(running) is the MPM of the running process (null where it is stopped), C(configured) the choice on disk,
      C(compiled) what C(httpd -l) says (null where the MPM is loaded), C(agree) whether all of them are the same.
    - C(available) has the program for each MPM, C(php) the PHP modules in force with their thread safety, C(directives) those
      of the configured MPM.
  returned: success
  type: dict
  sample: {running: prefork, configured: prefork, compiled: prefork, agree: true, version: 2.2.15}
findings:
  description: What is worth a warning as the host is now.
  returned: success
  type: list
  elements: dict
switch_to:
  description: For each MPM, what would be refused or warned of.
  returned: success
  type: dict
  sample: {worker: []}
'''

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._errors import Error
from ..module_utils._report import describe_error, finish
from ..module_utils._request import PLACE, read_place
from ..module_utils._switch import audit
from ..module_utils._system.command import run_command


def main():
    module = AnsibleModule(argument_spec=PLACE, supports_check_mode=True)
    try:
        result = audit(run_command, read_place(module.params))
    except Error as e:
        module.fail_json(**describe_error(e))
    module.exit_json(**finish(result))


if __name__ == '__main__':
    main()
