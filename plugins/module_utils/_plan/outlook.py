# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Work out what a configuration is under one MPM: which PHP it loads, where it listens,
which directives are in force.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import MPMS, PREFORK, Outlook, OwnFiles, PhpModule, PhpServed, Unclear
from .._syntax.evaluate import (
    INCLUDES,
    PHP_SYMBOL,
    World,
    active_directives,
    module_names,
    server_of,
    static_names,
)
from .._syntax.httpd_options import defined_names
from . import directives, module_facts, pass_phrases
from .effective import effective_numbers

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401
    from typing import TypeVar  # noqa: F401

    from .._layouts.record import Layout  # noqa: F401
    from .._model import ConfigTree, HostState  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401

    T = TypeVar('T')

# Handlers by which mod_php takes a file; without the module such files would be served as they are.
PHP_HANDLER = re.compile(r'^(php\d?-script|application/x-httpd-php\d?)$', re.IGNORECASE)

# Directives that mod_php brings, and httpd does not know without it.
PHP_SETTING = re.compile(r'^php_(admin_)?(value|flag)$|^phpinidir$')
PROXIED = re.compile(r'proxy:unix:|fcgi://|fcgid-script')
# And these, with the second word anywhere behind the first.
_PROXIED_PAIRS = (('proxy:', 'fcgi'), ('application/x-httpd-', 'cgi'))
# What is loaded by these lines is what a switch is about.
_DECIDES = re.compile(r'^(mpm_(prefork|worker|event)|php\d?)_module$')


def world_of(state, mpm):
    # type: (HostState, str) -> World
    """Return the World that httpd sees under `mpm`; a program that is not there is taken to be
    like the others.
    """
    sources = state.installed.static_modules.get(mpm)
    if sources is None:
        others = next(
            iter(state.installed.static_modules.values()), ['core.c', 'mod_so.c', 'http_core.c']
        )
        sources = [name for name in others if name[:-2] not in MPMS] + [mpm + '.c']
    return World(
        static_names(sources),
        defined_names(state.launch.options),
        state.build.version,
        state.launch.environment,
    )


