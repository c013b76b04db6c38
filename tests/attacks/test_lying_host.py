"""A managed host that lies: it steers nothing on the controller, and no report of other hosts."""
import http.server
import json
import os
import resource
import subprocess
import threading
import time
import unicodedata
from collections import namedtuple
from pathlib import Path

import pytest
import yaml

import conftest
import lies
import target

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / 'tests' / 'attacks' / 'lies'
RUN = conftest.RUN + '-lies'
SECONDS = 120

HONEST = {
    'outcome': 'switched',
    'changed': True,
    'msg': 'done',
    'before': {'running': 'prefork'},
    'after': {'running': 'worker'},
    'strategy': {'used': 'stop'},
    'outage_ms': 7,
}
PLANNED = dict(HONEST, outcome='planned')
LACKS = {
    'outcome': 'refused',
    'failed': True,
    'msg': 'm',
    'packages': ['x'],
    'findings': [
        {
            'rule': 'php_not_threadsafe',
            'level': 'refuse',
            'reason': 'r',
            'cure': 'c',
            'packages': ['x'],
        }
    ],
}
NOTHING = {
    'changed': False,
    'manager': 'apt',
    'installs': [],
    'removes': [],
    'unasked': [],
    'upgrades': [],
    'command': [],
}

Run = namedtuple('Run', 'code out seconds kib')


@pytest.fixture(scope='module')
def liar():
    """The name of the container that lies, and its address."""
    target.remove_hosts(RUN)
    try:
        address = target.start_hosts(RUN, {'liar': 'el6'})['liar']
        yield f'webops-{RUN}-liar', address
    finally:
        target.remove_hosts(RUN)


@pytest.fixture
def asked():
    """A server on the controller's own loopback, and the paths that anybody asked it for."""
    paths = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}', paths
    server.shutdown()


