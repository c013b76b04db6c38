"""What visitors do with their connections: a switch is bounded, and others are served."""

import contextlib
import socket
import threading
import time

import pytest
from scene import EVERYWHERE, on

# A server of these hosts has 150 workers at least.
SLOW = 60
FLOOD_KEPT, FLOOD_PAUSE = 600, 0.002
# Most of it is for connections that wait, of which there are more all the time.
SECONDS = 100


@contextlib.contextmanager
def slow_clients(scene):
    """Have clients that have begun a request, and never go on."""
    clients = [
        socket.create_connection((scene.host.address, 80), timeout=5) for _each in range(SLOW)
    ]
    for client in clients:
        client.send(b'GET / HTTP/1.1\r\nHost: slow\r\nX-Never-Ends: ')
    try:
        yield
    finally:
        for client in clients:
            client.close()


@contextlib.contextmanager
def flood(scene):
    """Have connections made all the time that say nothing, and some hundreds of them kept."""
    end, kept = threading.Event(), []

    def connect():
        while not end.is_set():
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex((scene.host.address, 80))
            kept.append(client)
            if len(kept) > FLOOD_KEPT:
                kept.pop(0).close()
            time.sleep(FLOOD_PAUSE)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        for client in kept:
            client.close()


@EVERYWHERE
def test_slow_clients_do_not_hold_the_drain(scene):
    with slow_clients(scene):
        scene.demand_switched(soak=1)


@pytest.mark.long
@on('el9', 'debian12', 'suse')
def test_slow_clients_do_not_hold_an_overlap(scene):
    with slow_clients(scene):
        scene.demand_switched(soak=1, strategy='overlap')


@pytest.mark.long
@EVERYWHERE
def test_flood_of_connections_in_the_gap(scene):
    with flood(scene):
        scene.demand_switched(soak=1, seconds=SECONDS)


@pytest.mark.long
@pytest.mark.parametrize('strategy', ['hold', 'overlap'])
@on('debian12')
def test_flood_of_connections_that_wait(scene, strategy):
    # The flood has all workers of the old server.
    scene.longest_gap = 20
    with flood(scene):
        scene.demand_switched(soak=1, strategy=strategy, seconds=SECONDS)
