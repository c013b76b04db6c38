# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A real bash as the judge of what a file sets.

Only for texts that set and test variables, and do nothing else.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import os
import subprocess

UNSET = u'(unset)'
# The shell never came back from reading the file, or the file is no proper shell.
LEFT = u'(left)'
# Each text in a subshell of its own, without any program to run, and with its noise thrown away.
_SCRIPT = u"""
for number in $NUMBERS; do
    "$BASH" -n "./$1.text" </dev/null >/dev/null 2>&1 && (
        unset NUMBERS number PATH %(name)s
        . "./$1.text"
        printf %%s "${%(name)s-(unset)}" >"$1.value"
    ) </dev/null >/dev/null 2>&1
    shift
done
"""
BASH = next(
    (
        path
        for path in ('/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash')
        if os.access(path, os.X_OK)
    ),
    None,
)


def values_in_bash(folder, texts, name=u'HTTPD'):
    """Return what each text sets the variable to: its value, UNSET or LEFT."""
    numbers = [u'%d' % number for number in range(len(texts))]
    for number, text in zip(numbers, texts):
        with io.open(os.path.join(folder, number + u'.text'), 'wb') as stream:
            stream.write(text.encode('latin-1'))
        if os.path.exists(os.path.join(folder, number + u'.value')):
            os.unlink(os.path.join(folder, number + u'.value'))
    script = u'ulimit -t 5; set -- $NUMBERS\n' + _SCRIPT % {'name': name}
    subprocess.call(
        [BASH, '--norc', '-c', script],
        cwd=folder,
        env={'NUMBERS': ' '.join(str(number) for number in numbers), 'LC_ALL': 'C'},
    )
    return [_value(os.path.join(folder, number + u'.value')) for number in numbers]


def _value(path):
    if not os.path.exists(path):
        return LEFT
    with io.open(path, 'rb') as stream:
        return stream.read().decode('latin-1')
