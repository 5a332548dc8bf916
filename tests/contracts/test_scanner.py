"""What every virus scanner keeps to."""

import os
from pathlib import Path

import pytest

from chalicelib.hosts.clamd import ClamdScanner, NoScanner
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.ports import Scanner
from infra.local.servers import free_port

# In two pieces, so that a scanner on a developer's machine lets this file be.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def test_the_test_virus_is_found_by_name(scanner: Scanner) -> None:
    assert "Eicar-Test-Signature" in str(scanner.scan(EICAR))


def test_it_is_found_behind_a_megabyte_of_other_bytes(scanner: Scanner) -> None:
    assert scanner.scan(os.urandom(1 << 20) + EICAR)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", bytes(3 << 20)])
def test_nothing_is_found_in_what_is_harmless(scanner: Scanner, content: bytes) -> None:
    assert scanner.scan(content) is None


@pytest.mark.real
def test_what_is_too_long_for_the_scanner_is_unavailable_and_never_clean(clamd: tuple[int, Path]) -> None:
    with pytest.raises(Unavailable):
        ClamdScanner(("127.0.0.1", clamd[0])).scan(bytes(7 << 20))


@pytest.mark.parametrize("address", [("127.0.0.1", free_port()), Path("/nonexistent/clamd.sock")])
def test_a_scanner_that_is_not_there_is_unavailable(address: tuple[str, int] | Path) -> None:
    with pytest.raises(Unavailable):
        ClamdScanner(address).scan(EICAR)


def test_a_deployment_without_a_scanner_finds_nothing() -> None:
    assert NoScanner().scan(EICAR) is None
