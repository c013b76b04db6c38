# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: makes .htaccess files and folders that are hard to read.

htaccess.py FOLDER KIND   KIND: a function of this file.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys

SIZE = 256 * 1024
SETTING = 'php_value a b\n'
TEXTS = {
    'newlines': '\n' * SIZE,
    'blanks': ' ' * SIZE,
    'blank lines': ' \t\n' * (SIZE // 3),
    'continued': '\\\n' * (SIZE // 2),
    'quotes': '"' * SIZE,
    'settings': SETTING * (SIZE // len(SETTING)),
    'nearly settings': 'php_admin_valu ' * (SIZE // 15),
    'sections': '<IfModule !none>\n' * (SIZE // 17),
    'sections in a section': '<IfModule !none>\n' * 5000 + SETTING + '</IfModule>\n' * 5000,
    'pattern': '<IfVersion ~ ^(([0-9.]+)+)+x>\n' * 100 + SETTING,
    'negated pattern': '<IfVersion !~ ^(([0-9.]+)+)+x>\n' * 100 + SETTING,
    'files pattern': '<FilesMatch ((a+)+)+$>\n' + SETTING + '</FilesMatch>\n',
    'bomb': 'Define a0 0123456789\n'
    + ''.join('Define a%d "%s"\n' % (n, '${a%d}' % (n - 1) * 10) for n in range(1, 10))
    + 'php_value ${a9} ${a9}\n',
    'macros': '<Macro m0>\nphp_value a b\n</Macro>\n'
    + ''.join('<Macro m%d>\n%s</Macro>\n' % (n, 'Use m%d\n' % (n - 1) * 10) for n in range(1, 10))
    + 'Use m9\n',
    'included': 'Include /dev/zero\nInclude /home/owner/www/.htaccess\n' + SETTING,
    'no text': ''.join(chr(number) for number in range(1, 128)) * 2000 + '\n' + SETTING,
}


def texts(folder):
    """Each text in a folder of its own."""
    for number, kind in enumerate(sorted(TEXTS)):
        write(make_folder(folder, number), TEXTS[kind])


def things(folder):
    """What is no file, or not one to read."""
    os.mkfifo(os.path.join(make_folder(folder, 0), '.htaccess'))
    os.mkdir(os.path.join(make_folder(folder, 1), '.htaccess'))
    os.symlink('/dev/zero', os.path.join(make_folder(folder, 2), '.htaccess'))
    os.symlink('/etc/root-secret', os.path.join(make_folder(folder, 3), '.htaccess'))
    huge, closed = make_folder(folder, 4), make_folder(folder, 5)
    for each in (huge, closed):
        write(each, SETTING)
    with open(os.path.join(huge, '.htaccess'), 'r+') as stream:
        stream.truncate(2**40)
    os.chmod(os.path.join(closed, '.htaccess'), 0)


def deep(folder, depth=1200):
    """Folders in one another, by names of one letter; deeper than a path may be long."""
    os.chdir(folder)
    for _number in range(depth):
        os.mkdir('d')
        os.chdir('d')
    write('.', SETTING)


def deeper(folder):
    """Make a path that is longer than a system call takes."""
    deep(folder, 3000)


def many(folder):
    """Make more folders than anybody may look into."""
    for number in range(12000):
        make_folder(folder, number)


def many_files(folder):
    """Make 300 folders with a setting each."""
    for number in range(300):
        write(make_folder(folder, number), SETTING)


def links(folder):
    """A chain of links to links, and folders that lead back up."""
    for number in range(1200):
        os.symlink('l%d' % (number + 1), os.path.join(folder, 'l%d' % number))
    os.mkdir(os.path.join(folder, 'l1200'))
    os.symlink('..', os.path.join(folder, 'l1200/up'))
    os.symlink('l0/.htaccess', os.path.join(folder, '.htaccess'))


def away(folder):
    """Links out of the site: to all of the host, to the kernel's files, to what only root reads."""
    targets = ('/', '/proc', '/proc/self/root', '/dev', '/sys', '/etc', '/root', '/home', '/run')
    for number, target in enumerate(targets):
        os.symlink(target, os.path.join(folder, 'away%d' % number))
    files = ('/etc/root-secret', '/dev/stdin', '/proc/kmsg', '/etc/shadow')
    for number, target in enumerate(files):
        os.symlink(target, os.path.join(make_folder(folder, number), '.htaccess'))


def wide_links(folder):
    """Make more links than anybody may look at, each through forty others."""
    for number in range(38):
        os.symlink('c%d' % (number + 1), os.path.join(folder, 'c%d' % number))
    os.mkdir(os.path.join(folder, 'c38'))
    for number in range(5000):
        os.symlink('c0', os.path.join(folder, 'w%d' % number))


def names(folder):
    """Make folders whose names are no words: line ends, escapes, bytes, options."""
    for name in (b'new\nline', b'esc\033[2J', b'not-utf8-\xff', b'long' * 60, b'-rf', b'%s%n'):
        path = os.path.join(folder.encode(), name)
        os.mkdir(path)
        with open(os.path.join(path, b'.htaccess'), 'w') as stream:
            stream.write(SETTING)


def make_folder(folder, number):
    """Make a folder of this number; return its path."""
    path = os.path.join(folder, 'd%d' % number)
    os.mkdir(path)
    return path


def write(folder, text):
    """Write the .htaccess of a folder."""
    with open(os.path.join(folder, '.htaccess'), 'w') as stream:
        stream.write(text)


if __name__ == '__main__':
    globals()[sys.argv[2]](sys.argv[1])
