"""Asks the service over HTTP, counts and times what it answers, and holds every answer against what all answers promise."""

import http.client
import json
import re
import socket
import threading
import time
from collections import Counter

QUIET = "quiet"
# Text of engines and drivers, which no answer may have.
ENGINES = re.compile(
    r"sqlx|error returned from database|SQLITE_|\(code: \d|pg_advisory|syntax error at|database is locked"
    r"|disk image|\bselect\b[^\"]{0,200}\bfrom\b|\binsert into\b|\bdelete from\b|\bbegin immediate\b", re.I)


class Findings:
    """What did not hold, by kind, with the first examples of each."""

    EXAMPLES = 4

    def __init__(self):
        self.lock = threading.Lock()
        self.counts, self.examples, self.notes = Counter(), {}, []
        self.began = time.monotonic()

    def add(self, kind, text):
        with self.lock:
            self.counts[kind] += 1
            seen = self.examples.setdefault(kind, [])
            if len(seen) < self.EXAMPLES:
                seen.append(f"at {time.monotonic() - self.began:.0f} s: {text[:400]}")

    def note(self, text):
        with self.lock:
            self.notes.append(text)


class Tally:
    """Every request: kind, status, when, how long."""

    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, *row):
        with self.lock:
            self.rows.append(row)


class Answer:
    def __init__(self, status, kind, body, phase, why=""):
        self.status, self.kind, self.body, self.phase, self.why = status, kind, body, phase, why

    @property
    def quiet(self):
        return self.phase == QUIET

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def text(self):
        body = self.body[:300].decode("utf-8", "replace")
        return f"{self.status} {body}" if self.status else f"no answer: {self.why}"


# The service closes connections that are idle for 10 s: clients let go of theirs before.
KEPT_S = 5


class Asker:
    """One client with one connection that is kept; one thread uses it."""

    def __init__(self, run, timeout=30):
        self.run, self.timeout = run, timeout
        self.connection = None
        self.used = 0.0

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, kind, method, path, body=None, timeout=None, expect=(), raw=None):
        """The answer; `expect` are 5xx statuses that are fine outside of faults, `raw` a body and its type."""
        began, phase = time.monotonic(), self.run.phase
        if began - self.used > KEPT_S:
            self.close()
        reused = self.connection is not None
        answer = self._once(method, path, body, timeout, raw)
        if answer.status == 0 and reused and method == "GET" and answer.why in ("RemoteDisconnected", "ConnectionResetError",
                                                                              "BrokenPipeError"):
            # A connection that was closed while it was idle says nothing about the question.
            answer = self._once(method, path, body, timeout, raw)
        self.used = time.monotonic()
        seconds = self.used - began
        answer.phase = phase if phase != QUIET else self.run.phase
        self.run.tally.add(kind, answer.status, answer.phase, seconds)
        self._judge(kind, method, path, answer, expect)
        return answer

    def _once(self, method, path, body, timeout, raw):
        data, headers = None, {}
        if body is not None:
            data, headers = json.dumps(body).encode(), {"content-type": "application/json"}
        if raw is not None:
            data, headers = raw[0], {"content-type": raw[1]}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.run.service.port, timeout=self.timeout)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.sock.settimeout(timeout or self.timeout)
            self.connection.request(method, path, data, headers)
            response = self.connection.getresponse()
            content = response.read()
            answer = Answer(response.status, response.getheader("content-type", ""), content, None)
            if response.will_close:
                self.close()
            return answer
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(0, "", b"", None, type(error).__name__)

    def _judge(self, kind, method, path, answer, expect):
        asked = f"{method} {path[:120]}"
        add = self.run.findings.add
        if answer.status == 0:
            if answer.quiet and not self.run.stopping.is_set():
                add("no answer outside of a fault", f"{asked}: {answer.why}")
            return
        if answer.status >= 500 and answer.quiet and answer.status not in expect:
            add("5xx outside of a fault", f"{asked}: {answer.text()}")
        if answer.status < 400:
            return
        problem = answer.json()
        whole = isinstance(problem, dict) and problem.get("status") == answer.status and problem.get("title")
        if not answer.kind.startswith("application/problem+json") or not whole:
            add("an error that is no problem+json", f"{asked}: {answer.status} {answer.kind or 'no type'}")
        said = ENGINES.search(answer.body[:20000].decode("utf-8", "replace"))
        if said:
            add("an error says what an engine said", f"{asked}: {answer.text()}")
