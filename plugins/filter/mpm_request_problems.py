# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check a request on the controller, before any host is asked."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_request_problems
short_description: Say what is wrong with a request for M(webops.apache.mpm)
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Gives a list of sentences, empty where nothing is wrong. It runs on the controller, so that no
    host is asked in vain.
options:
  _input:
    description: The options of M(webops.apache.mpm), as a dictionary.
    type: dict
    required: true
  unknown:
    description: Names of variables that look like options and are none.
    type: list
    elements: str
    default: []
  facts:
    description:
      - Names of the facts of the host. One that is named like an option is a problem, as a host
        would set the option by it.
    type: list
    elements: str
    default: []
positional: unknown, facts
"""

EXAMPLES = r"""
- name: A wrong request
  ansible.builtin.debug:
    msg: "{{ {'name': 'workr'} | webops.apache.mpm_request_problems }}"
"""

RETURN = r"""
_value:
  description: What is wrong, a sentence each.
  type: list
  elements: str
"""

import re
from typing import Any, Callable, Iterable

from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.plugins.plugin_utils import text

# What the role, the playbooks and their own variables are named.
OURS = re.compile(r'_*(switch_)?mpm(_|\Z)')
FROM_FACTS = (
    '%s is among the facts of this host. A host chooses its facts, so nothing is taken '
    'from there: remove it from the cache of facts, and set it in the inventory, in the '
    'play or by -e.'
)


def mpm_request_problems(
    request: dict[str, Any], unknown: Iterable[str] = (), facts: Iterable[Any] = ()
) -> list[str]:
    """Return what is wrong with `request`, as sentences."""
    # Where it is a fact, its name is a host's text.
    facts = sorted(text.short('%s' % name, 80) for name in facts if OURS.match('%s' % name))
    problems = [FROM_FACTS % name for name in facts]
    problems += ['%s is not an option.' % text.short(name, 80) for name in sorted(unknown)]
    return wrap_var(problems + _wrong_options(request))


def _wrong_options(request: dict[str, Any]) -> list[str]:
    if not request.get('name'):
        return ['mpm is required: say -e mpm=NAME, one of %s.' % ', '.join(MPMS)]
    # Only now: every process that asks for any filter of the collection loads them all, and this
    # one brings half of the module with it.
    from ansible_collections.webops.apache.plugins.module_utils._request import check_request

    # A template makes an empty text of what is not set.
    return check_request(dict(request, php=request.get('php') or None))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_request_problems': mpm_request_problems}
