"""Cut one HTTP/1.1 answer off a stream of bytes, and tell whether all of it came."""

import re

HEADERS_END = b'\r\n\r\n'
MAX_HEADERS = 65536
STATUS = re.compile(rb'HTTP/1\.[01] (\d{3})')
LENGTH = re.compile(rb'\r\ncontent-length: *(\d+) *\r\n', re.I)
CHUNKED = re.compile(rb'\r\ntransfer-encoding: *chunked *\r\n', re.I)
CLOSE = re.compile(rb'\r\nconnection: *close *\r\n', re.I)


class NoAnswer(Exception):
    """What came is not HTTP."""


class Answer:
    """The answer to one GET or POST.

    `complete` as soon as its last byte was fed; `status` as soon as the headers were.
    """

    def __init__(self) -> None:
        self.status: int | None = None
        self.complete = self.begun = False
        self.closes = False  # the server said that it will close the connection
        self._buffer, self._chunked = b'', False
        # Bytes of the body that are not there yet; None where nobody said how many there are.
        self._left: int | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises NoAnswer."""
        self.begun = self.begun or bool(data)
        self._buffer += data
        if self.status is None and not self._read_headers():
            return
        if self._chunked:
            self._read_chunks()
        elif self._left is None:
            self._buffer = b''
        else:
            self._left -= len(self._buffer)
            self._buffer = b''
            self.complete = self._left <= 0

    def end(self) -> None:
        """The server closed its side. Only a body without a length ends so."""
        self.complete = self.complete or (
            self.status is not None and self._left is None and not self._chunked
        )

    def _read_headers(self) -> bool:
        head, found, body = self._buffer.partition(HEADERS_END)
        status = STATUS.match(head) if found else None
        if not found and len(self._buffer) <= MAX_HEADERS:
            return False
        if not status:
            raise NoAnswer(repr(self._buffer[:80]))
        head += b'\r\n'
        length = LENGTH.search(head)
        self.status, self._buffer = int(status.group(1)), body
        self._chunked = bool(CHUNKED.search(head))
        self.closes = bool(CLOSE.search(head)) or not (length or self._chunked)
        self._left = int(length.group(1)) if length else 0 if self.status in (204, 304) else None
        return True

    def _read_chunks(self) -> None:
        """Throw whole chunks away until the one of no bytes.

        Trailers are not understood: httpd sends none.
        """
        while not self.complete:
            line, found, rest = self._buffer.partition(b'\r\n')
            if not found:
                return
            try:
                size = int(line.split(b';')[0], 16)
            except ValueError:
                raise NoAnswer(f'no size of a chunk: {line[:40]!r}') from None
            if len(rest) < size + 2:
                return
            self._buffer = rest[size + 2 :]
            self.complete = size == 0
