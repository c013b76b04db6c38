"""The container engine: its commands, and a network with IPv6 for the hosts of a run."""

from __future__ import annotations

import json
import secrets
import subprocess
from typing import Any

LABEL = 'webops.apache.run'
# Of a subnet that another network has by chance, the engine says so.
TRIES = 3


class Error(Exception):
    """What is asked for cannot be done; the argument says why, in words."""


def docker(*args: str) -> str:
    """Return what the docker command printed; raise Error with its own words."""
    argv = ('docker',) + args
    try:
        done = subprocess.run(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=120,
        )
    except FileNotFoundError:
        raise Error('there is no docker command; tests/hosts/engine installs it')
    except subprocess.TimeoutExpired:
        raise Error('`%s` did not end within 120 s' % ' '.join(argv))
    if done.returncode != 0:
        raise Error('`%s` failed: %s' % (' '.join(argv), done.stderr.strip()))
    return done.stdout.strip()


def find_networks(run: str | None = None) -> list[str]:
    """Return the ids of the networks that were made for a run, or for all runs."""
    return docker(
        'network',
        'ls',
        '--quiet',
        '--filter',
        'label=' + (LABEL if run is None else '%s=%s' % (LABEL, run)),
    ).split()


def make_network(run: str) -> tuple[str | None, str | None]:
    """Return (the id of the run's network with IPv6, made if there is none, or None; why there
    is none).

    Each run has its own, so that none takes away another's.
    """
    found = find_networks(run)
    if found:
        return found[0], None
    name = 'webops-' + run
    if name in docker('network', 'ls', '--format', '{{.Name}}').split():
        return None, 'there is a network %s that is not of this run' % name
    for _try in range(TRIES):
        try:
            return docker(
                'network',
                'create',
                '--label',
                '%s=%s' % (LABEL, run),
                '--ipv6',
                '--subnet',
                random_subnet(),
                name,
            ), None
        except Error as error:
            problem = str(error)
            if 'overlap' not in problem:
                break
    return None, problem


def random_subnet() -> str:
    """Return a /64 that is local to this site (RFC 4193): 40 bits by chance, so that no two runs
    get the same.
    """
    number = 'fd' + secrets.token_hex(5)
    return '%s:%s:%s::/64' % (number[:4], number[4:8], number[8:])


def remove_networks(run: str | None = None) -> None:
    """Remove the networks of a run, or of all runs."""
    for each in find_networks(run):
        docker('network', 'rm', each)


def addresses(inspected: dict[str, Any]) -> tuple[str, str]:
    """Return (IPv4, IPv6 or '') of a container, as `docker inspect` describes it: it is in one
    network.
    """
    network = next(iter(inspected['NetworkSettings']['Networks'].values()))
    return network['IPAddress'], network['GlobalIPv6Address']


def inspect(*ids: str) -> list[dict[str, Any]]:
    """Return what the engine knows of containers."""
    return json.loads(docker('inspect', *ids)) if ids else []
