# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import shell
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import bash, hosts

WORKER = u'/usr/sbin/httpd.worker'
EVENT = u'/usr/sbin/httpd.event'
STOCK = hosts.STOCK_SYSCONFIG

# Texts that can be read without a shell, and what they set HTTPD to (None: nothing).
CLEAR = [
    (u'', None),
    (STOCK, None),
    (STOCK.replace(u'#HTTPD=', u'HTTPD='), WORKER),
    (u'HTTPD=/x\n', u'/x'),
    (u'HTTPD=/x', u'/x'),
    (u'  \tHTTPD=/x\n', u'/x'),
    (u'export HTTPD=/x\n', u'/x'),
    (u'export \t HTTPD=/x # c\n', u'/x'),
    (u'HTTPD="/x"\n', u'/x'),
    (u"HTTPD='/x'\n", u'/x'),
    (u'HTTPD="/x y"\n', u'/x y'),
    (u'HTTPD=/x\\ y\n', u'/x y'),
    (u'HTTPD=/"x"\'y\'z\n', u'/xyz'),
    (u'HTTPD="/x\\y\\"\\$\\`\\\\"\n', u'/x\\y"$`\\'),
    (u"HTTPD='/x\\y$z'\n", u'/x\\y$z'),
    (u'HTTPD=\n', u''),
    (u'HTTPD=""\n', u''),
    (u"HTTPD='' # none\n", u''),
    (u'HTTPD= # none\n', u''),
    (u'HTTPD=/x # c\n', u'/x'),
    (u'HTTPD=/x\t#c\n', u'/x'),
    (u'HTTPD=/x#y\n', u'/x#y'),
    (u'HTTPD="/x"#y\n', u'/x#y'),
    (u'HTTPD=/x ;\n', u'/x'),
    (u'HTTPD=/x;# c\n', u'/x'),
    (u'HTTPD=/x; export HTTPD\n', u'/x'),
    (u'HTTPD=/x; export HTTPD; # c\n', u'/x'),
    (u'HTTPD=/x\nexport HTTPD\n', u'/x'),
    (u'HTTPD=/x\r\n', u'/x\r'),
    (u'HTTPD=/x #\r\n', u'/x'),
    (u'HTTPD=/x\r # c\n', u'/x\r'),
    (u'HTTPD=/x\x0by\n', u'/x\x0by'),
    (u'HTTPD=/x\xa0\n', u'/x\xa0'),
    (u'HTTPD = /x\n', None),
    (u'HTTPD =/x\n', None),
    (u'HTTPD=/a\nHTTPD=/b\n', u'/b'),
    (u'HTTPD=/b\n#HTTPD=/a\n', u'/b'),
    (u'#HTTPD=/x\n', None),
    (u'# HTTPD="/x"\n', None),
    (u'##HTTPD=/x\n', None),
    (u'  # export HTTPD=/x\n', None),
    (u'#HTTPD=/x \\\nHTTPD=/y\n', u'/y'),
    (u'# To choose, set the "HTTPD" variable: HTTPD=/x\n', None),
    (u"# don't\nHTTPD=/x\n", u'/x'),
    (u'HTTPD_LANG=C\n', None),
    (u'HTTPD_LANG=CHTTPD=/usr/sbin/httpd.itk', None),
    (u'HTTPDCONF=/x\nHTTPD_TMPDIR=/y\nMY_HTTPD=/z\nAHTTPD=/a\n', None),
    (u'OPTIONS="-D HTTPD=/x"\n', None),
    (u'OPTIONS=\'set HTTPD=/x\'\nHTTPD=/y\n', u'/y'),
    (u'A="\nHTTPD=/x\n"\n', None),
    (u'A="\n#HTTPD=/x\n"\nHTTPD=/y\n', u'/y'),
    (u'A=\\\r\nHTTPD=/x\n', u'/x'),
    (u': <<E\nHTTPD=/x\nE\n', None),
    (u': <<E\nHTTPD=/x\nE \nE\nHTTPD=/y\n', u'/y'),
    (u'if true; then\nA=1\nfi\nHTTPD=/x\n', u'/x'),
    (u'case a in\na) A=1 ;;\nb ) : ;;\nesac\nHTTPD=/x\n', u'/x'),
    (u'f()\n{\n  return 1\n}\nHTTPD=/x\n', u'/x'),
    (u'[ -n "$HTTPD" ] && A=1\nHTTPD=/x\n', u'/x'),
    (u'(HTTPD=/x)\n', None),
    (u'A=$(HTTPD=/x; :)\n', None),
    (u'ulimit -c 0\numask 022\nHTTPD=/x\n', u'/x'),
    (u'set -a\nHTTPD=/x\nset +a\n', u'/x'),
    (u'export HTTPD\nHTTPD=/x\n', u'/x'),
    (u'A=1; B=2\nHTTPD=/x\n', u'/x'),
]
# Texts of which only a shell can tell what they set HTTPD to.
UNCLEAR = [
    u'HTTPD=$A\n',
    u'HTTPD="$A/x"\n',
    u'HTTPD=${A:-/x}\n',
    u'HTTPD=`echo /x`\n',
    u'HTTPD=$(echo /x)\n',
    u"HTTPD=$'/x'\n",
    u'HTTPD="a`echo`"\n',
    u'HTTPD=~/x\n',
    u'HTTPD=/x:~/y\n',
    u'export HTTPD={/x,/y}\n',
    u'HTTPD=/x*\n',
    u'HTTPD=(/x /y)\n',
    u'HTTPD[0]=/x\n',
    u'HTTPD=/x && A=1\n',
    u'HTTPD=/x || A=1\n',
    u'HTTPD=/x | :\n',
    u'HTTPD=/x &\n',
    u'HTTPD=/x :\n',
    u'HTTPD=/x \r\n',
    u'HTTPD=/x;;\n',
    u'HTTPD=/x A=1\n',
    u'HTTPD= /x\n',
    u'\x0bHTTPD=/x\n',
    u'\xa0HTTPD=/x\n',
    u'HTTPD=/x export HTTPD\n',
    u'HTTPD=/a; HTTPD=/b\n',
    u'A=1; HTTPD=/x\n',
    u'A=1 HTTPD=/x\n',
    u'HTTPD=/x <<E\nE\n',
    u'if true; then\nHTTPD=/x\nfi\n',
    u'if true; then HTTPD=/x; fi\n',
    u'[ -x /x ] && HTTPD=/x\n',
    u'true && \\\nHTTPD=/x\n',
    u'true &&\n  HTTPD=/x\n',
    u'[ -f /x ] && {\nHTTPD=/x\n}\n',
    u'case a in\na) HTTPD=/x;;\nesac\n',
    u'case a in\na )\nHTTPD=/x\n;;\nesac\n',
    u'for HTTPD in /x; do :; done\n',
    u'while false; do\nHTTPD=/x\ndone\n',
    u'f() {\nHTTPD=/x\n}\n',
    u'f()\n{\nHTTPD=/x\n}\nf\n',
    u'{ HTTPD=/x; }\n',
    u'if true; then\necho done\nHTTPD=/x\nfi\n',
    u'if a; then if b; then\n:\nfi\nHTTPD=/x\nfi\n',
    u'while :; do\n:\ndone | while :; do\nHTTPD=/x\ndone\n',
    u'unset HTTPD\n',
    u'HTTPD=/x\nunset A HTTPD\n',
    u'unset -v "HTTPD"\n',
    u'HTTPD+=x\n',
    u'read HTTPD\n',
    u'read -r A HTTPD </dev/null\n',
    u'printf -v HTTPD /x\n',
    u': ${HTTPD:=/x}\n',
    u': "${HTTPD=/x}"\n',
    u'A=${HTTPD:=/x}\n',
    u'A=$((HTTPD=1))\n',
    u'eval "HTTPD=/x"\n',
    u'eval HT"TPD=/x" HTTPD\n',
    u'declare HTTPD=/x\n',
    u'export "HTTPD=/x"\n',
    u'readonly HTTPD=/x\n',
    u'export A=1 HTTPD=/x\n',
    u'export A=1 \\\n  HTTPD=/x\n',
    u'A=1 \\\nHTTPD=/x\n',
    u'HTT\\\nPD=/x\n',
    u'HTTPD=/x\\\ny\n',
    u'HTTPD=/x\\\n',
    u'HTTPD="/x\n"\n',
    u"HTTPD='/x\n",
    u'return 0\nHTTPD=/x\n',
    u'false || return 0\nHTTPD=/x\n',
    u'fi\nHTTPD=/x\n',
    u'A="\nHTTPD=/x\n',
    u': <<E\nHTTPD=/x\n',
    u'let "HTTPD = 1"\n',
    u'A="$(\n# it\'s\n)"\nHTTPD=/x\n',
]
SOURCED = [
    (u'. /etc/a\n', [u'/etc/a']),
    (u'source /etc/a\n', [u'/etc/a']),
    (u'  . "/etc/a b"; B=1\n', [u'/etc/a b']),
    (u"[ -f /etc/a ] && . '/etc/a'\n", [u'/etc/a']),
    (u'if [ -r /etc/a ]; then . /etc/a; else source /etc/b; fi\n', [u'/etc/a', u'/etc/b']),
    (u'test -f /etc/a || exit\nA=1 . /etc/a\n', [u'/etc/a']),
    (u'for f in /etc/d/*; do\n. $f\ndone\n', [u'$f']),
    (u'. "$A/b"\n', [u'"$A/b"']),
    (u'case a in a) . /etc/a ;; esac\n', [u'/etc/a']),
    (u'command . /etc/a\n', [u'/etc/a']),
    (u'{ . ./a; }\n', [u'./a']),
    (u'# . /etc/a\n', []),
    (u'echo . /etc/a\n', []),
    (u'A=". /etc/a"\n: <<E\n. /etc/b\nE\n', []),
    (u'./a b\n.\n', []),
]


