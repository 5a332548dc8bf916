"""The SMTP sink: `python -m infra.local.mailbox PORT FOLDER` keeps every mail as one .eml file, to be read by hand.

A mail is answered 250 only when its file is complete; the file's name is a hash of its Message-ID, so that the
same message sent twice is one file with a count beside it.
"""

import asyncio
import email
import hashlib
import os
import signal
import sys
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .ports import LOOPBACK


class Mailbox:
    """Writes what arrives into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one mail."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        keep(self._folder, raw)
        return "250 kept"


def keep(folder: Path, raw: bytes) -> Path:
    """Write the mail at once and for good; return its file."""
    identity = str(email.message_from_bytes(raw, policy=default)["Message-ID"]).encode()
    stem = hashlib.sha256(identity).hexdigest()[:16]
    number = len(list(folder.glob(f"{stem}*.eml")))
    target = folder / (f"{stem}.eml" if not number else f"{stem}-again-{number}.eml")
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return target


async def _until_told() -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await stopping.wait()


def main() -> None:
    """Listen until SIGTERM."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    controller = Controller(Mailbox(folder), hostname=LOOPBACK, port=port)
    controller.start()
    asyncio.run(_until_told())
    controller.stop()


if __name__ == "__main__":
    main()
