"""Runs on a test host, on its Python: for each tree, what httpd says it reads and loads, and
what this collection says.

One job a line on standard input, {"root", "options", "environment", "programs"}; one answer a line
on standard output.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import re
import sys
from collections import namedtuple

from ansible_collections.webops.apache.plugins.module_utils._errors import Error
from ansible_collections.webops.apache.plugins.module_utils._host import config, httpd, php
from ansible_collections.webops.apache.plugins.module_utils._model import Installed, Launch
from ansible_collections.webops.apache.plugins.module_utils._plan import outlook
from ansible_collections.webops.apache.plugins.module_utils._syntax import evaluate
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_options import (
    compiled_mpm,
)
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command

LOADED = re.compile(r'AH01575: loaded module (\S+) from (.*)$', re.MULTILINE)
READ = re.compile(r'^ +\((?:\d+|\*)\) (.*)$', re.MULTILINE)
DUMPS = ['-D', 'DUMP_INCLUDES', '-D', 'DUMP_MODULES']
# What is asked once: it does not change.
PROGRAMS, THREAD_SAFETY = {}, {}
MPM = re.compile(r'^mpm_(\w+)_module$')
# What a decision needs of a HostState.
State = namedtuple('State', 'installed launch build')


class Walk(evaluate._Walk):
    """Remembers the files in the order in which they are read, and what of the reading is not
    claimed to be httpd's.
    """

    def __init__(self, tree, world):
        super(Walk, self).__init__(tree, world)
        self.files, self.reading, self.beyond = [], [], set()

    def read_file(self, path, sections, *more):
        """Read a file as the collection does, and note that it was read."""
        self.files.append(path)
        self.reading.append(path)
        super(Walk, self).read_file(path, sections, *more)
        self.reading.pop()

    def _included(self, *line):
        found = super(Walk, self)._included(*line)
        if set(found) & set(self.reading):
            self.beyond.add('a file that includes itself')
        return found

    def _holds(self, line, path):
        # httpd reads what is in such a section, and refuses it at the end.
        if line.name == 'ifversion' and 'version_module' not in self.modules:
            self.beyond.add('<IfVersion> without mod_version')
        if line.name == 'macro':
            self.beyond.add('<Macro> without mod_macro')
        return super(Walk, self)._holds(line, path)


def ask_httpd(program, root, options, environment):
    """Return what the server says: at `-e debug` it names each module when it loads it, even
    where it refuses the configuration later.
    """
    command = (
        ['/usr/bin/env']
        + ['%s=%s' % item for item in sorted(environment.items())]
        + [program, '-d', root, '-f', 'conf/httpd.conf']
    )
    result = run_command(command + ['-e', 'debug', '-t'] + options)
    dumped = re.search(r'^ mpm_(\w+)_module ', result.out, re.MULTILINE)
    errors = [
        line
        for line in result.err.splitlines()
        if not re.search(
            r'AH(01575|01574|00111|0055[78]|00324|00545|00188)|Syntax OK|:debug\]', line
        )
    ]
    return {
        'modules': [
            [symbol, os.path.realpath(path)] for symbol, path in LOADED.findall(result.err)
        ],
        'files': [os.path.realpath(path) for path in READ.findall(result.out)],
        'mpms': [dumped.group(1)] if dumped else None,
        'refused': '\n'.join(errors)[:20000] if result.rc else None,
    }


def ask_us(build, static, root, options, environment):
    """Return what this collection makes of the same files, in the same form."""
    mpm = compiled_mpm(static) or 'loaded'
    installed = Installed({}, {mpm: static}, {}, {}, {})
    state = State(installed, Launch(options, environment), build)
    try:
        tree = config.read_tree(os.path.join(root, 'conf/httpd.conf'), root, environment)
        walk = Walk(tree, outlook.world_of(state, mpm))
        walk.read_file(tree.main, ())
    except Error as error:
        return {'error': str(error.message)}
    loaded = []
    for item in walk.found:
        if (
            item.name == 'loadmodule'
            and len(item.args) == 2
            and item.args[0] not in [symbol for symbol, _path in loaded]
        ):
            loaded.append((item.args[0], os.path.realpath(os.path.join(tree.root, item.args[1]))))
    php_modules = outlook.php_modules(walk.found, tree.root, {})
    linked = [mpm] if mpm != 'loaded' else []
    return {
        'modules': loaded,
        'files': [os.path.realpath(path) for path in walk.files],
        'beyond': sorted(walk.beyond),
        'mpms': linked
        + [MPM.match(symbol).group(1) for symbol, _path in loaded if MPM.match(symbol)],
        'php': [
            [
                module.symbol,
                os.path.realpath(module.path),
                thread_safety(os.path.realpath(module.path)),
            ]
            for module in php_modules
        ],
    }


def thread_safety(path):
    """Return the thread safety of a PHP module, which is looked for once."""
    if path not in THREAD_SAFETY:
        THREAD_SAFETY[path] = php.thread_safety(path)
    return THREAD_SAFETY[path]


def ask_both(program, job):
    """Return one answer."""
    if program not in PROGRAMS:
        PROGRAMS[program] = (
            httpd.parse_build(run_command([program, '-V']).out, program),
            httpd.parse_compiled(run_command([program, '-l']).out),
        )
    build, static = PROGRAMS[program]
    where = job['root'], DUMPS + job['options'], job['environment']
    return {
        'root': job['root'],
        'program': program,
        'theirs': ask_httpd(program, *where),
        'ours': ask_us(build, static, *where),
    }


def main():
    """Answer each job of standard input."""
    for line in sys.stdin:
        job = json.loads(line, object_hook=native)
        for program in job['programs']:
            print(json.dumps(ask_both(program, job)))


def native(found):
    """Paths and options in the text type that this Python takes for paths."""
    return dict(
        (
            str(key),
            [str(word) for word in value]
            if isinstance(value, list)
            else value
            if isinstance(value, dict)
            else str(value),
        )
        for key, value in found.items()
    )


if __name__ == '__main__':
    main()