def chosen_tree(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> ConfigTree
    """Return the ConfigTree in which `mpm` is chosen, where the tree holds the choice."""
    return layout_named(state.layout).choose(state, tree, mpm)


def look_ahead(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> Outlook
    """Return the Outlook of `tree` under `mpm`, which is chosen in it first where the tree holds
    the choice.
    """
    layout = layout_named(state.layout)
    tree = chosen_tree(state, tree, mpm)
    active = active_directives(tree, world_of(state, mpm))
    loaded = tuple(item.args[0] for item in active if item.name == 'loadmodule' and item.args)
    settings = directives.in_force(active, mpm, layout.own_file(mpm))
    return Outlook(
        mpm=mpm,
        binary=state.installed.binaries.get(mpm),
        php=_php_served(state, tree, mpm, active, loaded),
        listens=_listens(active),
        directives=settings,
        files=OwnFiles(
            document_root=_last_path(active, 'documentroot', tree.root, hosts=True),
            error_log=_last_path(active, 'errorlog', tree.root),
            pid_file=_last_path(active, 'pidfile', tree.root) or state.build.pid_file,
        ),
        modules=loaded,
        needs_prefork=_needs_prefork(state, layout, tree, active, mpm),
        unclear=_unclear(active),
        asked_keys=pass_phrases.asked_keys(active, tree.root, state.disk.keys),
        http2='http2_module' in loaded and any(_offers_http2(item) for item in active),
        effective=effective_numbers(mpm, state.build.version, directives.numbers_of(settings)),
    )


def _offers_http2(item):
    # type: (Active) -> bool
    return item.name == 'protocols' and bool(
        set(['h2', 'h2c']) & set(word.lower() for word in item.args)
    )


def _php_served(state, tree, mpm, active, loaded):
    # type: (HostState, ConfigTree, str, list[Active], tuple[str, ...]) -> PhpServed
    """Return the PhpServed of the lines that are active. loaded: symbols of all modules."""
    php = php_modules(active, tree.root, state.installed.php_files)
    return PhpServed(
        modules=php,
        handlers=_php_handlers(active),
        proxied=_proxied_php(active),
        settings=[] if php else _php_settings(active),
        site_settings=[] if php else _htaccess_settings(state, mpm, loaded),
    )


def _php_settings(active):
    # type: (list[Active]) -> list[tuple[str, int]]
    """[(path, line)], each once: the line of a macro is read for every use."""
    return _each_once(
        (item.path, item.line.number) for item in active if PHP_SETTING.match(item.name)
    )


def _each_once(items):
    # type: (Iterable[T]) -> list[T]
    seen, found = set(), []
    for item in items:
        if item not in seen:
            seen.add(item)
            found.append(item)
    return found


def _htaccess_settings(state, mpm, loaded):
    # type: (HostState, str, tuple[str, ...]) -> list[tuple[str, int]]
    """The same of the files that sites have in their folders, which are read with all modules
    loaded.
    """
    modules = set(world_of(state, mpm).modules).union(*[module_names(symbol) for symbol in loaded])
    return [
        (path, setting.line)
        for path, settings in sorted(state.disk.htaccess.settings.items())
        for setting in settings
        if all((name in modules) is not negated for negated, name in setting.guards)
    ]


def _unclear(active):
    # type: (list[Active]) -> list[Unclear]
    """Return [Unclear] of lines that decide the MPM or PHP, or bring other files."""
    found = []
    for item in active:
        decides = item.name == 'loadmodule' and item.args and _DECIDES.match(item.args[0])
        if item.unsure and (decides or (item.name in INCLUDES and item.unsure[0] == 'macro')):
            section = (
                'the macro %s, used' % item.unsure[1][0]
                if item.unsure[0] == 'macro'
                else '<%s %s>' % (item.unsure[0], ' '.join(item.unsure[1]))
            )
            line = ' '.join([item.name] + item.args[:1])
            words = '%s line %d (%s) depends on %s in %s line %d'
            words %= (item.path, item.line.number, line, section, item.unsure[2], item.unsure[3])
            found.append(Unclear(words, bool(decides)))
    return _each_once(found)


def _proxied_php(active):
    # type: (list[Active]) -> bool
    """Return whether a handler of another kind takes PHP files: a FastCGI server, or a program
    that is started for them.
    """
    return any(
        item.name in ('sethandler', 'addhandler', 'proxypassmatch', 'action')
        and _names_proxy(' '.join(item.args).lower())
        and (
            item.name != 'sethandler'
            or any('ph' in ' '.join(args).lower() for _name, args, _path, _number in item.sections)
        )
        for item in active
    )


def _names_proxy(words):
    # type: (str) -> bool
    return bool(PROXIED.search(words)) or any(
        second in words.partition(first)[2] for first, second in _PROXIED_PAIRS
    )


def _needs_prefork(state, layout, tree, active, mpm):
    # type: (HostState, Layout, ConfigTree, list[Active], str) -> list[str]
    """Sentences about modules that are loaded and need another MPM; PHP, which has rules of its
    own, is not one of them.
    """
    found = [] if mpm == PREFORK else _prefork_only(active)
    if mpm != PREFORK and state.installed.perl_threads is False:
        # mod_perl itself ends the server then: "cannot use threaded MPM without ithreads enabled
        # Perl".
        found += [
            'perl_module (%s line %d) ends a threaded server at its start, since its perl has no '
            'threads (perl -V:useithreads)' % (item.path, item.line.number)
            for item in active
            if item.name == 'loadmodule' and item.args[:1] == ['perl_module']
        ]
    return found + [
        'the module %s says that it depends on %s' % pair
        for pair in layout.dependants(tree, mpm)
        if not pair[0].startswith('php')
    ]


def _prefork_only(active):
    # type: (list[Active]) -> list[str]
    loaded = [item for item in active if item.name == 'loadmodule' and item.args]
    found = [(item, module_facts.fact_of(item.args[0])) for item in loaded]
    return [
        '%s (%s line %d) works with prefork only, since %s'
        % (fact.symbol, item.path, item.line.number, fact.why)
        for item, fact in found
        if fact and fact.stands == module_facts.NEEDS_PREFORK
    ]


def php_modules(active, root, safety):
    # type: (list[Active], str, dict[str, str]) -> list[PhpModule]
    """Return the PhpModules that are loaded: httpd takes the first LoadModule of a symbol and
    skips the others.
    """
    found = []  # type: list[PhpModule]
    for item in active:
        if item.name == 'loadmodule' and len(item.args) == 2 and PHP_SYMBOL.match(item.args[0]):
            if item.args[0] not in [module.symbol for module in found]:
                path = os.path.join(root, item.args[1])
                found.append(
                    PhpModule(
                        symbol=item.args[0],
                        path=path,
                        thread_safety=safety.get(path, 'missing'),
                        file=item.path,
                        line=item.line.number,
                    )
                )
    return found


def _php_handlers(active):
    # type: (list[Active]) -> list[Active]
    return [
        item
        for item in active
        if item.name in ('addhandler', 'sethandler', 'addtype')
        and item.args
        and PHP_HANDLER.match(item.args[0])
    ]


def _listens(active):
    # type: (list[Active]) -> list[tuple[str, int]]
    found = set()
    for item in active:
        address, _colon, port = (
            item.args[0].rpartition(':') if item.name == 'listen' and item.args else ('', '', '')
        )
        if port.isdigit():
            found.add((address.strip('[]').replace('*', ''), int(port)))
    return sorted(found)


def _last_path(active, name, root, hosts=False):
    # type: (list[Active], str, str, bool) -> str | None
    """The value of a path directive of the main server; with `hosts`, of the first virtual host
    where there is one.
    """
    named = [item for item in active if item.name == name and item.args]
    inside = [item for item in named if server_of(item)]
    main = [item for item in named if not server_of(item)]
    chosen = inside[:1] if hosts and inside else main[-1:]
    return (
        os.path.join(root, chosen[0].args[0])
        if chosen and not chosen[0].args[0].startswith('|')
        else None
    )
