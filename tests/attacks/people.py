"""Who attacks: a local user, the owner of a site, pages of that site, and a visitor."""

import http.client
import subprocess
import threading
import time

from target import TARGET, wait_until

# What a program that a page keeps has said.
SAID = '/home/owner/www/uploads/said'
TIMEOUT = 5


class Person:
    """Somebody with an account on the host, who is not root."""

    def __init__(self, host, name, home):
        self.host, self.name, self.home = host, name, home
        self._started = []

    def run(self, *argv, **options):
        """Run a command as this user; return what subprocess gives."""
        return self.host.run(*argv, user=self.name, **options)

    def sh(self, text, **options):
        """Run shell commands as this user, at home."""
        return self.run('bash', '-c', f'cd {self.home} && {text}', **options)

    def write(self, path, text, mode='644'):
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

    def start(self, program, *words):
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
        first = process.stdout.readline()
        if first.strip() != 'ready':
            raise RuntimeError(
                f'the program of {self.name} does not start: {first}{process.stdout.read(2000)}'
            )
        return process

    def stop(self):
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

    def __init__(self, owner, visitor):
        self.owner, self.visitor = owner, visitor
        self._held = []

    def cgi(self, program, name='attack.cgi'):
        """Put a CGI program in Python there, and ask for it; return what it prints."""
        head = 'import sys\nprint("Content-Type: text/plain\\n")\nsys.stdout.flush()\n'
        text = f'#!/usr/bin/env {self.owner.host.layout.python}\n{head}{program}'
        self.owner.write(f'www/{name}', text, '755')
        return self._ask(name)

    def _ask(self, name):
        status, text = self.visitor.get(f'/{name}', port=8080, timeout=20)
        if status != 200:
            raise RuntimeError(f'the page {name} does not run: {status} {text[-500:]}')
        return text

    def php(self, text, name='attack.php'):
        """Put a PHP page there, and ask for it; return what it prints."""
        self.owner.write(f'www/{name}', f'<?php\n{text}')
        return self._ask(name)

    def start(self, program, *words):
        """Start a program of on_host from a CGI page, and keep it: it is a descendant of httpd's.

        It has to print `ready` first.
        """
        words = ' '.join(
            f"'{word}'"
            for word in (self.owner.host.layout.python, '-u', f'{TARGET}/{program}', *words)
        )
        # httpd may keep back what a page prints, so it goes into a file. No program keeps that
        # one open: its folder would count as one that the server writes into.
        self.owner.write(
            'www/kept.cgi',
            f'#!/bin/sh\n{words} 2>&1 | while read line; do echo "$line" >>{SAID}; done\n',
            '755',
        )
        connection = http.client.HTTPConnection(self.owner.host.address, 8080, timeout=30)
        connection.request('GET', '/kept.cgi', headers={'Host': 'owner.test'})
        self._held.append(connection)
        if not wait_until(lambda: self._said().startswith('ready\n'), 20):
            raise RuntimeError(f'the program of the page does not start: {self._said()}')

    def _said(self):
        return self.owner.host.run('cat', SAID).stdout

    def stop(self):
        """Close the connections, so that httpd ends what runs for them; return what was said."""
        for connection in self._held:
            connection.close()
        words = self._said() if self._held else ''
        self._held.clear()
        return words


class Visitor:
    """Somebody who sends requests. Watches, too, whether he is served."""

    def __init__(self, host):
        self.host = host

    def get(self, path='/', port=80, name='owner.test', timeout=TIMEOUT):
        """Return (status, text) of a page; (0, what went wrong) where no whole answer comes."""
        try:
            connection = http.client.HTTPConnection(self.host.address, port, timeout=timeout)
            connection.putrequest('GET', path, skip_host=True)
            connection.putheader('Host', name)
            connection.putheader('Connection', 'close')
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read().decode('utf-8', 'replace')
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)


class Watch(threading.Thread):
    """Asks for the first page again and again, and notes for how long at most nobody was served."""

    def __init__(self, host):
        threading.Thread.__init__(self, daemon=True)
        self._visitor, self._end, self.longest, self.asked = (
            Visitor(host),
            threading.Event(),
            0.0,
            0,
        )

    def run(self):
        served = time.monotonic()
        while not self._end.is_set():
            status = self._visitor.get('/', name='localhost', timeout=2)[0]
            now, self.asked = time.monotonic(), self.asked + 1
            self.longest = max(self.longest, now - served)
            if status == 200:
                served = time.monotonic()
            self._end.wait(0.05)

    def stop(self):
        """End it; return the longest time in seconds for which no page came."""
        self._end.set()
        self.join()
        return self.longest
