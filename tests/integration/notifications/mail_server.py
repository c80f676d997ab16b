"""A small real SMTP server for tests: it takes mail, or answers one command as it was told, or goes silent."""

import socketserver
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Mailbox:
    """What the server took, and how it is to behave."""

    recipients: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """What to answer to a new connection (`CONNECT`), a command, or the text itself (`TEXT`), instead of yes."""
    hangs_up_at: str = ""
    is_silent_at: str = ""


class _Conversation(socketserver.StreamRequestHandler):
    @property
    def _mailbox(self) -> Mailbox:
        return self.server.mailbox  # type: ignore[attr-defined, no-any-return]

    def handle(self) -> None:
        if not self._goes_on_at("CONNECT"):
            return
        self._say(self._mailbox.answers.get("CONNECT", "220 test"))
        for line in self.rfile:
            command = line.decode("ascii", "replace").strip()
            verb = command.partition(" ")[0].upper()
            if verb == "QUIT" or not self._goes_on_at(verb):
                return
            if verb == "RCPT":
                self._mailbox.recipients.append(command)
            if not self._answer(verb):
                return

    def _answer(self, verb: str) -> bool:
        told = self._mailbox.answers.get(verb)
        if verb != "DATA" or told:
            self._say(told or "250 yes")
            return True
        self._say("354 go on")
        text = self._text()
        if not self._goes_on_at("TEXT"):
            return False
        told = self._mailbox.answers.get("TEXT")
        if told is None:
            self._mailbox.messages.append(text)
        self._say(told or "250 taken")
        return True

    def _goes_on_at(self, step: str) -> bool:
        if self._mailbox.is_silent_at == step:
            self.rfile.read()  # Until the other side has had enough.
            return False
        return self._mailbox.hangs_up_at != step

    def _text(self) -> bytes:
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


class MailServerForTests:
    """The server, listening while the `with` block runs."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.mailbox = self.mailbox
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
