# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that reads what somebody else wrote, and texts that are made to be hard to read.

PARSERS: {name: function of bytes}; each may raise an Error of ours, and nothing else. What the
kernel writes alone (limits, open files) is not in it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import sys
import time

from ansible_collections.webops.apache.plugins.module_utils import _text
from ansible_collections.webops.apache.plugins.module_utils._errors import Error
from ansible_collections.webops.apache.plugins.module_utils._host import (
    access_logs,
    httpd,
    panels,
    perl,
    places,
    served_folders,
    servers,
    services,
)
from ansible_collections.webops.apache.plugins.module_utils._host.strategies import beside
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    mods_enabled,
    sysconfig_apache2,
    sysconfig_httpd,
)
from ansible_collections.webops.apache.plugins.module_utils._model import (
    AskedSite,
    CommandResult,
    ConfigTree,
)
from ansible_collections.webops.apache.plugins.module_utils._packages import apt, ask, dnf, zypper
from ansible_collections.webops.apache.plugins.module_utils._plan import outlook
from ansible_collections.webops.apache.plugins.module_utils._proof import (
    crashes,
    log_lines,
    probes,
)
from ansible_collections.webops.apache.plugins.module_utils._strangers.limited import run_limited
from ansible_collections.webops.apache.plugins.module_utils._syntax import (
    access_log,
    environment_file,
    evaluate,
    httpd_conf,
    log_directives,
    php_settings,
    shell,
    shell_exports,
    trees,
    variables,
    wildcards,
)
from ansible_collections.webops.apache.plugins.module_utils._system import (
    links,
    ownership,
    processes,
    queues,
    sockets,
)

SIZE = 256 * 1024
# Of processor time, on a machine that takes REFERENCE seconds for `_reference_work` (by version of
# Python). The best of eight tries counts: other work on the machine slows a parser down.
MAX_SECONDS = 0.5
REFERENCE = {2: 0.08, 3: 0.045}
# Beyond what the process has already.
MAX_MEBIBYTES = 50
MAIN = u'/etc/httpd/conf/httpd.conf'
# Return the seconds of processor time that this process has used.
clock = getattr(time, 'process_time', None) or time.clock


def decoded(parse):
    """Return a parser of bytes from one of text."""
    return lambda content: parse(content.decode('latin-1'))


def answered(parse):
    """A parser of what a program prints."""
    return lambda content: parse(CommandResult(['x'], 0, content.decode('latin-1'), u''))


def about_process(read):
    """A parser of a file below /proc; only in a child, since nothing is put back."""

    def parse(content):
        processes.read_about = lambda pid, name: content.decode('latin-1')
        read(1)

    return parse


def tree_of(text):
    """Return a ConfigTree whose one file, a stranger's, has this text."""
    return ConfigTree(MAIN, u'/etc/httpd', {MAIN: text}, {}, frozenset(), foreign=frozenset([MAIN]))


def cut_configuration(text):
    """Cut a configuration into lines, and take each of them apart."""
    for line in httpd_conf.parse_lines(text):
        if line.kind == httpd_conf.COMMENT:
            httpd_conf.parse_comment(line)
        elif line.kind == httpd_conf.OPEN:
            httpd_conf.parse_condition(line)


def evaluate_configuration(text):
    """Return the directives of a configuration that are in force."""
    return evaluate.active_directives(tree_of(text), evaluate.World([], [], '2.4.62'))


def judge_line(text):
    """What the plan asks of the words of a line."""
    outlook._names_proxy(text.lower())
    outlook.PHP_HANDLER.match(text)
    outlook.PHP_SETTING.match(text)


def read_shell(text):
    """Look for assignments and for the files that a shell script reads."""
    shell.find_assignments(text, u'HTTPD')
    shell.sourced_files(text)
    shell_exports.find_exports(text)


def read_unit(text):
    """Take apart what systemd says of a unit."""
    services.started_with({'ExecStart': u'argv[]=' + text, 'Environment': text}, lambda path: None)
    environment_file.parse_environment_file(text)
    beside.beside_command(text)


def read_sockets(text):
    """Take apart the kernel's table of sockets."""
    for row in queues.parse_rows(text):
        try:
            sockets.listener_of(row)
        except ValueError:
            pass  # what only the kernel writes


def match_names(text):
    """Use the text as a pattern for the names of files."""
    wildcards.match_names(text, [u'a' * 255, u'index.php', u'[*' * 100])
    wildcards.names_file(text, u'/etc/httpd/conf.d/' + u'x' * 200)


def show(text):
    """Make the text fit for a report."""
    _text.foreign(text)
    _text.presentable([text])
    _text.clean_lines(text)


def read_log(text):
    """Look for warnings in the lines of a log, and put them into words."""
    log_lines.own_warnings(text.split(u'\n'))
    log_lines.in_words(text.split(u'\n'))


