"""The same promises on real files, where a folder of them is at hand: WEBOPS_APACHE_CORPUS, or
../shared/corpus beside this checkout.

In it, folders named sysconfig_* hold files that a shell sources, all others configuration of httpd.
"""

import os
import tempfile

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS, ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax import httpd_conf, shell
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
    static_names,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import (
    COMMENT,
    DIRECTIVE,
    parse_lines,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.lines import (
    body_of,
    split_lines,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import bash

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.environ.get('WEBOPS_APACHE_CORPUS') or os.path.join(
    HERE, '..', '..', '..', 'shared', 'corpus'
)
WORKER, EVENT = '/usr/sbin/httpd.worker', '/usr/sbin/httpd.event'
VARIABLES = ('HTTPD', 'OPTIONS', 'PIDFILE', 'APACHE_MPM')

pytestmark = pytest.mark.skipif(
    not os.path.isdir(CORPUS),
    reason='no folder of real configuration files: set WEBOPS_APACHE_CORPUS',
)


def corpus(shell_files):
    found = []
    for folder, _folders, names in os.walk(CORPUS):
        kind = os.path.relpath(folder, CORPUS)
        if kind != '.' and kind.startswith('sysconfig_') == shell_files:
            found.extend(os.path.join(kind, name) for name in names)
    return sorted(found)


def read(name):
    with open(os.path.join(CORPUS, name), 'rb') as stream:
        return stream.read().decode('latin-1')


def some(lines):
    """At most 25 of the lines, from everywhere in the file."""
    return lines[:: len(lines) // 25 + 1]


def changed_lines(before, after):
    """Numbers of the lines that differ, of two texts with as many lines."""
    old, new = split_lines(before), split_lines(after)
    assert len(old) == len(new)
    return [number for number, (a, b) in enumerate(zip(old, new), 1) if a != b]


@pytest.mark.parametrize('name', corpus(True) + corpus(False))
def test_nothing_is_lost_in_reading(name):
    text = read(name)
    parsed = parse_lines(text)
    assert ''.join(split_lines(text)) == text
    assert sum(line.count for line in parsed) == len(split_lines(text))


@pytest.mark.parametrize('name', corpus(True))
class TestShellFiles:
    @pytest.mark.skipif(not bash.BASH, reason='there is no bash to compare with')
    def test_set_what_bash_says(self, name):
        text, compared = read(name), 0
        # Other commands than assignments are not for us to run.
        lines = [line for line in split_lines(text) if not shell.sourced_files(line)]
        for variable in VARIABLES:
            assignments = shell.find_assignments(''.join(lines), variable)
            if not [found for found in assignments if found.unclear]:
                compared += 1
                with tempfile.TemporaryDirectory() as folder:
                    seen = bash.values_in_bash(folder, [''.join(lines)], variable)
                assert seen == [assignments[-1].value if assignments else bash.UNSET]
        assert compared

    def test_choose_clearly(self, name):
        assert not [found for found in shell.find_assignments(read(name), 'HTTPD') if found.unclear]

    @pytest.mark.parametrize('value', [WORKER, EVENT])
    def test_there_and_back(self, name, value):
        text = read(name)
        there = shell.set_value(text, 'HTTPD', value)
        assert shell.last_assignment(there, 'HTTPD').value == value
        assert shell.set_value(there, 'HTTPD', value) == there
        old, new = split_lines(text), split_lines(there)
        if len(old) == len(new):
            assert len(changed_lines(text, there)) <= 1
        else:
            number = shell.last_assignment(there, 'HTTPD').line
            assert [body_of(line) for line in new[: number - 1] + new[number:]] == [
                body_of(line) for line in old
            ]
        assert shell.last_assignment(shell.comment_out(there, 'HTTPD'), 'HTTPD') is None

    def test_worker_event_worker_is_the_same_text(self, name):
        worker = shell.set_value(read(name), 'HTTPD', WORKER)
        assert shell.set_value(shell.set_value(worker, 'HTTPD', EVENT), 'HTTPD', WORKER) == worker

    def test_with_the_stock_line_come_back_to_the_byte(self, name):
        text = read(name)
        if shell.last_assignment(text, 'HTTPD') or '\n#HTTPD=%s\n' % WORKER not in text:
            pytest.skip('the stock line is not there, or another one is in force')
        assert shell.comment_out(shell.set_value(text, 'HTTPD', WORKER), 'HTTPD') == text


@pytest.mark.parametrize('name', corpus(False))
class TestHttpdFiles:
    def test_lose_no_argument_in_an_edit(self, name):
        text = read(name)
        for line in some(
            [
                line
                for line in parse_lines(text)
                if line.kind == DIRECTIVE and line.count == 1 and line.args
            ]
        ):
            written = httpd_conf.replace_argument(text, line, 0, '9')
            assert changed_lines(text, written) in ([], [line.number])
            assert (
                parse_lines(split_lines(written)[line.number - 1])[0].args == ['9'] + line.args[1:]
            )

    def test_take_a_directive_out_and_put_it_back(self, name):
        text = read(name)
        for line in some([line for line in parse_lines(text) if line.kind == DIRECTIVE]):
            without = httpd_conf.comment_lines(text, line)
            assert changed_lines(text, without) == [line.number]
            comment = [new for new in parse_lines(without) if new.number == line.number][0]
            assert (comment.kind, comment.count) == (COMMENT, line.count)
            assert httpd_conf.uncomment_line(without, comment) == text

    def test_keep_every_line_in_a_wrap(self, name):
        text = read(name)
        for line in some([line for line in parse_lines(text) if line.name == 'loadmodule']):
            last = line.number + line.count - 1
            new = split_lines(
                httpd_conf.wrap_lines(
                    text, line.number, last, '<IfModule prefork.c>', '</IfModule>'
                )
            )
            kept = new[: line.number - 1] + new[line.number : last + 1] + new[last + 2 :]
            assert [body_of(one) for one in kept] == [body_of(one) for one in split_lines(text)]

    def test_get_a_block_at_the_end(self, name):
        text = read(name)
        written = httpd_conf.append_lines(
            text, ['<IfModule worker.c>', 'MaxClients 9', '</IfModule>']
        )
        assert written.startswith(text)
        assert [line.text for line in parse_lines(written)][-3:] == [
            '<IfModule worker.c>',
            'MaxClients 9',
            '</IfModule>',
        ]

    def test_are_walked_under_every_mpm(self, name):
        tree = ConfigTree('/main', '/etc/httpd', {'/main': read(name)}, {}, frozenset())
        numbers = [line.number for line in parse_lines(read(name)) if line.kind == DIRECTIVE]
        for mpm in MPMS:
            found = active_directives(
                tree, World(static_names(['core.c', mpm + '.c']), [], '2.2.15')
            )
            assert set(item.line.number for item in found) <= set(numbers)
