#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm_info
short_description: Read which MPM Apache httpd runs, and what prevents another
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - Returns all three answers to the question which MPM runs, and compares them; the running
    process, the choice on disk, and what C(httpd -l) says.
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
"""

EXAMPLES = r"""
- name: Ask
  webops.apache.mpm_info:
  register: answer

- name: Say where the next restart would change the MPM
  ansible.builtin.debug:
    msg: "runs {{ answer.mpm.running }}, configured is {{ answer.mpm.configured }}"
  when: answer.mpm.running != answer.mpm.configured
"""

RETURN = r"""
mpm:
  description: What was read.
  returned: success
  type: dict
  contains:
    running:
      description: The MPM of the running process, null where the server is stopped.
      type: str
    configured:
      description: The choice on disk.
      type: str
    compiled:
      description: What C(httpd -l) says, null where the MPM is loaded as a module.
      type: str
    agree:
      description: Whether the three are the same.
      type: bool
    layout:
      description: Where this host keeps its choice.
      type: str
    version:
      description: The version of httpd.
      type: str
    available:
      description: The program or module of each MPM, null where it is not installed.
      type: dict
    php:
      description: The PHP modules in force.
      type: list
      elements: dict
      contains:
        symbol:
          description: The name in the LoadModule line.
          type: str
        path:
          description: The module.
          type: str
        thread_safe:
          description: Whether it is, null where it does not say.
          type: bool
        file:
          description: The file that loads it.
          type: str
        line:
          description: The number of the line.
          type: int
    php_modules:
      description:
        - Every PHP module that the configuration names, with C(ts), C(nts), C(unknown) or
          C(missing).
      type: dict
    directives:
      description: The directives of the configured MPM with their numbers.
      type: dict
    effective:
      description:
        - The numbers that httpd goes on with, of all directives of that MPM that are set or have a
          number compiled in. Where they do not fit together, httpd takes others than it is given.
      type: dict
    panels:
      description: The control panels that were found.
      type: list
      elements: str
    config_test:
      description: Whether the configuration passes its test.
      type: bool
    choice:
      description: Where the choice is written.
      type: dict
      contains:
        file:
          description: The file.
          type: str
        line:
          description: The number of the line, null where nothing is set.
          type: int
        program:
          description: The program that is chosen.
          type: str
    process:
      description: The main process, null where the server is stopped.
      type: dict
      contains:
        pid:
          description: Its number.
          type: int
        program:
          description: The program that it runs.
          type: str
        processes:
          description: The processes of the server.
          type: int
        threads:
          description: The threads of all of them.
          type: int
        memory_kib:
          description:
            - The memory that they use in KiB, what they share counted once. Of many processes, 64
              are measured.
          type: int
        ports:
          description: The ports on which it listens.
          type: list
          elements: int
  sample: {running: prefork, configured: prefork, compiled: prefork, agree: true, version: 2.2.15}
findings:
  description: What is worth a warning on the host now.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the rule.
      type: str
    level:
      description: C(refuse) or C(warn).
      type: str
    acceptable:
      description: Whether O(webops.apache.mpm#module:accept) may name it.
      type: bool
    reason:
      description: What was found.
      type: str
    fix:
      description: What to do about it.
      type: str
    packages:
      description: Packages that would solve it.
      type: list
      elements: str
switch_to:
  description: For each MPM, what would be refused or warned of, as in RV(findings).
  returned: success
  type: dict
  sample: {worker: []}
advice:
  description: Which MPM to run on this host, without anything accepted.
  returned: success
  type: dict
  contains:
    mpm:
      description: The MPM; the one that runs where no other one is possible or better.
      type: str
    php:
      description: What O(webops.apache.mpm#module:php) has to say for that, or null.
      type: str
    reasons:
      description: Why, as sentences.
      type: list
      elements: str
  sample: {mpm: event, php: fpm, reasons: []}
php_sites:
  description:
    - How each site serves PHP, for each place with rules of its own. A list that is too long for
      one answer is cut, and a warning says so.
  returned: success
  type: list
  elements: dict
  contains:
    site:
      description: The ServerName, null where there is none.
      type: str
    file:
      description: The file with the virtual host, null for the main server.
      type: str
    line:
      description: The line where it begins.
      type: int
    ports:
      description: The ports that it names.
      type: list
      elements: int
    place:
      description: The section with rules of its own, null for the whole site.
      type: str
    names:
      description: Names of files that stand for all with the same ending.
      type: list
      elements: str
    now:
      description:
        - By what such files are served now.
        - One of C(mod_php), C(fpm), C(fcgid), C(cgi), C(highlighted), C(engine off), C(file),
          C(denied), C(denied by webops.apache), C(elsewhere). C(file) sends the source.
      type: str
    then:
      description: The same after a switch to the MPM that is configured, with the defaults.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._errors import Error
from ..module_utils._report import describe_error, finish
from ..module_utils._request import PLACE, read_place
from ..module_utils._switch import audit
from ..module_utils._system.command import run_command


def main():
    """Run the module."""
    module = AnsibleModule(argument_spec=PLACE, supports_check_mode=True)
    try:
        result = audit(run_command, read_place(module.params))
    except Error as e:
        module.fail_json(**describe_error(e))
    module.exit_json(**finish(result))


if __name__ == '__main__':
    main()
