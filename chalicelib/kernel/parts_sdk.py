"""Sealing of document parts with the AWS Encryption SDK (message format v2, committing, unsigned, 64 KiB frames).

The SDK checks an encryption context only when it is passed at decrypt, so the required-context CMM is used: a message
without the context, or in another one, does not open. Only `parts` imports this module, at the first document: the
SDK takes longer to load than everything else together.
"""

import logging
from functools import lru_cache
from io import BytesIO
from typing import Any

import aws_encryption_sdk
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import (
    AesWrappingAlg,
    CreateDefaultCryptographicMaterialsManagerInput,
    CreateRawAesKeyringInput,
    CreateRequiredEncryptionContextCMMInput,
)
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import AlgorithmSuite, CommitmentPolicy
from cryptography.exceptions import InvalidTag

from .errors import Broken
from .parts import Place
from .seal import subkey

FRAME = 64 * 1024
_SUITE = AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
_CONTEXT_KEYS = ["record", "document", "version", "part", "parts"]

# The SDK logs the traceback of every refused message, with what it read of it.
logging.getLogger("aws_encryption_sdk").setLevel(logging.CRITICAL)

_client = aws_encryption_sdk.EncryptionSDKClient(
    commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, max_encrypted_data_keys=1
)
_providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


@lru_cache(maxsize=256)
def _materials(content_key: bytes) -> Any:
    keyring = _providers.create_raw_aes_keyring(
        CreateRawAesKeyringInput(
            key_namespace="carnet",
            key_name="content",
            wrapping_key=subkey(content_key, "parts"),
            wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
        )
    )
    default = _providers.create_default_cryptographic_materials_manager(
        CreateDefaultCryptographicMaterialsManagerInput(keyring=keyring)
    )
    return _providers.create_required_encryption_context_cmm(
        CreateRequiredEncryptionContextCMMInput(underlying_cmm=default, required_encryption_context_keys=_CONTEXT_KEYS)
    )


def seal(content_key: bytes, place: Place, clear: bytes) -> bytes:
    """Return the sealed part, bound to its place."""
    with _client.stream(
        mode="e",
        source=clear,
        materials_manager=_materials(content_key),
        encryption_context=place.context(),
        algorithm=_SUITE,
        frame_length=FRAME,
    ) as opened:
        return _whole(opened)


def unseal(content_key: bytes, place: Place, sealed: bytes) -> bytes:
    """Return the clear part. Raise Broken when key, bytes or place differ from what was sealed."""
    source = BytesIO(sealed)
    try:
        with _client.stream(
            mode="d", source=source, materials_manager=_materials(content_key), encryption_context=place.context()
        ) as opened:
            clear = _whole(opened)
    except (AWSEncryptionSDKClientError, InvalidTag, ValueError) as error:
        raise Broken from error
    if source.read(1):  # the SDK stops at the footer and would accept bytes behind it
        raise Broken
    return clear


def _whole(stream: Any) -> bytes:
    """Read to the end by frames: the SDK by itself takes 8 KiB, and each time moves what is left of the frame."""
    return b"".join(iter(lambda: stream.read(FRAME), b""))