def value_of(text):
    assignment = shell.last_assignment(text, u'HTTPD')
    return assignment.value if assignment else None


def is_clear(text):
    return not [
        assignment for assignment in shell.find_assignments(text, u'HTTPD') if assignment.unclear
    ]


class TestLastAssignment:
    @pytest.mark.parametrize('text, value', CLEAR, ids=repr)
    def test_gives_the_value_that_the_shell_would_see(self, text, value):
        assert is_clear(text)
        assert value_of(text) == value

    @pytest.mark.parametrize('text', UNCLEAR, ids=repr)
    def test_says_so_where_only_a_shell_can_tell(self, text):
        assert not is_clear(text)

    @pytest.mark.skipif(not bash.BASH, reason='there is no bash to compare with')
    def test_agrees_with_bash(self, tmp_path):
        seen = bash.values_in_bash(str(tmp_path), [text for text, _value in CLEAR])
        assert seen == [bash.UNSET if value is None else value for _text, value in CLEAR]

    def test_gives_the_parts_of_the_line(self):
        found = shell.last_assignment(u'# c\n\texport HTTPD="/x" # why\r\n', u'HTTPD')
        assert found == shell.Assignment(2, u'\texport HTTPD=', u'"/x"', u' # why\r', u'/x', None)

    @pytest.mark.parametrize(
        'text, why',
        [
            (u'\nHTTPD=$A\n', 'line 2: its value needs a shell ($A)'),
            (u'HTTPD=/x :\n', 'line 1 does more than set it'),
            (
                u'if a; then\nHTTPD=/x\nfi\n',
                'line 2 is inside a branch, a loop or a function, or after a return',
            ),
            (u'unset HTTPD\n', 'line 1 sets it in a way that only a shell can follow'),
            (u'HTTPD="/x\n', 'line 1 begins a text that does not end'),
            (u'HTTPD="/x\n"\n', 'line 1: it does not end on this line'),
        ],
        ids=repr,
    )
    def test_says_why_it_is_unclear(self, text, why):
        assert shell.last_assignment(text, u'HTTPD').unclear == why

    def test_reads_the_variable_that_is_asked_for_and_no_other(self):
        text = u'OPTIONS="-D SSL" # HTTPD\nPIDFILE=/run/x\nHTTPD=/x\n'
        assert [
            shell.last_assignment(text, name).value for name in (u'OPTIONS', u'PIDFILE', u'HTTPD')
        ] == [u'-D SSL', u'/run/x', u'/x']
        assert shell.last_assignment(text, u'LOCKFILE') is None


