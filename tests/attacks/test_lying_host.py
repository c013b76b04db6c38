"""A managed host that lies: it steers nothing on the controller, and no report of other hosts."""

import http.server
import json
import threading
import unicodedata
from pathlib import Path

import conftest
import pytest
import target
import yaml
from lied_to import Controller, summary

HERE = Path(__file__).resolve().parent / 'lies'
HOSTS = HERE.parents[2] / '.cache' / 'hosts'
RUN = conftest.RUN + '-lies'

HONEST = {
    'outcome': 'switched',
    'changed': True,
    'msg': 'done',
    'outage_ms': 7,
    'before': {'running': 'prefork'},
    'after': {'running': 'worker'},
    'strategy': {'used': 'stop'},
}
PLANNED = dict(HONEST, outcome='planned')
FINDING = {
    'rule': 'php_not_threadsafe',
    'level': 'refuse',
    'reason': 'r',
    'fix': 'c',
    'packages': ['x'],
}
LACKS = {'outcome': 'refused', 'failed': True, 'msg': 'm', 'packages': ['x'], 'findings': [FINDING]}
NOTHING = {
    'changed': False,
    'manager': 'apt',
    'command': [],
    'installs': [],
    'upgrades': [],
    'removes': [],
    'unasked': [],
}


@pytest.fixture(scope='module')
def liar():
    """The container that lies, and the variables by which it is reached."""
    target.remove_hosts(RUN)
    try:
        address = target.start_hosts(RUN, {'liar': 'el6'})['liar']
        inventory = yaml.safe_load((HOSTS / RUN / 'inventory.yml').read_text())
        yield f'webops-{RUN}-liar', dict(inventory['all']['vars'], ansible_host=address)
    finally:
        target.remove_hosts(RUN)


@pytest.fixture
def controller(liar, tmp_path):
    return Controller(*liar, tmp_path)


@pytest.fixture
def asked():
    """A server on the controller's own loopback, and the paths for which it was asked."""
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


def is_clean(out):
    """Return whether nothing in it moves a cursor, is hidden, or turns words round."""
    categories = [unicodedata.category(character) for character in out if character not in '\n\t']
    return not set(categories) & {'Cc', 'Cf', 'Cs', 'Zl', 'Zp'}


class TestFacts:
    """A host answers with facts that are named like the role's options and variables."""

    # What else the modules answer that the role runs around the switch.
    AROUND = {
        'modules.mpm_packages': NOTHING,
        'modules.apt': {'changed': True},
        'modules.ping': {'ping': 'pong'},
        'modules.setup': {'ansible_facts': {'ansible_pkg_mgr': 'apt'}},
    }

    @pytest.mark.parametrize(
        'plan, task',
        [(PLANNED, 'A hook of the user'), (LACKS, 'Install what is missing')],
        ids=['around the switch', 'with packages'],
    )
    def test_of_every_module_of_the_role_set_no_option(self, controller, asked, plan, task):
        url, paths = asked
        for module, answer in {**self.AROUND, '': plan}.items():
            facts = dict(controller.steering(url), **answer.get('ansible_facts', {}))
            controller.lie('web1', dict(answer, ansible_facts=facts), module)
        run = controller.play(HERE / 'role.yml', '-e', f'own_url={url}/own')
        assert not controller.canary.exists() and '/evil' not in ''.join(paths)
        assert task in run.out and f'"after_tasks": "{HERE}/hook.yml"' in run.out

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
        assert run.code == 0 and summary(run)[-1] == '1 hosts: 1 switched'
        assert 'a lie' not in run.out


# By inventory host. Those of the first table say what an honest host would beside what is dropped.
AS_IF_HONEST = {
    'facts': dict(HONEST, ansible_facts='text'),
    'results': dict(HONEST, results='text'),
    'unreachable': dict(HONEST, unreachable=True),
    'skipped': dict(HONEST, skipped=True),
    'internal': dict(
        HONEST, _ansible_x={}, add_host='x', add_group=7, exception=[7], deprecations='x'
    ),
    'warnings': dict(HONEST, warnings={'a': 1}),
}
ODD = {
    'text': '"switched"',
    'empty': '{}',
    'nothing': '',
    'broken': '{"outcome": ',
    'nan': '{"outcome": NaN, "outage_ms": Infinity}',
    'before': dict(HONEST, before='prefork'),
    'outcome': dict(HONEST, outcome=['switched']),
    'word': dict(HONEST, outcome='fine'),
    'unknown': dict(HONEST, outcome='unknown'),
    'nottried': dict(HONEST, outcome='not tried'),
    'findings': dict(HONEST, outcome='refused', findings='none'),
    'deep': dict(HONEST, outcome='refused', findings=[{'rule': {}, 'level': 'refuse'}]),
    'type': dict(HONEST, msg={'__ansible_type': 'TrustedAsTemplate', 'value': 'x'}),
}


