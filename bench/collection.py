"""The collection community.general, for the contestant that is its module: taken out of a Python
package, which has every collection in it.
"""

import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

from bench.host import BIN, ROOT

FOLDER = ROOT / '.cache/bench-collections'
INSIDE = 'ansible_collections/community/general/'
REQUIREMENTS = ROOT / 'requirements/bench.txt'
SECONDS = 300


def install() -> dict[str, str]:
    """Return the environment in which Ansible finds the collection, or raise OSError where it
    is not available.
    """
    mark = FOLDER / INSIDE / 'MANIFEST.json'
    if not mark.exists():
        with tempfile.TemporaryDirectory() as folder:
            _extract(_download(folder))
    if not mark.exists():
        raise OSError(f'{REQUIREMENTS.name} has no {INSIDE}')
    return dict(os.environ, ANSIBLE_COLLECTIONS_PATH=f'{FOLDER}:{ROOT / "collections"}')


def _download(folder: str) -> Path:
    argv = [
        str(BIN / 'python'),
        '-m',
        'pip',
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary',
        ':all:',
        '--dest',
        folder,
        '--requirement',
        str(REQUIREMENTS),
    ]
    try:
        done = subprocess.run(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(f'no download within {SECONDS} s') from error
    found = list(Path(folder).glob('*.whl'))
    if done.returncode or not found:
        raise OSError(f'pip download: exit code {done.returncode}: {done.stdout[-300:].strip()}')
    return found[0]


def _extract(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(FOLDER, [name for name in archive.namelist() if name.startswith(INSIDE)])
