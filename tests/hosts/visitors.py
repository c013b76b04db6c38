"""Who asks a test host for pages: one visitor, and one who watches whether he is served."""

import http.client
import threading
import time

from target import Target

TIMEOUT = 5


class Visitor:
    """Somebody who sends requests. Watches, too, whether he is served."""

    def __init__(self, host: Target) -> None:
        self.host = host

    def get(
        self, path: str = '/', port: int = 80, name: str = 'owner.test', timeout: float = TIMEOUT
    ) -> tuple[int, str]:
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
    """Asks for the first page again and again, and notes for how long at most nobody was served.

    asked: how many requests were tried; served: how many of them were answered; cut: how many were
    taken and then not answered.
    """

    def __init__(self, host: Target) -> None:
        threading.Thread.__init__(self, daemon=True)
        self._visitor, self._end = Visitor(host), threading.Event()
        self.longest, self.asked, self.served, self.cut = 0.0, 0, 0, 0

    def run(self) -> None:
        """Ask until it is told to stop."""
        served = time.monotonic()
        while not self._end.is_set():
            status, said = self._visitor.get('/', name='localhost', timeout=2)
            now, self.asked = time.monotonic(), self.asked + 1
            self.longest = max(self.longest, now - served)
            if status == 200:
                served, self.served = time.monotonic(), self.served + 1
            elif not status and ('reset' in said or 'closed' in said):
                self.cut += 1
            self._end.wait(0.05)

    def stop(self) -> float:
        """End it; return the longest time in seconds for which no page came."""
        self._end.set()
        self.join()
        return self.longest
