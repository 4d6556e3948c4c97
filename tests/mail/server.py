"""A mail server for the tests: real SMTP (aiosmtpd), with the moods a real one has.

Every message that is taken is appended to the file as one line of JSON, on the disk before the
answer goes out. The mood is read from the first part of the recipient's address:
  refuse.  never (550)          later.  not the first two times (451)
  slow.    after a second       drop.   the line breaks once, after the message was sent
Usage: server.py FILE [PORT]; prints the port.
"""

import asyncio
import email
import email.policy
import json
import os
import sys

from aiosmtpd.controller import Controller


class Moods:
    def __init__(self, path):
        self.out = open(path, "a", encoding="utf-8")
        self.seen = {}

    def again(self, address):
        self.seen[address] = self.seen.get(address, 0) + 1
        return self.seen[address]

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("refuse."):
            return "550 5.1.1 no such person here"
        if address.startswith("later.") and self.again(address) <= 2:
            return "451 4.7.1 greylisted, come back"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        [address] = envelope.rcpt_tos
        if address.startswith("slow."):
            await asyncio.sleep(1)
        if address.startswith("drop.") and self.again(address) == 1:
            server.transport.abort()
            return "421 gone"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {}
        for part in letter.walk():
            if part.get_content_maintype() != "multipart":
                kind = part.get_content_type()
                parts.setdefault(kind, []).append(part.get_content() if kind.startswith("text/") else "")
        line = {
            "to": address,
            "from": envelope.mail_from,
            "id": letter["Message-ID"],
            "subject": letter["Subject"],
            "auto": letter["Auto-Submitted"],
            "parts": parts,
            "files": [p.get_filename() for p in letter.walk() if p.get_filename()],
            "method": [p.get_param("method") for p in letter.walk()
                       if p.get_content_type() == "text/calendar"],
        }
        self.out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.out.flush()
        os.fsync(self.out.fileno())
        return "250 2.0.0 taken as " + str(abs(hash(letter["Message-ID"])) % 10**8)


def main():
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if port == 0:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    controller = Controller(Moods(sys.argv[1]), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()  # ends with whoever started it


main()
