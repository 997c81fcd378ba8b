"""tests/system/terminal.py: a program at a terminal, typed at by a test."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time


class Terminal:
    """Starts ARGV on a pseudo-terminal; type() answers what expect() has waited for."""

    def __init__(self, argv, columns=80, lines=40, **environment):
        self.text, self.seen = "", 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Whatever started the tests in the background may have had it ignored.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update({"TERM": "xterm", "LANG": "C.UTF-8", "PAGER": "cat", **environment})
            os.execv(argv[0], [str(word) for word in argv])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self.pid > 0:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def read(self, timeout):
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other side has closed
            return False
        self.text += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)

    def expect(self, what, timeout=20):
        """Waits until WHAT is printed behind what was expected before."""
        end = time.monotonic() + timeout
        while what not in self.text[self.seen:]:
            assert time.monotonic() < end, f"{what!r} did not come:\n{self.text}"
            assert self.read(0.1) or what in self.text[self.seen:], f"it ended before {what!r}:\n{self.text}"
        self.seen = self.text.index(what, self.seen) + len(what)
        return self

    def type(self, text):
        os.write(self.fd, text.encode())
        return self

    def answer(self, question, text):
        return self.expect(question).type(text + "\n")

    def ended(self, timeout=20):
        """Its exit status (negative: the signal) once it has ended."""
        end = time.monotonic() + timeout
        while self.read(0.1):
            assert time.monotonic() < end, f"it did not end:\n{self.text}"
        _, status = os.waitpid(self.pid, 0)
        self.pid = -1
        return os.waitstatus_to_exitcode(status)

    def plain(self):
        """What was printed, without colours."""
        return re.sub(r"\033\[[0-9;]*m", "", self.text)
