"""By which means new connections of IPv4, and of IPv6, can be made to wait: {means: {address:
what does not work, or None}}.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from functools import partial

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.webops.apache.plugins.module_utils._host.strategies import hold
from ansible_collections.webops.apache.plugins.module_utils._system import holding
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._system.namespaces import run_apart


def main():
    """Return {means of holding: {place: what the try of it came to}}."""
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    found = {}
    for means in holding.MEANS:
        found[means] = dict(
            (place, run_apart(partial(hold.try_means, run_command, means, [place]), 30))
            for _family, place in hold.PLACES
        )
    module.exit_json(changed=False, found=found)


if __name__ == '__main__':
    main()
