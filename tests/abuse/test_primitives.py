"""Only the primitives that were chosen are used, and only where they were chosen (abuse C11)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.kernel.seal import seal

pytestmark = pytest.mark.abuse("C11")
SOURCES = Path(__file__).parents[2] / "chalicelib"
TRUSTED = {
    "cryptography.exceptions": {"kernel/seal.py", "kernel/parts_sdk.py", "edge/keysets.py"},
    "cryptography.hazmat.primitives.ciphers.aead": {"kernel/seal.py", "hosts/webpush.py"},
    "cryptography.hazmat.primitives.hashes": {"kernel/seal.py", "hosts/webpush.py"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"kernel/seal.py", "hosts/webpush.py"},
    # Only towards browsers, as RFC 8291 prescribes.
    "cryptography.hazmat.primitives.asymmetric.ec": {"hosts/webpush.py"},
    "cryptography.hazmat.primitives.serialization": {"hosts/webpush.py"},
}
"""module -> the only files that may import it"""
SEALING = ("aws_encryption_sdk", "aws_cryptographic_material_providers")
SIGNING = ("joserfc",)
OTHERS = ("Crypto", "Cryptodome", "nacl", "jose", "jwt", "rsa", "ecdsa", "itsdangerous", "passlib", "bcrypt", "ssl")
DIGESTS = {"sha256"}
NUMBERS = {"uniform"}
TLS = {"hosts/smtp.py"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Iterate over our modules."""
    for path in sorted(SOURCES.rglob("*.py")):
        yield path.relative_to(SOURCES).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Iterate over (module, name) of everything imported absolutely."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.module or "", one.name) for one in node.names)


def used(tree: ast.Module, module: str) -> set[str]:
    """Return which names of a module are used, however it was imported."""
    named = {name for source, name in imported(tree) if source == module and name}
    reached = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }
    return named | reached


def test_ciphers_and_derivation_come_from_the_modules_that_were_chosen() -> None:
    for name, tree in trees():
        for module, _ in imported(tree):
            package = module.partition(".")[0]
            assert package not in OTHERS or (package == "ssl" and name in TLS), (name, module)
            assert package != "cryptography" or name in TRUSTED.get(module, set()), (name, module)
            assert package not in SEALING or name == "kernel/parts_sdk.py", (name, module)
            assert package not in SIGNING or name.startswith("edge/") or name == "hosts/webpush.py", (name, module)


def test_the_only_digest_is_sha_256() -> None:
    for name, tree in trees():
        assert used(tree, "hashlib") <= DIGESTS, name


def test_randomness_that_matters_comes_from_the_operating_system() -> None:
    for name, tree in trees():
        assert used(tree, "random") <= NUMBERS, name
        assert used(tree, "uuid") <= {"UUID", "uuid4"}, name


def test_nonces_do_not_repeat() -> None:
    key = bytes(32)
    nonces = {seal(key, "rows", b"", "a")[:12] for _ in range(20_000)}
    assert len(nonces) == 20_000
