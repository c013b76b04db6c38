"""Install packages from a folder of a test host: what `package` needs where there is no yum."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import glob

from ansible.module_utils.basic import AnsibleModule

FOLDER = '/opt/rpms'


def main():
    """Have packages there, or not, from a folder of rpm files."""
    module = AnsibleModule(
        argument_spec={
            'name': {'type': 'list', 'elements': 'str', 'required': True},
            'state': {'type': 'str'},
        },
        supports_check_mode=True,
    )
    missing = [
        name for name in module.params['name'] if module.run_command(['rpm', '-q', name])[0] != 0
    ]
    if missing and not module.check_mode:
        files = [
            path for name in missing for path in glob.glob('%s/%s-[0-9]*.rpm' % (FOLDER, name))
        ]
        module.run_command(['rpm', '-ivh', '--nodeps'] + files, check_rc=True)
    module.exit_json(changed=bool(missing))


if __name__ == '__main__':
    main()
