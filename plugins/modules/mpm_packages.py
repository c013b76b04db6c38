#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm_packages
short_description: Ask the package manager what installing packages would remove
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - Asks this host's package manager what installing packages would do, and fails if anything else
    would be removed, above all C(psa) (Plesk). Never installs or removes anything.
  - It does not fail because a package of another MPM is replaced, such as C(apache2-mpm-prefork) of
    Debian 7 by C(apache2-mpm-worker). It fails if that would remove packages that depend on it.
  - It also fails if the package manager does not say what it would do, for example because of
    conflicts that it cannot solve.
options:
  name:
    description:
      - The packages. A name that begins with a slash is a package file on the host, or a pattern of
        such files.
      - An empty list asks for nothing, and nothing is asked.
    type: list
    elements: str
    required: true
  manager:
    description:
      - The package manager to ask; V(auto) finds the host's own. On a host with the tools of two
        families, V(auto) asks the one that owns the server's program.
      - It runs C(apt-get --simulate) for V(apt), C(--assumeno) for V(dnf) and V(yum), C(--dry-run)
        for V(zypper).
      - For V(rpm) alone it runs C(rpm -U --test), and looks for what the files obsolete; it needs
        files. V(auto) takes it if no other package manager is there.
    type: str
    choices: [auto, apt, dnf, yum, zypper, rpm]
    default: auto
extends_documentation_fragment:
  - webops.apache.mpm
attributes:
  diff_mode:
    description: There is nothing to show.
    support: none
notes:
  - The answer holds for the moment of the call, and for the package manager's own configuration.
  - C(dnf), C(yum) and C(zypper) may fetch the lists of their repositories when they are asked.
seealso:
  - module: webops.apache.mpm
"""

EXAMPLES = r"""
- name: Ask before anything is installed
  webops.apache.mpm_packages:
    name: [php-zts]

- name: Ask about files where rpm is all there is
  webops.apache.mpm_packages:
    name: [/root/packages/php-zts-*.rpm]

- name: See what a switch by package would cost on Debian 7
  webops.apache.mpm_packages:
    name: [apache2-mpm-worker]
  register: answer
  failed_when: false
"""

RETURN = r"""
msg:
  description: The answer in a sentence; on failure what would be removed, and how to switch with
    the panel that it belongs to.
  returned: always
  type: str
manager:
  description: The package manager that was asked.
  returned: success, and where packages would be removed
  type: str
  sample: apt
command:
  description: The command that asked it.
  returned: success, and where packages would be removed
  type: list
  elements: str
  sample: [apt-get, --simulate, -y, -o, "Debug::NoLocking=1", install, apache2-mpm-worker]
installs:
  description: Packages that would be installed.
  returned: success, and where packages would be removed
  type: list
  elements: str
  sample: [apache2-mpm-worker]
upgrades:
  description: Packages that would get another version, or the same one again.
  returned: success, and where packages would be removed
  type: list
  elements: str
  sample: [apache2.2-common]
removes:
  description: Packages that would be removed or replaced (obsoleted); C(psa) and others of Plesk
    first.
  returned: success, and where packages would be removed
  type: list
  elements: str
  sample: [psa, apache2-mpm-prefork, libapache2-mod-php5]
unasked:
  description: Those of them that nobody asked to remove; with one of these the call fails.
  returned: success, and where packages would be removed
  type: list
  elements: str
  sample: [psa, libapache2-mod-php5]
rule:
  description:
    - C(packages_removed), C(packages_refused) where the package manager does not say what it would
      do, or C(package_manager_unknown).
  returned: failure
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._errors import Error
from ..module_utils._install import look_ahead
from ..module_utils._report import describe_error, finish
from ..module_utils._system.command import run_command

ARGUMENTS = {
    'name': {'type': 'list', 'elements': 'str', 'required': True},
    'manager': {
        'type': 'str',
        'default': 'auto',
        'choices': ['auto', 'apt', 'dnf', 'yum', 'zypper', 'rpm'],
    },
}


def main():
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    manager = module.params['manager']
    try:
        result = look_ahead(
            run_command, module.params['name'], None if manager == 'auto' else manager
        )
    except Error as e:
        module.fail_json(**describe_error(e))
    result = finish(result)
    if result.pop('failed'):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
