# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What SSLPassPhraseDialog says: who is asked for the pass phrase of a key, and whether that is a
person."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

NAME = 'sslpassphrasedialog'
BUILTIN = 'builtin'
# Programs of EL and Fedora, Debian, SUSE and systemd that ask a person.
_ASKING = (
    'httpd-ssl-pass-dialog',
    'ask-for-passphrase',
    'apache2-systemd-ask-pass',
    'systemd-ask-password',
)
# How a script asks one: by the console, by the splash screen, on the terminal.
_ASKS = re.compile(br'ask-password|ask-for-password|askpass|pinentry|/dev/(?:tty|console)|stty')


def program_of(args, root):
    # type: (list[str], str) -> str | None
    """Return the path of the program that a SSLPassPhraseDialog line has httpd run; None where
    httpd itself asks, on the terminal. args: words of the line; root: the server's root.
    """
    value = ' '.join(args)
    for start in ('exec:', '|'):
        if value.startswith(start):
            words = value[len(start) :].split()
            return os.path.join(root, words[0] if words else '')
    return None


def asks_a_person(path, content):
    """Return whether a program asks a person, as far as is known. content: the bytes of it, empty
    where it cannot be read.

    A script says so by what it runs, another program by its name. Of the rest it is taken that they
    answer by themselves; where one does not, the rehearsal hangs and fails.
    """
    if content.startswith(b'#!'):
        return _ASKS.search(content) is not None
    return os.path.basename(path) in _ASKING