def read_access_log(form):
    """Return a parser of the lines of an access log with this format."""
    sites = [AskedSite(u'a', 80, u'http', None)]
    log = log_directives.AccessLog(u'/log', access_log.parse_format(form), sites)
    return lambda text: access_logs.count_pages(log, text.split(u'\n'), True, 0)


def read_page(text):
    """Take the text for a page, a time and an address in an access log."""
    access_log.page_of(text, True)
    access_log.page_of(u'/' + text[:500], True)
    access_log.parse_time(text)
    access_log.network_of(text)


def read_log_format(text):
    """Take the text for a LogFormat, for a name of a site, and for an address."""
    access_log.parse_format(text)
    access_log.parse_format(text[: access_log.MAX_FORMAT])
    log_directives._NAME.match(text)
    log_directives._ADDRESS.match(text)


PARSERS = {
    'lines of a configuration': decoded(cut_configuration),
    'a configuration': decoded(evaluate_configuration),
    'variables': decoded(variables.variables_in),
    'a line in the plan': decoded(judge_line),
    'an Include pattern': decoded(match_names),
    'an Include beside a new file': decoded(
        lambda text: trees._names_it(u'/etc', text, u'/etc/a/b.conf')
    ),
    'a .htaccess file': lambda content: php_settings.read_folder_words(content, 5000, 5000),
    'users and their homes': decoded(served_folders.parse_homes),
    'a shell script': decoded(read_shell),
    'an init script': decoded(lambda text: sysconfig_httpd._default_of('HTTPD', text)),
    'flags of apache2': decoded(sysconfig_apache2._PHP.match),
    'needs of a module': decoded(mods_enabled._DEPENDS.findall),
    'stat of a process': decoded(processes.parse_stat),
    'stat of a child': decoded(lambda text: processes.parse_child(text, 1)),
    'status of a process': about_process(processes.users_of),
    'groups of a process': about_process(processes.control_groups),
    'words of a process': about_process(processes.command_line),
    'environment of a process': about_process(processes.environment_of),
    'maps of a process': about_process(lambda pid: servers.loaded_mpm(processes.mapped_files(pid))),
    'an access list': lambda content: ownership.parse_access_list(content, 0),
    'sockets': decoded(read_sockets),
    'links': decoded(lambda text: links.with_link('fe80::1', text)),
    'systemctl show': decoded(services.parse_unit),
    'a unit': decoded(read_unit),
    'systemctl --version': decoded(beside.parse_version),
    'httpd -V': decoded(lambda text: httpd.parse_build(text, 'httpd')),
    'httpd -l': decoded(httpd.parse_compiled),
    'httpd -t': decoded(read_log),
    'an access log': decoded(read_access_log(u'%h %l %u %t "%r" %>s %b')),
    'an access log of several sites': decoded(read_access_log(u'%v:%p %{X}i %t %m %U%q %s')),
    'an access log in another order': decoded(read_access_log(u'"%r" %s %t')),
    'a page in an access log': decoded(read_page),
    'a LogFormat': decoded(read_log_format),
    'a Content-Type': decoded(probes.kind_of),
    'an error log': decoded(lambda text: crashes.crashed_children(text.split(u'\n'), 7)),
    'perl -V': decoded(perl.parse_threads),
    'service-environment': decoded(places._ENABLED.findall),
    'dpkg-query': decoded(panels.parse_dpkg),
    'names of packages': decoded(panels.panels_behind),
    'apt-get': answered(apt.parse),
    'dnf': answered(lambda answer: dnf.parse('dnf', answer)),
    'zypper': answered(zypper.parse),
    'a package manager that fails': answered(ask._give_up),
    'text for a result': decoded(show),
}

