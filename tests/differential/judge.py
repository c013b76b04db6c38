"""Compare what httpd says of a tree with what this collection says."""

import re
from typing import Any

# The classes of refusal that this collection claims to foresee: how many MPMs there are, and a PHP
# that a threaded one does not take.
MPMS_WRONG = re.compile(r'AH00534: .*(No MPM loaded|More than one MPM loaded)')
PHP_WRONG = re.compile(r'PHP Module is not compiled to be threadsafe')
# httpd had stopped reading, so that the rest of its answer is missing.
STOPPED = re.compile(r'^\S+: (?:Syntax error on line \d+ of .*?: )+(.*)', re.DOTALL)
SAME, DIFFERENT, LEFT_OUT = 'same', 'different', 'not compared'


def judge(theirs: dict[str, Any], ours: dict[str, Any]) -> tuple[str, str | None, list[str]]:
    """Return (SAME, DIFFERENT or LEFT_OUT, kind of the refusal or None, [difference])."""
    refused = theirs['refused'] or ''
    stopped = STOPPED.search(refused)
    kind = _kind(stopped.group(1) if stopped else refused) if refused else None
    if 'error' in ours:
        return (LEFT_OUT if stopped else DIFFERENT), kind, ['ours gives up: ' + ours['error']]
    if refused and ours['beyond']:
        return LEFT_OUT, ours['beyond'][0], []
    modules = (
        theirs['modules'][:-1]
        if "Can't locate API module structure" in refused
        else theirs['modules']
    )
    wrong = _lists('modules', modules, ours['modules'], stopped) + _lists(
        'files', theirs['files'], ours['files'], stopped
    )
    if stopped:
        return (DIFFERENT if wrong else LEFT_OUT), kind, wrong
    wrong += _foreseen(theirs, ours, refused)
    return (DIFFERENT if wrong else SAME), kind, wrong


def _lists(
    name: str, theirs: list[Any], ours: list[Any], stopped: re.Match[str] | None
) -> list[str]:
    """Differences of two lists; where httpd stopped, ours may go on behind its."""
    same = ours[: len(theirs)] == theirs if stopped else ours == theirs
    at = next(
        (number for number, pair in enumerate(zip(theirs, ours)) if pair[0] != pair[1]),
        min(len(theirs), len(ours)),
    )
    return (
        []
        if same
        else [
            f'{name}: httpd has {theirs[at : at + 2]} as number {at + 1}, ours {ours[at : at + 2]}'
        ]
    )


def _foreseen(theirs: dict[str, Any], ours: dict[str, Any], refused: str) -> list[str]:
    wrong = []
    alone = len(ours['mpms']) == 1
    if bool(MPMS_WRONG.search(refused)) is alone:
        wrong.append(f'MPMs: httpd says {refused.strip()[:200]!r}, ours has {ours["mpms"]}')
    if theirs['mpms'] and theirs['mpms'] != ours['mpms']:
        wrong.append(f'MPM: httpd has {theirs["mpms"]}, ours {ours["mpms"]}')
    if [module[:2] for module in ours['php']] != [
        module for module in theirs['modules'] if module[0].startswith('php')
    ]:
        wrong.append(f'PHP: ours has {ours["php"]}')
    nts = (
        alone and ours['mpms'] != ['prefork'] and any(module[2] == 'nts' for module in ours['php'])
    )
    if nts is not bool(PHP_WRONG.search(refused)):
        wrong.append(
            f'PHP that is not thread-safe: ours has {ours["mpms"]} with {ours["php"]}, httpd says '
            f'{refused.strip()[:200]!r}'
        )
    return wrong


def _kind(text: str) -> str:
    """A refusal without what is particular to one tree."""
    text = re.sub(
        r'^\[.*?\] |^\S*httpd\S*: |AH00526: Syntax error on line \d+ of .*?:\s*',
        '',
        text.strip(),
        flags=re.DOTALL,
    )
    line = text.strip().split('\n')[0]
    line = re.sub(r"\[[^]]*\] |(/\S+/)+\S*|'[^']*'|`[^']*'|\S+\.(so|conf)\b", '*', line)
    return re.sub(r'\d+', 'N', line)[:110]
