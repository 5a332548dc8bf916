"""A category of documents as every body may name it: one of the access matrix, others are refused by this name."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ..access.matrix import CATEGORIES


def _known(category: str) -> str:
    if category not in CATEGORIES:
        raise PydanticCustomError("carnet", "is no category: /labels names them")
    return category


Category = Annotated[str, Field(json_schema_extra={"enum": list(CATEGORIES)}), AfterValidator(_known)]
