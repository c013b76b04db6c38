# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Remember what the last committed switch replaced, so that it can be taken back weeks later, as long as nobody edited it since."""
import os

from . import files, staging, state_folder
from .._errors import StepError

NAME = 'last.json'
KEPT_RESULTS = 20


def remember(folder, header, metas):
    """Keep the old contents of the files in `metas` ({number: how it was staged}) as root's own, and forget those of the switch before."""
    kept = []
    for number in sorted(metas):
        meta = metas[number]
        content = files.take_snapshot(meta['old']).content if meta['old'] else b''
        name = 'last-%d' % number
        state_folder.write_private(os.path.join(folder, name), content)
        kept.append({'path': meta['path'], 'before': meta['before'], 'after': meta['after'], 'content': name})
    state_folder.write_json(os.path.join(folder, NAME), {'from': header['from'], 'to': header['to'], 'files': kept})


def recall(folder):
    """Give {from, to, files: {path: text before}} of the last committed switch.

    Raises StepError where there is none, or where a file is not as the switch left it: both fingerprints are named.
    """
    last = state_folder.read_json(os.path.join(folder, NAME)) if os.path.isdir(folder) else None
    if not last or not last['files']:
        raise StepError('There is no switch on this host that could be rolled back.')
    edited = [(item, staging.fingerprint(item['path'])) for item in last['files']]
    edited = ['%s has fingerprint %s and was left with %s' % (item['path'], (now or 'none')[:12], item['after'][:12])
              for item, now in edited if now != item['after']]
    if edited:
        raise StepError('Not rolled back, since somebody edited it after the switch from %s to %s: %s. Nothing was changed.' % (
            last['from'], last['to'], '; '.join(edited)), rule='edited_since')
    contents = dict((item['path'], state_folder.read_private(os.path.join(folder, item['content']))) for item in last['files'])
    if any(contents[item['path']] is None or files.digest(contents[item['path']]) != (item['before'] or files.digest(b''))
           for item in last['files']):
        raise StepError('What was there before the last switch is not kept any more in %s.' % folder)
    return dict(last, files=dict((path, content.decode('latin-1')) for path, content in contents.items()))


def prune_results(folder):
    """Keep the newest results only."""
    names = [os.path.join(folder, name) for name in os.listdir(folder) if name.startswith('result-')]
    for path in sorted(names, key=os.path.getmtime)[:-KEPT_RESULTS]:
        os.unlink(path)
