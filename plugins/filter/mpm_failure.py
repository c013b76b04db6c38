# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a host did not switch."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_failure
short_description: Why a call of M(webops.apache.mpm) is no success
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Gives the reason as text, cleaned of control characters and cut; an empty text where the call
    went well.
options:
  _input:
    description: The registered result. One of another type is a failure, too.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Stop here if the host did not switch
  ansible.builtin.fail:
    msg: "{{ result | webops.apache.mpm_failure }}"
  when: result | webops.apache.mpm_failure | length > 0
"""

RETURN = r"""
_value:
  description: The reason, or an empty text.
  type: str
"""

from typing import Any, Callable

from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import failure_of


def mpm_failure(result: Any) -> str:
    """Return why a result is not a success; hosts said some of it, so it is never a template."""
    return wrap_var(failure_of(result))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_failure': mpm_failure}
