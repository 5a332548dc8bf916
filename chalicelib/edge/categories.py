"""A category of documents as every body may name it: one of the access matrix, others are refused by this name."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ..access.matrix import CATEGORIES
from .faults import wrong


def _known(category: str) -> str:
    if category not in CATEGORIES:
        raise wrong("is no category: /labels names them")
    return category


Category = Annotated[str, Field(json_schema_extra={"enum": list(CATEGORIES)}), AfterValidator(_known)]
