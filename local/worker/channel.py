"""The line between a job's process and the server: JSON, one message a line."""

import json
import os
import threading


class Channel:
    """Sends messages of one job, and asks the server questions."""

    def __init__(self, connection):
        self._connection = connection
        self._reader = connection.makefile("rb")
        self._lock = threading.Lock()
        self._process = os.getpid()

    def receive(self):
        """The next message of the server; ConnectionError once it hung up."""
        line = self._reader.readline()
        if not line:
            raise ConnectionError("the server hung up")
        return json.loads(line)

    def send(self, kind, **fields):
        if os.getpid() != self._process:
            return  # the code forked, and its copy of the run has nothing to tell
        fields["kind"] = kind
        # ASCII, because a message may hold surrogates that UTF-8 has no form for.
        line = json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"
        with self._lock:
            self._connection.sendall(line)

    def ask(self, kind, **fields):
        self.send(kind, **fields)
        return self.receive()