class TestFindAssignments:
    def test_gives_every_active_line_in_order(self):
        found = shell.find_assignments(
            u'HTTPD=/a\n#HTTPD=/b\nexport HTTPD=/c\nunset HTTPD\n', u'HTTPD'
        )
        assert [(assignment.line, assignment.value) for assignment in found] == [
            (1, u'/a'),
            (3, u'/c'),
            (4, None),
        ]


class TestSourcedFiles:
    @pytest.mark.parametrize('text, files', SOURCED, ids=repr)
    def test_finds_every_file_that_is_read_on_the_way(self, text, files):
        assert shell.sourced_files(text) == files


class TestSetValue:
    @pytest.mark.parametrize(
        'before, after',
        [
            (STOCK, STOCK.replace(u'#HTTPD=/', u'HTTPD=/')),
            (u'', u'HTTPD=%s\n' % WORKER),
            (u'A=1', u'A=1\nHTTPD=%s' % WORKER),
            (u'HTTPD_LANG=C', u'HTTPD_LANG=C\nHTTPD=%s' % WORKER),
            (u'A=1\r\nB=2\r\n', u'A=1\r\nB=2\r\nHTTPD=%s #\r\n' % WORKER),
            (u'HTTPD=/x\nA=1\n', u'HTTPD=%s\nA=1\n' % WORKER),
            (u'HTTPD=/x', u'HTTPD=%s' % WORKER),
            (u' export HTTPD="/x"  # why\n', u' export HTTPD="%s"  # why\n' % WORKER),
            (u"HTTPD='/x'; export HTTPD\n", u"HTTPD='%s'; export HTTPD\n" % WORKER),
            (u'HTTPD=/a\nHTTPD=/b\n', u'HTTPD=/a\nHTTPD=%s\n' % WORKER),
            (
                u'HTTPD=/usr/sbin/httpd.itk\n#HTTPD=/usr/sbin/httpd.worker\n',
                u'HTTPD=%s\n#HTTPD=%s\n' % (WORKER, WORKER),
            ),
            (u'HTTPD=\n', u'HTTPD=%s\n' % WORKER),
            (u'HTTPD=/x\r\n', u'HTTPD=%s #\r\n' % WORKER),
            (u'HTTPD="/x"\r\n', u'HTTPD="%s" #\r\n' % WORKER),
            (u'HTTPD=/x # c\r\n', u'HTTPD=%s # c\r\n' % WORKER),
            (u'#HTTPD=%s\r\n' % WORKER, u'HTTPD=%s #\r\n' % WORKER),
            (u'# HTTPD="%s"\nA=1\n' % WORKER, u' HTTPD="%s"\nA=1\n' % WORKER),
            (u'#HTTPD=/x\n#HTTPD=%s\n' % WORKER, u'#HTTPD=/x\nHTTPD=%s\n' % WORKER),
            (u'#HTTPD=/x\nA=1\n', u'#HTTPD=/x\nHTTPD=%s\nA=1\n' % WORKER),
            (u'#HTTPD=/x', u'#HTTPD=/x\nHTTPD=%s' % WORKER),
            (u'#HTTPD=%s :\n' % WORKER, u'#HTTPD=%s :\nHTTPD=%s\n' % (WORKER, WORKER)),
            (u'##HTTPD=%s\n' % WORKER, u'##HTTPD=%s\nHTTPD=%s\n' % (WORKER, WORKER)),
            (u'A="\n#HTTPD=%s\n"\n' % WORKER, u'A="\n#HTTPD=%s\n"\nHTTPD=%s\n' % (WORKER, WORKER)),
            (
                u'if a; then\n#HTTPD=%s\nfi\n' % WORKER,
                u'if a; then\n#HTTPD=%s\nfi\nHTTPD=%s\n' % (WORKER, WORKER),
            ),
            (u'A=1 \\', u'HTTPD=%s\nA=1 \\' % WORKER),
            (u'return\n', u'HTTPD=%s\nreturn\n' % WORKER),
            (u': <<E\nA\n', u'HTTPD=%s\n: <<E\nA\n' % WORKER),
            (u'HTTPD=$A\n', u'HTTPD=$A\nHTTPD=%s\n' % WORKER),
            (u'if a; then\nHTTPD=/x\nfi\n', u'if a; then\nHTTPD=/x\nfi\nHTTPD=%s\n' % WORKER),
            (u'caf\xc3\xa9=1 # \xe9\n', u'caf\xc3\xa9=1 # \xe9\nHTTPD=%s\n' % WORKER),
        ],
        ids=repr,
    )
    def test_changes_as_little_as_can_be(self, before, after):
        written = shell.set_value(before, u'HTTPD', WORKER)
        assert written == after
        assert value_of(written) == WORKER
        assert shell.set_value(written, u'HTTPD', WORKER) == written

    @pytest.mark.parametrize(
        'value', [u'/opt/my httpd', u"/it's", u'/a$b', u'/a"b', u'/a;b', u'/a\\b', u'/#'], ids=repr
    )
    @pytest.mark.parametrize(
        'before', [u'', u'HTTPD=/x\n', u'HTTPD="/x"\n', u"HTTPD='/x'\n"], ids=repr
    )
    def test_quotes_what_a_shell_would_not_take_as_it_is(self, before, value):
        written = shell.set_value(before, u'HTTPD', value)
        assert is_clear(written)
        assert value_of(written) == value

    @pytest.mark.parametrize(
        'text',
        [text for text, value in CLEAR if value and not value.endswith(u'\r') and WORKER != value],
        ids=repr,
    )
    def test_worker_to_event_and_back_is_the_same_text(self, text):
        worker = shell.set_value(text, u'HTTPD', WORKER)
        assert shell.set_value(shell.set_value(worker, u'HTTPD', EVENT), u'HTTPD', WORKER) == worker


