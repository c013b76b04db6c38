"""One controller, chosen by the environment, and hosts that end in every way."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import lies
import target
from controller import Controller
from layouts import LAYOUTS

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / 'tests' / 'controllers' / 'hooks'
SERIES = os.environ.get('WEBOPS_CONTROLLER', '2.16')
IMAGE = os.environ.get('WEBOPS_CONTROLLER_IMAGE', 'debian12')
RUN = 'controller-' + SERIES.replace('.', '-')
# Python 2.7 is managed up to this series; later ones have a host with Python 3.9. START is what
# each of them runs at first.
LAST_WITH_2_7 = (2, 16)
WEB, START = (
    ('el6', 'prefork') if tuple(map(int, SERIES.split('.'))) <= LAST_WITH_2_7 else ('el9', 'event')
)
IMAGES = {
    'web1': WEB,
    'back': WEB,
    'seen': WEB,
    'lost': 'el6',
    'liar': 'el6',
    'shop': 'debian12-plesk',
}
# The configuration passes its test, and the start under worker fails.
NO_START = '<IfModule worker.c>\nListen 192.0.2.1:8099\n</IfModule>\n'
# The page that is asked from outside, and that the module does not ask, is gone under worker.
NO_PAGE = '<IfModule worker.c>\nRedirect 503 /sapi.php\n</IfModule>\n'
# Templates, terminal escapes, an override of the direction, and facts that would set options.
TEMPLATE = "{{ 7 * 7 }} {{ lookup('env', 'HOME') }}"
LIE = {
    'outcome': 'refused',
    'failed': True,
    'changed': False,
    'msg': f'{TEMPLATE} \x1b[2J\u202e',
    'findings': [{'rule': 'lie', 'level': 'refuse', 'reason': TEMPLATE, 'fix': '', 'packages': []}],
    'ansible_facts': {'switch_mpm_after_tasks': '/etc/hostname', 'mpm_failure': 'a lie'},
    'warnings': ['\x1b[2J\u202ewarned'],
    'deprecations': [{'msg': 'deprecated'}],
    '_ansible_x': 'x',
}
ODD = {'outcome': ['switched'], 'before': 'prefork', 'failed': False}


@pytest.fixture(scope='session')
def controller() -> Iterator[Controller]:
    """A controller with an inventory of hosts, in the order of this table."""
    target.remove_hosts(RUN)
    try:
        addresses = target.start_hosts(RUN, IMAGES)
        path = ROOT / '.cache' / 'hosts' / RUN / 'inventory.yml'
        path.write_text(
            yaml.safe_dump(_inventory(yaml.safe_load(path.read_text()), addresses), sort_keys=False)
        )
        _prepare()
        yield Controller(SERIES, IMAGE, path)
    finally:
        target.remove_hosts(RUN)


def _inventory(inventory: dict[str, Any], addresses: dict[str, str]) -> dict[str, Any]:
    hosts = dict(_hosts_that_serve(inventory, addresses), **_hosts_that_do_not(addresses))
    return {'all': {'vars': inventory['all']['vars'], 'hosts': hosts}}


def _hosts_that_serve(
    inventory: dict[str, Any], addresses: dict[str, str]
) -> dict[str, dict[str, Any]]:
    return {
        'web1': {
            **inventory['all']['hosts']['web1'],
            'switch_mpm_strategy': 'stop',
            'switch_mpm_check_urls': [f'http://{addresses["web1"]}/sapi.php'],
        },
        'back': {
            **inventory['all']['hosts']['back'],
            'switch_mpm_strategy': 'stop',
            'switch_mpm_rehearse': 'never',
        },
        'seen': {
            **inventory['all']['hosts']['seen'],
            'switch_mpm_strategy': 'stop',
            'switch_mpm_check_urls': [f'http://{addresses["seen"]}/sapi.php'],
        },
    }


def _hosts_that_do_not(addresses: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return the hosts that lie, that are lost, or on which nothing may be done."""
    return {
        'odd': {
            'ansible_host': addresses['liar'],
            'ansible_python_interpreter': f'{lies.FOLDER}/odd',
        },
        'liar': {
            'ansible_host': addresses['liar'],
            'ansible_python_interpreter': f'{lies.FOLDER}/liar',
        },
        'lost': {
            'ansible_host': addresses['lost'],
            'ansible_python_interpreter': f'{lies.FOLDER}/lose',
            # So Ansible has a folder on the host that it wants to remove in the end.
            'ansible_pipelining': False,
        },
        'hook': {
            'ansible_host': addresses['liar'],
            'ansible_python_interpreter': f'{lies.FOLDER}/hook',
            'switch_mpm_before_tasks': str(HOOKS / 'before.yml'),
            'switch_mpm_after_tasks': str(HOOKS / 'after.yml'),
        },
        # Its Python is looked for.
        'shop': {'ansible_host': addresses['shop']},
        'gone': {'ansible_host': '127.0.0.1', 'ansible_port': 1},
    }


def _prepare() -> None:
    lies.tell(f'webops-{RUN}-liar', 'odd', ODD)
    lies.tell(f'webops-{RUN}-liar', 'liar', LIE)
    lies.tell(
        f'webops-{RUN}-liar',
        'hook',
        {'outcome': 'planned', 'changed': True, 'msg': 'It is possible.'},
    )
    lies.lose(f'webops-{RUN}-lost')
    _configure('back', NO_START)
    _configure('seen', NO_PAGE)


def _configure(name: str, text: str) -> None:
    host = target.Target(RUN, name, '', LAYOUTS[WEB])
    host.run('sh', '-c', 'cat >/etc/httpd/conf.d/zz-test.conf', given=text, check=True)
