"""Messages of the Encryption SDK that the product would not write: another context, suite or keyring, the right key."""

from typing import Any

import aws_encryption_sdk
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import AesWrappingAlg, CreateRawAesKeyringInput
from aws_encryption_sdk.identifiers import AlgorithmSuite, CommitmentPolicy

from chalicelib.kernel.parts_sdk import FRAME
from chalicelib.kernel.seal import subkey

PROVIDERS = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
COMMITTING = AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY


def ring(name: str, key: bytes) -> Any:
    """Return a keyring that wraps as the product does."""
    return PROVIDERS.create_raw_aes_keyring(
        CreateRawAesKeyringInput(
            key_namespace="carnet",
            key_name=name,
            wrapping_key=key,
            wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
        )
    )


def content_ring(content_key: bytes) -> Any:
    """Return the keyring of a record's documents."""
    return ring("content", subkey(content_key, "parts"))


def sealed_with(
    keyring: Any, context: dict[str, str], suite: AlgorithmSuite = COMMITTING, clear: bytes = b"clear"
) -> bytes:
    """Seal in the product's frames, with any context and suite."""
    policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    if suite.is_committing():
        policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy)
    sealed, _ = client.encrypt(
        source=clear, keyring=keyring, encryption_context=context, algorithm=suite, frame_length=FRAME
    )
    return bytes(sealed)
