"""Who attacks: a local user, the owner of a site, pages of that site, and a visitor."""

from __future__ import annotations

import http.client
import subprocess
from typing import Any

from target import TARGET, Target, wait_until
from visitors import Visitor

# What a program that a page keeps has said.
SAID = '/home/owner/www/uploads/said'


class Person:
    """Somebody with an account on the host, who is not root."""

    def __init__(self, host: Target, name: str, home: str) -> None:
        self.host, self.name, self.home = host, name, home
        self._started: list[subprocess.Popen[str]] = []

    def run(self, *argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as this user; return what subprocess gives."""
        return self.host.run(*argv, user=self.name, **options)

    def sh(self, text: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run shell commands as this user, at home."""
        return self.run('bash', '-c', f'cd {self.home} && {text}', **options)

    def write(self, path: str, text: str, mode: str = '644') -> None:
        """Write a file of his, below his home."""
        self.run(
            'bash',
            '-c',
            f'cat >"$1" && chmod {mode} "$1"',
            'write',
            f'{self.home}/{path}',
            given=text,
            check=True,
        )

    def start(self, program: str, *words: object) -> subprocess.Popen[str]:
        """Start a Python program in the background: a name in on_host, or its text.

        It has to print `ready` first.
        """
        argv = [f'{TARGET}/{program}'] if program.endswith('.py') else ['-c', program]
        argv = [self.host.layout.python, '-u', *argv, *map(str, words)]
        process = subprocess.Popen(
            ['docker', 'exec', '-u', self.name, '-w', self.home, self.host.container, *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors='replace',
        )
        self._started.append(process)
        assert process.stdout is not None
        first = process.stdout.readline()
        if first.strip() != 'ready':
            raise RuntimeError(
                f'the program of {self.name} does not start: {first}{process.stdout.read(2000)}'
            )
        return process

    def stop(self) -> str:
        """End all that this user runs; return what his programs printed after `ready`."""
        if self._started:
            self.host.run(
                'bash',
                '-c',
                'for i in 1 2 3 4 5; do pkill -KILL -u "$1" || break; done',
                'stop',
                self.name,
            )
        words = [process.communicate(timeout=20)[0] for process in self._started]
        self._started.clear()
        return ''.join(words)


class Page:
    """What runs as the web server's user, because somebody asked for a page of the owner's site."""

    def __init__(self, owner: Person, visitor: Visitor) -> None:
        self.owner, self.visitor = owner, visitor
        self._held: list[http.client.HTTPConnection] = []

    def cgi(self, program: str, name: str = 'attack.cgi') -> str:
        """Put a CGI program in Python there, and ask for it; return what it prints."""
        head = 'import sys\nprint("Content-Type: text/plain\\n")\nsys.stdout.flush()\n'
        text = f'#!/usr/bin/env {self.owner.host.layout.python}\n{head}{program}'
        self.owner.write(f'www/{name}', text, '755')
        return self._ask(name)

    def _ask(self, name: str) -> str:
        status, text = self.visitor.get(f'/{name}', port=8080, timeout=20)
        if status != 200:
            raise RuntimeError(f'the page {name} does not run: {status} {text[-500:]}')
        return text

    def php(self, text: str, name: str = 'attack.php') -> str:
        """Put a PHP page there, and ask for it; return what it prints."""
        self.owner.write(f'www/{name}', f'<?php\n{text}')
        return self._ask(name)

    def start(self, program: str, *words: object) -> None:
        """Start a program of on_host from a CGI page, and keep it: it is a descendant of httpd's.

        It has to print `ready` first.
        """
        command = ' '.join(
            f"'{word}'"
            for word in (self.owner.host.layout.python, '-u', f'{TARGET}/{program}', *words)
        )
        # httpd may keep back what a page prints, so it goes into a file. No program keeps that
        # one open: its folder would count as one that the server writes into.
        self.owner.write(
            'www/kept.cgi',
            f'#!/bin/sh\n{command} 2>&1 | while read line; do echo "$line" >>{SAID}; done\n',
            '755',
        )
        connection = http.client.HTTPConnection(self.owner.host.address, 8080, timeout=30)
        connection.request('GET', '/kept.cgi', headers={'Host': 'owner.test'})
        self._held.append(connection)
        if not wait_until(lambda: self._said().startswith('ready\n'), 60):
            raise RuntimeError(f'the program of the page does not start: {self._said()}')

    def _said(self) -> str:
        return self.owner.host.run('cat', SAID).stdout

    def stop(self) -> str:
        """Close the connections, so that httpd ends what runs for them; return what was said."""
        for connection in self._held:
            connection.close()
        words = self._said() if self._held else ''
        self._held.clear()
        return words
