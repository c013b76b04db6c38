#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: mpm_call
short_description: Run another module, and return only how it ended and what it said
version_added: 0.1.0
author:
  - The webops.apache authors (@webops)
description:
  - The role P(webops.apache.switch_mpm#role) uses it to run other modules, to install packages and
    to check pages from outside. What they return comes from a managed host, or from a page that it
    serves, and may hold anything.
  - Facts and all else in the answer are dropped. Texts are cleaned of control characters, and cut.
options:
  module:
    description:
      - The module. It must have an action plugin, as M(ansible.builtin.package) and
        M(ansible.builtin.uri) have.
    type: str
    required: true
  arguments:
    description: Its options.
    type: dict
    default: {}
attributes:
  check_mode:
    description: As the module that is run.
    support: partial
    details: It depends on that module.
  diff_mode:
    description: There is nothing to show.
    support: none
  platform:
    description: Systems on which it runs.
    platforms: posix
    support: full
"""

EXAMPLES = r"""
- name: See whether a page answers
  webops.apache.mpm_call:
    module: ansible.builtin.uri
    arguments:
      url: https://www.example.com/health
  delegate_to: localhost
"""

RETURN = r"""
stdout:
  description: The end of what was printed, where the module returns it.
  returned: as by the module
  type: str
stderr:
  description: The end of what was printed to the error stream, where the module returns it.
  returned: as by the module
  type: str
"""
