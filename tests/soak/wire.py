"""Faults on the wire: connections that say nothing, little at a time, or what is no HTTP."""

import random
import socket
import time
from datetime import timedelta

import world
from ask import Asker
from faults import Fault

IDLE, SLOW = 1_200, 120
# A service that takes no more connections is not asked for all of them.
CROWDED_IN_S = 10


def connect(port, timeout=2.0):
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


class Crowd(Fault):
    """Holds sockets; meanwhile who asks on a connection of its own must be answered."""

    def begin(self):
        self.sockets, self.answered, self.asked = [], 0, 0
        deadline = time.monotonic() + CROWDED_IN_S
        for number in range(self.size):
            if time.monotonic() > deadline:
                break
            try:
                held = connect(self.run.service.port)
                self.sockets.append(held)
                self.greet(held, number)
            except OSError:
                continue

    def greet(self, held, number):
        pass

    def during(self):
        asker = Asker(self.run, timeout=4)
        self.asked += 1
        self.answered += asker.ask("windows", "GET", "/v1/windows?duration=2h&mw=1&top=1").status == 200
        asker.close()

    def end(self):
        for held in self.sockets:
            held.close()
        self.run.seen(f"{len(self.sockets)} connections held; {self.answered} of {self.asked} who came were answered")
        if self.answered * 2 < self.asked or not self.asked:
            self.run.findings.add("locked out by connections of others", f"{self.answered} of {self.asked} answered")


class Idle(Crowd):
    name = "idle connections"
    size = IDLE


class SlowClients(Crowd):
    """A third send a header byte by byte, a third a body, a third ask for a year's report and read none of it."""

    name = "slow clients"
    size = SLOW
    HEADER = b"GET /v1/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    BODY = b"POST /v1/work HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n["

    def greet(self, held, number):
        if number % 3 == 2:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            to = self.run.world.began.replace(hour=0)
            year = f"from={world.stamp(to - timedelta(days=365))}&to={world.stamp(to)}"
            held.sendall(f"GET /v1/reports?{year} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        else:
            held.sendall(self.HEADER if number % 3 == 0 else self.BODY)

    def during(self):
        for number, held in enumerate(self.sockets):
            if number % 3 < 2:
                try:
                    held.sendall(b" " if number % 3 else b"x")
                except OSError:
                    continue
        super().during()


class Garbage(Fault):
    """What is no request, or half of one, a few of each kind at a time."""

    name = "garbage"
    hold_s = 6

    def begin(self):
        self.chance = random.Random(self.run.rng.random())
        self.statuses = {}

    def kinds(self):
        host = b"Host: 127.0.0.1\r\n"
        yield bytes(self.chance.randrange(256) for _ in range(self.chance.randint(1, 4_000)))
        yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(self.chance.randrange(256) for _ in range(300))
        yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        yield b"GET / HTTP/9.9\r\n\r\n"
        yield b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + host + b"\r\n"
        yield b"GET / HTTP/1.1\r\n" + host + b"X: " + b"b" * 600_000 + b"\r\n\r\n"
        yield b"GET / HTTP/1.1\r\n" + host + b"".join(b"X-%d: 1\r\n" % n for n in range(500)) + b"\r\n"
        yield b"POST /v1/work HTTP/1.1\r\n" + host + b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n[]"
        yield b"POST /v1/work HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n"
        yield b"POST /v1/work HTTP/1.1\r\n" + host + b"Content-Length: -5\r\n\r\n"
        yield b"POST /v1/work HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n[]"
        yield b"GET /%00%ff%c0%af/../..//etc/passwd HTTP/1.1\r\n" + host + b"\r\n"
        yield b"\x00" * 2_000 + b"\r\n\r\n"

    def during(self):
        for sent in self.kinds():
            self._send(sent)

    def _send(self, sent):
        try:
            with connect(self.run.service.port, timeout=1.0) as held:
                held.sendall(sent)
                held.shutdown(socket.SHUT_WR)
                said = held.recv(64)
        except OSError:
            said = b""
        status = said.split(b" ")[1].decode() if said.startswith(b"HTTP/1.") and b" " in said else "closed"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status.startswith("5") and status not in ("501", "503", "505"):
            self.run.findings.add("garbage is taken for a fault of the service", f"{sent[:60]!r}: {said!r}")

    def end(self):
        time.sleep(0.1)
        self.run.seen("answers: " + ", ".join(f"{status} {count}" for status, count in sorted(self.statuses.items())))


ALL = [Idle, SlowClients, Garbage]
