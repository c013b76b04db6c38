# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which keys a start of the server cannot read until a person has typed a pass phrase."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._fields import TYPE_CHECKING
from .._model import AskedKey
from .._syntax import dialogs
from .._syntax.evaluate import server_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import Keys  # noqa: F401
    from .._syntax.evaluate import Active, Section  # noqa: F401

_SSL = ('sslengine', 'sslcertificatefile', 'sslcertificatekeyfile')


def asked_keys(active, root, keys):
    # type: (list[Active], str, Keys) -> list[AskedKey]
    """Return [AskedKey] of the keys for which a person is asked.

    active: [Active] in force; root: the server's root; keys: Keys as they were read.
    """
    lines = [item.args for item in active if item.name == dialogs.NAME and item.args]
    dialog = lines[-1] if lines else [dialogs.BUILTIN]
    program = dialogs.program_of(dialog, root)
    if not keys.locked or (program is not None and program not in keys.asking):
        return []
    servers, ports = _by_server(active), _https_ports(active)
    found = [
        AskedKey(item.path, item.line.number, os.path.join(root, item.args[0]), ' '.join(dialog))
        for server in servers
        if _speaks_tls(server, servers, ports)
        for item in _keys_of(server, servers)
    ]
    return sorted(set(key for key in found if key.key in keys.locked))


def _by_server(active):
    # type: (list[Active]) -> dict[Section | None, list[Active]]
    """Return {virtual host as a section, None for the main server: [Active] of TLS}."""
    found = {None: []}  # type: dict[Section | None, list[Active]]
    for item in active:
        own = found.setdefault(server_of(item), [])
        own += [item] if item.name in _SSL and item.args else []
    return found


def _said(name, server, servers):
    # type: (str, Section | None, dict[Section | None, list[Active]]) -> list[Active]
    """Return the Active of a name that hold for a server: its own, else those of the main one."""
    for place in (server, None):
        found = [item for item in servers[place] if item.name == name]
        if found:
            return found
    return []


def _keys_of(server, servers):
    # type: (Section | None, dict[Section | None, list[Active]]) -> list[Active]
    """Return the lines whose files a server takes keys from: a certificate that has no key file of
    its own has its key beside it.
    """
    keys = _said('sslcertificatekeyfile', server, servers)
    return keys + _said('sslcertificatefile', server, servers)[len(keys) :]


def _speaks_tls(server, servers, ports):
    # type: (Section | None, dict[Section | None, list[Active]], set[str]) -> bool
    """Return whether a server reads its key at all: where nothing is said, its port decides."""
    said = _said('sslengine', server, servers)
    if said:
        return said[-1].args[0].lower() != 'off'
    return server is not None and bool(
        ports & set(address.rpartition(':')[2] for address in server[1])
    )


def _https_ports(active):
    # type: (list[Active]) -> set[str]
    """Return the ports, as text, that are for TLS by their number or by their Listen line."""
    return set(['443']) | set(
        item.args[0].rpartition(':')[2]
        for item in active
        if item.name == 'listen' and [word.lower() for word in item.args[1:]] == ['https']
    )