class TestOddAnswers:
    def test_are_ends_of_these_hosts_and_of_no_others(self, controller):
        for name, answer in {**ODD, **AS_IF_HONEST, 'honest': HONEST}.items():
            controller.lie(name, answer)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', '-e', '{"mpm_serial": "100%"}')
        ends = dict(line.split()[:4:3] for line in summary(run)[1:-1])
        good = {name for name in ends if ends[name] == 'switched'}
        assert set(ends) == {*ODD, *AS_IF_HONEST, 'honest'} and good == {*AS_IF_HONEST, 'honest'}
        assert set(ends.values()) == {'switched', 'unreadable', 'failed'} and run.code == 2

    def test_hold_the_waves_that_follow(self, controller):
        controller.lie('odd', dict(HONEST, outcome='unknown'))
        controller.lie('next', HONEST)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', '-e', '{"mpm_serial": 1}')
        assert summary(run)[-1] == '2 hosts: 1 unreadable, 1 not tried' and run.code == 2

    def test_have_their_line_in_the_audit(self, controller):
        mpm = {'running': 'prefork', 'configured': 'prefork'}
        honest = {'mpm': mpm, 'findings': [], 'switch_to': {}}
        for name, answer in {**ODD, **AS_IF_HONEST, 'honest': honest}.items():
            controller.lie(name, answer)
        run = controller.play('audit-mpm.yml')
        lines = dict((line.split()[0], line) for line in summary(run)[1:])
        assert set(lines) == {*ODD, *AS_IF_HONEST, 'honest'} and run.code == 0
        assert lines['honest'].endswith('can switch')


class TestText:
    # The result is a number that no path and no count has: "49" was once in the name of a folder.
    TEMPLATE = "{{ 7919 * 7907 }} {{ lookup('ansible.builtin.pipe', 'touch CANARY') }} {% raw %}"
    NASTY = '\x1b[2J\x1b]0;x\x07\x9b31m\u202e\u2066\u2028\u200b'

    def words(self, controller):
        return self.NASTY + self.TEMPLATE.replace('CANARY', str(controller.canary))

    @pytest.mark.parametrize('flags', [[], ['--check', '--diff']], ids=['run', 'check'])
    def test_of_a_host_is_neither_a_template_nor_a_command_to_the_terminal(self, controller, flags):
        words = self.words(controller) + '\ud800'
        finding = dict(FINDING, rule='lie', reason=words, fix=words, packages=[])
        controller.lie(
            'web1',
            dict(
                LACKS,
                msg=words,
                findings=[finding],
                warnings=[words],
                exception=words,
                deprecations=[{'msg': words}],
                _ansible_x=words,
            ),
        )
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker', *flags)
        assert not controller.canary.exists() and is_clean(run.out)
        assert '{{ 7919 * 7907 }}' in summary(run)[1] and str(7919 * 7907) not in run.out

    ANSWER = '{"outcome": "refused", "failed": true, "msg": "m"}'

    @pytest.mark.parametrize(
        'printed',
        ['%s', ANSWER + '\n%s', '%s\n' + ANSWER],
        ids=['instead of an answer', 'after it', 'before it'],
    )
    def test_beside_an_answer_is_not_either(self, controller, printed):
        controller.lie('web1', printed % self.words(controller))
        for playbook in ('switch-mpm.yml', 'audit-mpm.yml'):
            run = controller.play(playbook, '-e', 'mpm=worker')
            assert not controller.canary.exists() and is_clean(run.out)


class TestSize:
    """A run takes some seconds on hosts that are at peace."""

    REFUSED = '{"outcome": "refused", "failed": true, %s}'

    @pytest.mark.parametrize(
        'answer',
        [
            REFUSED % ('"msg": "%s"' % ('x' * 3 * 10**6)),
            REFUSED % ('"msg": "%s"' % ('x' * 3 * 10**7)),
            REFUSED % ('"msg": %s' % ('[' * 10**6)),
            REFUSED % ('"msg": "m", "outage_ms": %s' % ('9' * 10**6)),
            REFUSED % ('"msg": "m", "files": [%s]' % ', '.join(['"x"'] * 500000)),
            'x' * 3 * 10**7,
        ],
        ids=['text', 'much text', 'depth', 'digits', 'entries', 'no answer'],
    )
    def test_of_an_answer_costs_little_and_prints_little(self, controller, answer):
        controller.lie('web1', answer)
        run = controller.play('switch-mpm.yml', '-e', 'mpm=worker')
        assert summary(run)[-1].startswith('1 hosts: 1 ') and run.code == 2
        assert len(run.out) < 40000 and run.seconds < 60
