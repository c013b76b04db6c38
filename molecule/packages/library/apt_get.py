"""Install packages with apt-get: what `package` needs where there is no python3-apt."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible.module_utils.basic import AnsibleModule


def main():
    """Have packages there, or not, by apt-get."""
    module = AnsibleModule(
        argument_spec={
            'name': {'type': 'list', 'elements': 'str', 'required': True},
            'state': {'type': 'str'},
        },
        supports_check_mode=True,
    )
    missing = [
        name
        for name in module.params['name']
        if 'install ok installed'
        not in module.run_command(['dpkg-query', '-W', '-f=${Status}', name])[1]
    ]
    if missing and not module.check_mode:
        module.run_command(['apt-get', '-y', 'install'] + missing, check_rc=True)
    module.exit_json(changed=bool(missing))


if __name__ == '__main__':
    main()
