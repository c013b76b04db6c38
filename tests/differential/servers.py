"""Containers with a real httpd that read many trees at a time, and this collection beside them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from trees import MODULES, PLACE, Tree

ROOT = Path(__file__).resolve().parents[2]
TARGET = '/opt/differential'
# Our programs there.
INSIDE = ('inside.py', 'start_numbers.py')
PACKAGES = (
    'ansible_collections',
    'ansible_collections/webops',
    'ansible_collections/webops/apache',
    'ansible_collections/webops/apache/plugins',
)


class Server:
    """One container; as a context, it is gone afterwards."""

    def __init__(self, image: str, python: str, programs: Sequence[str]) -> None:
        self.image, self.python, self.programs = image, python, programs
        self.container = f'webops-differential-{image}-{os.getpid()}'

    def __enter__(self) -> Server:
        docker(
            'run',
            '--rm',
            '--detach',
            '--network',
            'none',
            '--name',
            self.container,
            '--add-host',
            f'{self.container}:127.0.0.1',
            '--hostname',
            self.container,
            '--entrypoint',
            'sleep',
            f'webops-apache/{self.image}',
            '21600',
        )
        self.put(_code())
        return self

    def __exit__(self, *_error: object) -> None:
        docker('rm', '--force', self.container)

    def put(self, archive: bytes) -> None:
        """Unpack a tar archive in the root of the container."""
        docker(
            'exec', '-i', self.container, 'tar', '-C', '/', '-x', '--no-same-owner', data=archive
        )

    def take_macro(self) -> bool:
        """Load mod_macro of the Debian image, where this one has none: it is of the same httpd.

        Tell whether it is there.
        """
        if 'mod_macro.so' not in self.modules() and has_image('debian12'):
            module = docker(
                'run',
                '--rm',
                '--network',
                'none',
                '--entrypoint',
                'cat',
                'webops-apache/debian12',
                '/usr/lib/apache2/modules/mod_macro.so',
            )
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode='w') as archive:
                _add(archive, f'{MODULES}/mod_macro.so', module)
            self.put(buffer.getvalue())
        return 'mod_macro.so' in self.modules()

    def take_php_from(self, other: Server) -> None:
        """Load the PHP of another image, where this one has none: the same httpd was built for
        both.
        """
        for name in ('libphp5.so', 'libphp5-zts.so'):
            archive = docker(
                'exec', other.container, 'tar', '-C', '/', '-c', f'{MODULES[1:]}/{name}'
            )
            self.put(archive)

    def modules(self) -> set[str]:
        """Return the file names of the server's modules."""
        return set(docker('exec', self.container, 'ls', MODULES).decode().split())

    def ask(self, program: str, jobs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the answers of a program of ours there, one for each job or more."""
        out = docker(
            'exec',
            '-i',
            '-e',
            f'PYTHONPATH={TARGET}',
            self.container,
            self.python,
            '-B',
            f'{TARGET}/{program}',
            data=''.join(json.dumps(job) + '\n' for job in jobs).encode(),
        )
        return [json.loads(line) for line in out.splitlines()]

    def read(self, trees: Sequence[Tree]) -> list[dict[str, Any]]:
        """Return the answers for these trees, one for each program."""
        self.put(_packed(trees))
        jobs = [
            {
                'root': f'{PLACE}/{tree.name}',
                'options': tree.options,
                'environment': tree.environment,
                'programs': self.programs,
            }
            for tree in trees
        ]
        answers = self.ask('inside.py', jobs)
        docker('exec', self.container, 'rm', '-rf', PLACE)
        return answers


def docker(*argv: str, data: bytes | None = None) -> bytes:
    """Run docker with `data` as its input; return its output."""
    done = subprocess.run(
        ['docker', *argv],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise SystemExit(f'docker {" ".join(argv)}: {done.stderr.decode(errors="replace")[-2000:]}')
    return done.stdout


def has_image(image: str) -> bool:
    """Return whether this machine has an image of the project."""
    return (
        subprocess.run(
            ['docker', 'image', 'inspect', f'webops-apache/{image}'],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
    )


def _code() -> bytes:
    """The target code of the collection with the package files that Python 2 needs, and the
    program that runs there.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w') as archive:
        for package in PACKAGES + (PACKAGES[-1] + '/module_utils',):
            _add(archive, f'{TARGET}/{package}/__init__.py', b'')
        for path in sorted((ROOT / 'plugins/module_utils').rglob('*.py')):
            _add(
                archive,
                f'{TARGET}/{PACKAGES[-1]}/{path.relative_to(ROOT / "plugins")}',
                path.read_bytes(),
            )
        for program in INSIDE:
            _add(archive, f'{TARGET}/{program}', (Path(__file__).parent / program).read_bytes())
    return buffer.getvalue()


def _packed(trees: Sequence[Tree]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w') as archive:
        for tree in trees:
            base = f'{PLACE}/{tree.name}'
            for folder in tree.folders:
                _add(archive, f'{base}/{folder}', kind=tarfile.DIRTYPE)
            for path, text in tree.files.items():
                _add(archive, f'{base}/{path}', text.encode('latin-1'))
            for path, target in tree.links.items():
                _add(archive, f'{base}/{path}', kind=tarfile.SYMTYPE, target=target)
    return buffer.getvalue()


def _add(
    archive: tarfile.TarFile,
    path: str,
    data: bytes = b'',
    kind: bytes = tarfile.REGTYPE,
    target: str = '',
) -> None:
    info = tarfile.TarInfo(path.lstrip('/'))
    info.size, info.type, info.linkname, info.mode = (
        len(data),
        kind,
        target,
        0o755 if kind == tarfile.DIRTYPE else 0o644,
    )
    archive.addfile(info, io.BytesIO(data))
