"""The main job, seen: five real servers go from prefork to worker and back; two of them refuse,
and say why.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = 'demo'
HOSTS = {
    'web1': 'el6',
    'web2': 'el6',
    'web3': 'el6',
    'shop-with-plesk': 'el6-plesk',
    'legacy-without-zts': 'el6-nozts',
}
SWITCH = [name for name, image in HOSTS.items() if image == 'el6']
FILES = '/etc/sysconfig/httpd /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/php.conf'
PLAYBOOK = ROOT / '.venv/core-2.16/bin/ansible-playbook'
FOLDER = ROOT / '.cache/hosts' / RUN
REPORTS = ROOT / '.cache/reports'


def say(text: str) -> None:
    """Print a headline."""
    print(f'\n\033[1m=== {text}\033[0m' if sys.stdout.isatty() else f'\n=== {text}', flush=True)


def play(playbook: str, *words: str) -> tuple[int, str]:
    """Run a playbook of the checkout, showing it; return its exit code and what it printed."""
    argv = [str(PLAYBOOK), '-i', str(FOLDER / 'inventory.yml'), playbook, *words]
    print(
        '$ ansible-playbook -i .cache/hosts/demo/inventory.yml ' + ' '.join([playbook, *words]),
        flush=True,
    )
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            print('  ' + line.rstrip(), flush=True)
    return process.returncode, ''.join(lines)


def addresses() -> dict[str, str]:
    """Return {host: IP address} from the inventory that the hosts script wrote."""
    text = (FOLDER / 'inventory.yml').read_text()
    return dict(re.findall(r'^    (\S+):\n      ansible_host: (\S+)', text, re.MULTILINE))


def php_of(address: str) -> str:
    """What the server says of its PHP: 'zts=0' or 'zts=1', or why it says nothing."""
    try:
        with urllib.request.urlopen(f'http://{address}/sapi.php', timeout=10) as answer:
            found = re.search(r'zts=[01]', answer.read().decode())
            return found.group(0) if found else 'no PHP'
    except (OSError, urllib.error.URLError) as error:
        return str(error)


def fingerprint(name: str) -> str:
    """A fingerprint of the host's configuration files."""
    content = subprocess.run(
        ['docker', 'exec', f'webops-{RUN}-{name}', 'sh', '-c', f'cat {FILES}'],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    return hashlib.sha256(content).hexdigest()


def switch_under_load(
    mpm: str, urls: Mapping[str, str], report: Path
) -> tuple[int, str, dict[str, dict[str, int]]]:
    """Switch all hosts while visitors come, and write the report; return the exit code, the output
    and {host: {kind of answer: count}}.
    """
    out = FOLDER / 'load.json'
    with subprocess.Popen(
        [
            str(ROOT / 'tests/hosts/load'),
            '--rate',
            '10',
            '--seconds',
            '300',
            '--out',
            str(out),
            *urls.values(),
        ]
    ) as load:
        time.sleep(1)
        code, text = play('switch-mpm.yml', '-e', f'mpm={mpm}', '-e', f'mpm_report={report}')
        load.terminate()
    counts = json.loads(out.read_text())
    return code, text, {name: counts[url] for name, url in urls.items()}


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of texts, the first of which is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(
            '  '
            + '  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def visitors(counts: Mapping[str, int]) -> str:
    """Return how many requests ended how, as text."""
    return ', '.join(f'{number} {kind}' for kind, number in sorted(counts.items()))


def tell(hosts: Mapping[str, str]) -> dict[str, str]:
    """Return {name: what PHP says of itself}."""
    return {name: php_of(address) for name, address in hosts.items()}


def start_hosts() -> None:
    """Start the hosts anew, with a folder for the reports."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    hosts = ROOT / 'tests/hosts/hosts'
    subprocess.run([hosts, 'down', RUN], check=True, stdout=subprocess.DEVNULL)
    images = [f'{name}={image}' for name, image in HOSTS.items()]
    subprocess.run([hosts, 'up', RUN, *images], check=True)


def php_is_as_promised(
    start: Mapping[str, str], there: Mapping[str, str], back: Mapping[str, str]
) -> bool:
    """Return whether PHP was thread-safe under worker alone, on the hosts that may switch."""
    return all(
        start[name] == back[name] == 'zts=0'
        and there[name] == ('zts=1' if name in SWITCH else 'zts=0')
        for name in start
    )


def list_reports() -> bool:
    """Print where the reports are; return whether all are there."""
    paths = [REPORTS / f'{name}.html' for name in ('audit', 'switch', 'back')]
    print('\nReports for a browser:')
    for path in paths:
        print(f'  {path}')
    return all(path.is_file() for path in paths)


def main() -> int:
    """Run the demo; return 0 if everything went as promised."""
    os.environ.update(
        ANSIBLE_CONFIG=str(ROOT / 'ansible.cfg'), ANSIBLE_HOME=str(ROOT / '.cache/ansible')
    )
    say('Hosts: three stock ones, one with Plesk, one without the thread-safe PHP')
    start_hosts()
    hosts = addresses()
    urls = {name: f'http://{address}/sapi.php' for name, address in hosts.items()}
    start, files = tell(hosts), {name: fingerprint(name) for name in hosts}
    say('Audit: which MPM runs, and what stands against another')
    audited, _text = play('audit-mpm.yml')
    say('Switch all to worker, in waves, while visitors come')
    code_there, _text, load_there = switch_under_load('worker', urls, REPORTS / 'switch.html')
    there = tell(hosts)
    say('The same again: nothing changes')
    _code, again = play('switch-mpm.yml', '-e', 'mpm=worker', '--limit', ','.join(SWITCH))
    say('Audit')
    play('audit-mpm.yml', '-e', f'mpm_report={REPORTS}/audit.html')
    say('Back to prefork, while visitors come')
    code_back, _text, load_back = switch_under_load('prefork', urls, REPORTS / 'back.html')
    back, same = tell(hosts), {name: fingerprint(name) == files[name] for name in hosts}

    say('What was seen (zts=1: PHP is thread-safe, as worker needs it; zts=0: it is not)')
    head = ('HOST', 'START', 'WORKER', 'VISITORS MEANWHILE', 'BACK', 'VISITORS MEANWHILE')
    rows = [
        (name, start[name], there[name], visitors(load_there[name]), back[name])
        + (visitors(load_back[name]), 'yes' if same[name] else 'NO')
        for name in hosts
    ]
    print_table([head + ('FILES AS AT START',), *rows])
    expected = (audited, code_there, code_back) == (0, 2, 0) and 'changed=1' not in again
    expected = expected and all(same.values()) and php_is_as_promised(start, there, back)
    expected = list_reports() and expected
    print(
        '\nAll as promised. The hosts stay for you to look at (docker ps); make clean removes them.'
        if expected
        else '\nNOT as promised: see the table.'
    )
    return 0 if expected else 1


if __name__ == '__main__':
    sys.exit(main())
