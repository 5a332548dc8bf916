"""Whom the holder decides about, as bodies name them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from ..access.matrix import professions
from ..edge.faults import wrong
from ..edge.http import STRICT
from .model import PREFIXES

Identifier = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._/-]{1,64}$",
        description="National id of a professional or organisation, or code of a profession or category: no prefix",
    ),
]
_PROFESSION = "profession"


class Chosen(BaseModel):
    """A professional or an organisation by national id, or several by a code."""

    model_config = STRICT
    kind: str
    id: Identifier

    @property
    def name(self) -> str:
        """Return the subject as decisions know it."""
        return PREFIXES[self.kind] + self.id


class Subject(Chosen):
    """A professional or an organisation by national id, or a profession by its code."""

    kind: Literal["professional", "organisation", "profession"]


class Feeder(Chosen):
    """Whose deposits are meant: a professional, an organisation or a category of documents."""

    kind: Literal["professional", "organisation", "category"]


def _said(schema: dict[str, Any]) -> None:
    """Say which professions there are."""
    schema["if"] = {"properties": {"kind": {"const": _PROFESSION}}}
    schema["then"] = {"properties": {"id": {"enum": list(professions())}}}


class KnownSubject(Subject):
    """The same; a profession is one of the access matrix, for a misspelt one would protect from nobody."""

    model_config = ConfigDict(**STRICT, json_schema_extra=_said)

    @field_validator("id")
    @classmethod
    def _known(cls, name: str, info: ValidationInfo) -> str:
        if info.data.get("kind") == _PROFESSION and name not in professions():
            raise wrong("is no profession of the access matrix")
        return name