class TestCommentOut:
    @pytest.mark.parametrize(
        'before, after',
        [
            (u'HTTPD=/x\n', u'#HTTPD=/x\n'),
            (u'HTTPD=/x', u'#HTTPD=/x'),
            (u'HTTPD=/x\r\n', u'#HTTPD=/x\r\n'),
            (u'HTTPD=/x #\r\n', u'#HTTPD=/x\r\n'),
            (u'HTTPD=/x #\n', u'#HTTPD=/x #\n'),
            (u'  export HTTPD=/x # c\n', u'#  export HTTPD=/x # c\n'),
            (u'HTTPD=/a\nA=1\nHTTPD=/b\n', u'#HTTPD=/a\nA=1\n#HTTPD=/b\n'),
            (u'HTTPD=\n', u'#HTTPD=\n'),
            (u'#HTTPD=/x\nHTTPD_LANG=C\n', u'#HTTPD=/x\nHTTPD_LANG=C\n'),
            (u'', u''),
        ],
        ids=repr,
    )
    def test_leaves_no_active_line(self, before, after):
        assert shell.comment_out(before, u'HTTPD') == after

    @pytest.mark.parametrize('text, _value', CLEAR, ids=repr)
    def test_leaves_the_variable_unset(self, text, _value):
        assert shell.find_assignments(shell.comment_out(text, u'HTTPD'), u'HTTPD') == []

    @pytest.mark.parametrize(
        'text',
        [
            STOCK,
            STOCK.replace(u'\n', u'\r\n'),
            STOCK.rstrip(u'\n'),
            u'#HTTPD=%s' % WORKER,
            u'# HTTPD="%s"\nA=1\n' % WORKER,
            u'#\texport HTTPD=%s # c\n' % WORKER,
        ],
        ids=['stock', 'CR LF', 'no last newline', 'one line', 'quoted', 'indented'],
    )
    def test_there_and_back_is_the_same_text_where_the_stock_line_is(self, text):
        there = shell.set_value(text, u'HTTPD', WORKER)
        assert value_of(there) == WORKER
        assert shell.comment_out(there, u'HTTPD') == text
