# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Show the table of an audit or a switch, and write its report on the controller."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Sequence

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.webops.apache.plugins.plugin_utils import tables
from ansible_collections.webops.apache.plugins.plugin_utils.report import (
    files,
    hosts,
    page,
    sheets,
)

TITLES = {'audit': 'Audit of the MPM', 'switch': 'Switch of the MPM'}
LINES = {'audit': tables.audit_lines, 'switch': tables.summary_lines}
READERS = {'audit': hosts.audited, 'switch': hosts.switched}
OPTIONS = {
    'of': {'type': 'str', 'required': True, 'choices': sorted(TITLES)},
    'hosts': {'type': 'list', 'elements': 'str', 'required': True},
    'paths': {'type': 'raw', 'default': []},
    'only_check': {'type': 'bool', 'default': False},
}
# Callbacks whose output is JSON and nothing else.
_JSON = ('json', 'jsonl')


class ActionModule(ActionBase):
    """Asks no host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the lines of the table and the files that were written."""
        super().run(tmp, task_vars)
        checked = ArgumentSpecValidator(OPTIONS).validate(self._task.args)
        if checked.error_messages:
            return {'failed': True, 'msg': '; '.join(checked.error_messages)}
        args = checked.validated_parameters
        try:
            paths = files.read_paths(args['paths'])
        except files.BadPath as e:
            return {'failed': True, 'msg': '%s' % e}
        if args['only_check']:
            return {'changed': False, 'lines': [], 'files': []}
        hostvars = (task_vars or {})['hostvars']
        lines = LINES[args['of']](hostvars, args['hosts'])
        _show(TITLES[args['of']], lines)
        failure = _write(paths, args['of'], args['hosts'], hostvars)
        # Hosts said some of it: never a template.
        result = {'changed': False, 'lines': wrap_var(lines), 'files': paths}
        return dict(result, failed=True, msg=failure) if failure else result


def _show(title: str, lines: Sequence[str]) -> None:
    """Print the lines as they are: the default callback would show them as JSON.

    It prints the name of a task with its first result, so that this comes before the name.
    """
    callback = constants.config.get_config_value('DEFAULT_STDOUT_CALLBACK')
    if callback.rsplit('.', 1)[-1] in _JSON:
        return
    for line in ['', title, '', *lines]:
        Display().display(line)


def _write(paths: Sequence[str], of: str, names: Sequence[str], hostvars: Any) -> str:
    """Write the report to each path; return why that failed, else an empty text."""
    if not paths:
        return ''
    reports = hosts.in_order([READERS[of](name, hostvars[name]) for name in names])
    made = datetime.now().astimezone().strftime('%Y-%m-%d %H:%M %z')
    title = TITLES[of]
    renderers: dict[str, Callable[[], str]] = {
        'html': lambda: page.render_page(title, made, reports),
        'json': lambda: sheets.render_json(title, made, reports),
        'csv': lambda: sheets.render_csv(reports),
    }
    for path in paths:
        try:
            files.write_file(path, renderers[path.rsplit('.', 1)[-1]]())
        except OSError as e:
            return 'The report %s could not be written: %s.' % (path, e.strerror)
    return ''
