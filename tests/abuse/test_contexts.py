"""Parts open in their own place only, with all of it named; a missing context is no context."""

from io import BytesIO
from itertools import combinations
from struct import unpack

import pytest
from aws_cryptographic_material_providers.mpl.models import CreateMultiKeyringInput
from aws_encryption_sdk.identifiers import AlgorithmSuite

from chalicelib.kernel.errors import Broken
from chalicelib.kernel.parts import Place, open_part, seal_part
from chalicelib.kernel.seal import seal, unseal

from .foreign import PROVIDERS, content_ring, ring, sealed_with

pytestmark = pytest.mark.abuse("C02")
KEY = bytes(range(32))
HERE = Place("record", "document", 1, 1, 2)
OURS = content_ring(KEY)


def test_a_message_sealed_with_the_whole_context_opens() -> None:
    assert open_part(KEY, HERE, sealed_with(OURS, HERE.context())) == b"clear"


@pytest.mark.parametrize("size", range(5))
def test_a_message_whose_context_lacks_anything_does_not_open(size: int) -> None:
    for names in combinations(HERE.context(), size):
        sealed = sealed_with(OURS, {name: HERE.context()[name] for name in names})
        with pytest.raises(Broken):
            open_part(KEY, HERE, sealed)


def test_a_message_that_somebody_else_can_open_too_does_not_open() -> None:
    both = PROVIDERS.create_multi_keyring(
        CreateMultiKeyringInput(generator=OURS, child_keyrings=[ring("x", bytes(32))])
    )
    with pytest.raises(Broken):
        open_part(KEY, HERE, sealed_with(both, HERE.context()))


def test_a_sealed_part_says_which_suite_how_many_keys_and_which_frames_it_has() -> None:
    sealed = BytesIO(seal_part(KEY, HERE, b"clear"))
    version, suite, _ = unpack(">BH32s", sealed.read(35))
    sealed.read(*unpack(">H", sealed.read(2)))  # the context
    (keys,) = unpack(">H", sealed.read(2))
    for _field in ("provider", "its key", "wrapped key"):
        sealed.read(*unpack(">H", sealed.read(2)))
    framed, frame = unpack(">BI", sealed.read(5))
    assert (version, suite, keys, framed, frame) == (2, 0x0478, 1, 2, 64 * 1024)


def test_a_message_that_does_not_commit_to_its_key_does_not_open() -> None:
    sealed = sealed_with(OURS, HERE.context(), AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA256)
    with pytest.raises(Broken):
        open_part(KEY, HERE, sealed)


@pytest.mark.parametrize(
    "there",
    [
        Place("another", "document", 1, 1, 2),
        Place("record", "another", 1, 1, 2),
        Place("record", "document", 2, 1, 2),
        Place("record", "document", 1, 2, 2),
        Place("record", "document", 1, 1, 3),
    ],
)
def test_a_part_does_not_open_in_another_place(there: Place) -> None:
    sealed = seal_part(KEY, HERE, b"clear")
    with pytest.raises(Broken):
        open_part(KEY, there, sealed)


def test_no_single_byte_of_a_part_can_be_changed_or_cut_off() -> None:
    sealed = seal_part(KEY, HERE, b"clear")
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for one in [*changed, *(sealed[:size] for size in range(len(sealed)))]:
        with pytest.raises(Broken):
            open_part(KEY, HERE, one)


@pytest.mark.parametrize(
    ("use", "context"),
    [
        ("other", ("a", "b")),
        ("rows", ("a",)),
        ("rows", ()),
        ("rows", ("ab", "")),
        ("rows", ("b", "a")),
        ("rows", ("a", "b", "")),
    ],
)
def test_a_row_does_not_open_for_another_use_or_place(use: str, context: tuple[str, ...]) -> None:
    sealed = seal(KEY, "rows", b"clear", "a", "b")
    with pytest.raises(Broken):
        unseal(KEY, use, sealed, *context)