class Controller:
    """Runs playbooks against hosts that are all one container, each with a lie of its own."""

    def __init__(self, liar, folder):
        self.container, self.address = liar
        self.folder, self.hosts = folder, {}
        self.canary = folder / 'canary'
        self.evil = folder / 'evil.yml'
        self.evil.write_text(
            yaml.safe_dump(
                [
                    {
                        'name': 'Not asked for',
                        'ansible.builtin.file': {
                            'path': str(self.canary),
                            'state': 'touch',
                            'mode': '0600',
                        },
                        'delegate_to': 'localhost',
                        'become': False,
                    }
                ]
            )
        )

    def lie(self, host, answer, module=''):
        """Have a host of the inventory answer so, to every module or to one of them."""
        program = lies.tell(self.container, f'{host}-{module.split(".")[-1]}', answer, module)
        programs = self.hosts.setdefault(host, [])
        programs.append(program)

    def play(self, playbook, *arguments, **environment):
        """Return the Run; what it took is of ansible-playbook and its children together."""
        inventory = self.folder / 'inventory.json'
        inventory.write_text(
            json.dumps(
                {
                    'all': {
                        'vars': self._vars(),
                        'hosts': dict(
                            (
                                host,
                                {
                                    'ansible_python_interpreter': lies.first_of(
                                        self.container, host, programs
                                    )
                                },
                            )
                            for host, programs in self.hosts.items()
                        ),
                    }
                }
            )
        )
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, time.monotonic()
        done = subprocess.run(
            [
                ROOT / '.venv/core-2.16/bin/ansible-playbook',
                str(playbook),
                '-i',
                str(inventory),
                '-f',
                '10',
                *arguments,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors='surrogateescape',
            timeout=SECONDS,
            check=False,
            env=dict(
                os.environ,
                ANSIBLE_HOME=str(self.folder / 'home'),
                ANSIBLE_NOCOLOR='1',
                LC_ALL='C.UTF-8',
                **environment,
            ),
        )
        kib = max(0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before)
        return Run(done.returncode, done.stdout, time.monotonic() - began, kib)

    def _vars(self):
        found = yaml.safe_load((ROOT / '.cache/hosts' / RUN / 'inventory.yml').read_text())['all']
        return dict(found['vars'], ansible_host=self.address)

    def steering(self, url):
        """Return facts by which a host would have the controller do what it wants."""
        evil = str(self.evil)
        own = {
            'switch_mpm_before_tasks': evil,
            'switch_mpm_after_tasks': evil,
            'switch_mpm_check_urls': [url + '/evil'],
            'switch_mpm_check_from': 'localhost',
            'switch_mpm_plan': {'leaves_service': True},
        }
        record = {
            'before_tasks': evil,
            'after_tasks': evil,
            'check_urls': [url + '/evil'],
            'check_from': 'localhost',
        }
        return dict(
            own,
            __switch_mpm=record,
            ansible_failed_result={'msg': 'a lie'},
            mpm_failure='a lie',
            mpm_held_by=['a lie'],
            ansible_connection='local',
            ansible_host='127.0.0.1',
            ansible_python_interpreter='/bin/false',
        )


@pytest.fixture
def controller(liar, tmp_path):
    return Controller(liar, tmp_path)


def summary(run):
    """Return the lines of the summary, or of the audit."""
    start = run.out.index('{', run.out.index('=> {\n    "msg": ['))
    return json.JSONDecoder().raw_decode(run.out[start:])[0]['msg']


def is_clean(out):
    return not [
        character
        for character in out
        if character not in '\n\t'
        and unicodedata.category(character) in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp')
    ]


class TestFacts:
    """A host answers with facts that are named like the role's options and variables."""

    @pytest.mark.parametrize(
        'plan, task',
        [(PLANNED, 'A hook of the user'), (LACKS, 'Install what is missing')],
        ids=['around the switch', 'with packages'],
    )
    def test_of_every_module_of_the_role_set_no_option(self, controller, asked, plan, task):
        url, paths = asked
        for module, answer in (
            ('modules.mpm_packages', NOTHING),
            ('modules.setup', {'ansible_facts': {'ansible_pkg_mgr': 'apt'}}),
            ('modules.apt', {'changed': True}),
            ('modules.ping', {'ping': 'pong'}),
            ('', plan),
        ):
            facts = dict(controller.steering(url), **answer.get('ansible_facts', {}))
            controller.lie('web1', dict(answer, ansible_facts=facts), module)
        run = controller.play(HERE / 'role.yml', '-e', f'own_url={url}/own')
        assert not controller.canary.exists() and '/evil' not in ''.join(paths)
        assert task in run.out and '"after_tasks": "%s"' % (HERE / 'hook.yml') in run.out

    @pytest.mark.parametrize('playbook', ['role.yml', 'defaults.yml'])
    def test_that_were_gathered_before_are_refused(self, controller, asked, playbook):
        url, paths = asked
        controller.lie('web1', {'ansible_facts': controller.steering(url)}, 'modules.setup')
        controller.lie('web1', PLANNED)
        run = controller.play(HERE / playbook, '-e', f'own_url={url}/own', '-e', 'gather=true')
        assert not controller.canary.exists() and not paths
        assert (
            run.code == 2 and 'switch_mpm_before_tasks is among the facts of this host' in run.out
        )
        assert 'Switch to worker' not in run.out

    def test_that_lie_in_the_cache_are_refused(self, controller, asked):
        url, paths = asked
        cache = controller.folder / 'cache'
        cache.mkdir()
        (cache / 'web1').write_text(json.dumps(controller.steering(url)))
        controller.lie('web1', PLANNED)
        run = controller.play(
            HERE / 'defaults.yml',
            ANSIBLE_CACHE_PLUGIN='jsonfile',
            ANSIBLE_CACHE_PLUGIN_CONNECTION=str(cache),
        )
        assert not controller.canary.exists() and not paths
        assert run.code == 2 and 'is among the facts of this host' in run.out

    def test_do_not_reach_what_the_playbook_tells_of_a_host(self, controller, asked):
        controller.lie('web1', dict(HONEST, ansible_facts=controller.steering(asked[0])))
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker')
        assert (
            run.code == 0 and summary(run)[-1] == '1 hosts: 1 switched' and 'a lie' not in run.out
        )


ODD = {
    'text': '"switched"',
    'list': '[]',
    'empty': '{}',
    'null': 'null',
    'number': '7',
    'nothing': '',
    'broken': '{"outcome": ',
    'before': dict(HONEST, before='prefork'),
    'outcome': dict(HONEST, outcome=['switched']),
    'word': dict(HONEST, outcome='fine'),
    'unknown': dict(HONEST, outcome='unknown'),
    'nottried': dict(HONEST, outcome='not tried'),
    'strategy': dict(HONEST, strategy=['stop']),
    'outage': dict(HONEST, outage_ms='7 ms'),
    'findings': dict(HONEST, outcome='refused', findings='none'),
    'deep': dict(HONEST, outcome='refused', findings=[{'rule': {}, 'level': 'refuse'}]),
    'warnings': dict(HONEST, warnings={'a': 1}),
    'facts': dict(HONEST, ansible_facts='text'),
    'results': dict(HONEST, results='text'),
    'unreachable': dict(HONEST, unreachable=True),
    'skipped': dict(HONEST, skipped=True),
    'internal': dict(
        HONEST, _ansible_x={}, add_host='x', add_group=7, exception=[7], deprecations='x'
    ),
    'type': dict(HONEST, msg={'__ansible_type': 'TrustedAsTemplate', 'value': 'x'}),
    'nan': '{"outcome": NaN, "outage_ms": Infinity}',
}
# These say what an honest host would, and only that counts.
AS_IF_HONEST = ('facts', 'results', 'unreachable', 'skipped', 'internal', 'warnings')


class TestOddAnswers:
    def test_are_ends_of_these_hosts_and_of_no_others(self, controller):
        for name, answer in ODD.items():
            controller.lie(name, answer)
        controller.lie('honest', HONEST)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', '-e', '{"mpm_serial": "100%"}')
        lines = summary(run)
        ends = dict(line.split()[:4:3] for line in lines[1:-1])
        assert sorted(ends) == sorted([*ODD, 'honest']) and lines[-1].startswith(
            f'{len(ODD) + 1} hosts: '
        )
        assert sorted(name for name in ends if ends[name] == 'switched') == sorted(
            [*AS_IF_HONEST, 'honest']
        )
        assert set(ends.values()) == {'switched', 'unreadable', 'failed'} and run.code == 2

    def test_hold_the_waves_that_follow(self, controller):
        controller.lie('odd', dict(HONEST, outcome='unknown'))
        controller.lie('next', HONEST)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', '-e', '{"mpm_serial": 1}')
        assert summary(run)[-1] == '2 hosts: 1 unreadable, 1 not tried' and run.code == 2

    def test_have_their_line_in_the_audit(self, controller):
        for name, answer in ODD.items():
            controller.lie(name, answer)
        controller.lie(
            'honest',
            {
                'mpm': {'running': 'prefork', 'configured': 'prefork'},
                'findings': [],
                'switch_to': {},
            },
        )
        run = controller.play('audit-mpm.yml')
        lines = summary(run)
        assert sorted(line.split()[0] for line in lines[1:]) == sorted([*ODD, 'honest'])
        assert [line for line in lines if line.startswith('honest')][0].endswith(
            'can switch'
        ) and run.code == 0


class TestText:
    TEMPLATE = "{{ 7 * 7 }} {{ lookup('ansible.builtin.pipe', 'touch CANARY') }} {% raw %}"
    NASTY = '\x1b[2J\x1b]0;x\x07\x9b31m\u202e\u2066\u2028\u200b\ud800'

    def answer(self, controller):
        words = self.NASTY + self.TEMPLATE.replace('CANARY', str(controller.canary))
        return dict(
            LACKS,
            msg=words,
            findings=[
                dict(LACKS['findings'][0], rule='lie', reason=words, cure=words, packages=[])
            ],
            warnings=[words],
            deprecations=[{'msg': words}],
            exception=words,
            _ansible_x=words,
        )

    @pytest.mark.parametrize('flags', [[], ['--check', '--diff']], ids=['run', 'check'])
    def test_of_a_host_is_neither_a_template_nor_a_command_to_the_terminal(self, controller, flags):
        controller.lie('web1', self.answer(controller))
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', *flags)
        assert not controller.canary.exists() and is_clean(run.out)
        assert '{{ 7 * 7 }}' in summary(run)[1] and '49' not in summary(run)[1]

    @pytest.mark.parametrize(
        'printed',
        [
            '%s',
            '{"outcome": "refused", "failed": true, "msg": "m"}\n%s',
            '%s\n{"outcome": "refused", "failed": true, "msg": "m"}',
        ],
        ids=['instead of an answer', 'after it', 'before it'],
    )
    def test_beside_an_answer_is_not_either(self, controller, printed):
        controller.lie(
            'web1',
            printed
            % (
                self.NASTY.replace('\ud800', '')
                + self.TEMPLATE.replace('CANARY', str(controller.canary))
            ),
        )
        for playbook in ('switch-mpm.yml', 'audit-mpm.yml'):
            run = controller.play(playbook, '-e', 'mpm=worker')
            assert not controller.canary.exists() and is_clean(run.out)


class TestSize:
    """A run takes 110 MiB and some seconds on hosts that are at peace."""

    @pytest.mark.parametrize(
        'answer',
        [
            '{"outcome": "refused", "failed": true, "msg": "%s"}' % ('x' * 3 * 10**6),
            '{"outcome": "refused", "failed": true, "msg": "%s"}' % ('x' * 3 * 10**7),
            '{"a": %s' % ('[' * 10**6),
            '{"outcome": "refused", "failed": true, "msg": "m", "outage_ms": %s}' % ('9' * 10**6),
            '{"outcome": "refused", "failed": true, "msg": "m", "files": [%s]}'
            % ', '.join(['"x"'] * 500000),
            'x' * 3 * 10**7,
        ],
        ids=['text', 'much text', 'depth', 'digits', 'entries', 'no answer'],
    )
    def test_of_an_answer_costs_little_and_prints_little(self, controller, answer):
        controller.lie('web1', answer)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker')
        assert summary(run)[-1].startswith('1 hosts: 1 ') and run.code == 2
        assert len(run.out) < 40000 and run.seconds < 60