# Each is repeated to the full size. Most are made for one parser, and tried on all.
UNITS = (
    b'\n',
    b' ',
    b'\t',
    b'\r\n',
    b'a',
    b'a\n',
    b'ab\n',
    b'a b\n',
    b'a ',
    b'\\',
    b'\\\n',
    b'a\\\n',
    b'"',
    b'""',
    b'"\\',
    b'\\"',
    b"'",
    b"'a'b",
    b'#\n',
    b'\x00',
    b'\xff',
    b'\xc3',
    b'\xe2\x80\xae',
    b'\x1b[2J',
    b'0 ',
    b'9',
    b':',
    b'=',
    b'a=b\n',
    b'A=\n',
    b'a=b\x00',
    b'=" ',
    b'/',
    b'//(',
    b'*',
    b'*a',
    b'[',
    b'[a',
    b'[]',
    b'[!a-',
    b']',
    b'${',
    b'${a}',
    b'a ${b} c\n',
    b'}',
    b'${HTTPD-',
    b'{',
    b'(',
    b')',
    b'((',
    b'$(',
    b'`',
    b'<<a\n',
    b'a;',
    b'a&&',
    b'HTTPD[',
    b'HTTPD=a\n',
    b'HTTPD+=((',
    b'case a in\n',
    b'<',
    b'<>',
    b'<a>\n',
    b'</a>\n',
    b'<a b>\n',
    b'<IfModule !x>\na\n',
    b'<IfModule !x>\na\n</IfModule>\n',
    b'<IfVersion ~ (a*)*>\na\n',
    b'<Macro a>\n',
    b'Use a\n',
    b'Define a b\n',
    b'Define a ${a}${a}\n',
    b'Include a\n',
    b'LoadModule a b\n',
    b'php_value a b\n',
    b'<IfModule a>\nphp_value a b\n',
    b'AddType a b\n',
    b'AddHandler a ',
    b'php_flag engine ',
    b'php_flag engine off\n',
    b'<Files "a">\nSetHandler a\n',
    b'a:x:1:1::/:\n',
    b'proxy:',
    b'application/x-httpd-',
    b'# Depends:',
    b'#\n\n',
    b'argv[]=a ',
    b'argv[]=',
    b'Inst a [\n',
    b'Inst a [b] (\n',
    b'<install-summary',
    b'<install-summary>',
    b'<to-a>',
    b'<to-a></to-b>',
    b'<solvable type="package" name="',
    b' -D a="\n',
    b' -D a="b"\n',
    b'  a.c\n',
    b'Server version: a/',
    b'MaxClients ',
    b'[a] ',
    b'[a][',
    b'%h ',
    b'%{',
    b'%!%<%,',
    b'GET / HTTP/1.1 ',
    b'1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 1\n',
    b' [10/Oct/2000:13:55:36 -0700] "',
    b'1 - - [10/Oct/1970:13:55:36 -0700] "GET /\\"',
    b'/%2e',
    b'log_',
    b'child pid 1 exit signal a',
    b'[a] [notice] child pid 1 exit signal A (11)\n',
    b'Uid:\t0\t0\n',
    b'1:a:/b\n',
    b'a  1  2  b\n',
    b'1-2 rw-s 0 0 0 /a\n',
    b'Package Arch\n',
    b'Installing:\n a\n',
    b'X_SCLS_ENABLED="a ',
    b' psa',
    b'psa',
)
# And these begin something that the rest of a text belongs to.
BEGINNINGS = (
    b'Package Arch',
    b'1 (a) S 1 ',
    b'argv[]=',
    b'<install-summary>',
    b'<Macro a>\nUse a\n',
    b'"',
    b'<<a\n',
    b'HTTPD="',
    b'Define a "',
)


def texts():
    """Yield (what it is, bytes of the full size)."""
    for unit in UNITS:
        whole = unit * (SIZE // len(unit) + 1)
        yield repr(unit), whole[:SIZE]
    for begin in BEGINNINGS:
        for unit in (b' ', b'a', b'a ', b'\n', b'<to-a>', b'"', b'\\"', b'\na b'):
            yield repr((begin, unit)), (begin + unit * (SIZE // len(unit) + 1))[:SIZE]


def find_slow(parse, samples):
    """Return [(what it is, what is wrong)] of the samples that a parser does not take well.

    It takes too long or too much memory, or ends in an error of Python's.
    """

    def work():
        tried = [_try(parse, name, content) for name, content in samples]
        return [found for found in tried if found]

    return run_limited(work, 300, MAX_MEBIBYTES, what='The parser')


def _try(parse, name, content):
    try:
        seconds = _seconds(parse, content)
        if seconds > MAX_SECONDS:
            seconds = min(_seconds(parse, content) for _again in range(7)) / _slowness()
    except MemoryError:
        return name, 'more than %d MiB' % MAX_MEBIBYTES
    except Exception as e:
        return name, '%s: %s' % (e.__class__.__name__, e)
    return (name, '%.2f s' % seconds) if seconds > MAX_SECONDS else None


def _slowness():
    """Return how many times as long as on the machine of MAX_SECONDS this one takes: 1 or more."""
    seconds = min(_seconds(_reference_work, 100000) for _again in range(10))
    return max(1.0, seconds / REFERENCE[sys.version_info[0]])


def _reference_work(count):
    """Do what parsers do: make small texts and tuples of them."""
    made = []
    for number in range(count):
        word = u'%d' % number
        made.append((word, word.strip(), word.endswith((u'\\', u'x'))))


def _seconds(parse, content):
    # What is known from the last time would be no work at all.
    httpd_conf._known.clear()
    begin = clock()
    try:
        parse(content)
    except Error:
        pass
    return clock() - begin
