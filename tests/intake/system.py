"""The whole vault on the memory host: deposit, intake, status, consult."""

from hashlib import sha256

from chalicelib import jobs
from chalicelib.consent.actions import allow
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import memory_host
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, upload
from chalicelib.vault.consult import consult
from chalicelib.vault.inspection.apart import inspect_apart
from chalicelib.vault.intake import settle
from chalicelib.vault.model import PART_BYTES, Document, Draft, Filing
from chalicelib.vault.quota import Quotas
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, person

QUOTAS = Quotas(10_000, 10_000)


class Vault:
    """One open record whose doctor is allowed."""

    def __init__(self, host: Host | None = None) -> None:
        self.host = host or memory_host()
        self.record, _ = open_(self.host, ENROLMENT, person(), HOLDER.id)
        allow(self.host, HOLDER, self.record, DOCTOR.id)

    def deposit(self, content: bytes, media: str, name: str) -> Document:
        """File in one request or in parts, as the size wants it; return what intake made of it."""
        digest = sha256(content).hexdigest()
        draft = Draft(
            type="11502-2",
            title=name[:100],
            media=media,
            size=len(content),
            sha256=digest,
            unique_id=digest[:40] + media,
        )
        filing = Filing(LAB, self.record, draft)
        if len(content) <= PART_BYTES:
            filed = actions.deposit(self.host, filing, content, QUOTAS)
        else:
            filed = self._in_parts(filing, content)
        settle(self.host, self.record, filed.id, 1, inspect_apart)
        jobs.minute(self.host)
        return actions.existing(self.host, LAB, self.record, filed.id)

    def _in_parts(self, filing: Filing, content: bytes) -> Document:
        begun = actions.begin(self.host, filing, QUOTAS)
        for number in reversed(range(begun.parts)):  # any order
            piece = content[number * PART_BYTES : (number + 1) * PART_BYTES]
            upload.put(self.host, LAB, self.record, begun.id, number + 1, piece)
        return upload.complete(self.host, LAB, self.record, begun.id)

    def read(self, document: Document, start: int = 0, stop: int | None = None) -> bytes:
        """Consult as the doctor."""
        end = document.draft.size if stop is None else stop
        return consult(self.host, DOCTOR, self.record, document.id, lambda _: (start, end)).data
