"""What may be filed, as data: formats with their limits, document types, labels (policies/*.csv)."""

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

_HERE = Path(__file__).parent

Words = Annotated[tuple[str, ...], BeforeValidator(str.split)]
Text = Annotated[str, Field(min_length=1)]


class _Row(BaseModel):
    """One line of a policy file: nothing missing, nothing extra, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Row):
    """One code in both languages: `reason` of a quarantine, `why` of a decision, `emergency` of an opening."""

    kind: Literal["category", "class", "reason", "why", "emergency", "profession"]
    code: Text
    fr: Text
    en: Text


class Format(_Row):
    """One accepted format: `media` is the name we keep, `aliases` are read as it; limits in bytes, 0 = may not file."""

    media: Text
    name: Text
    extension: Text
    aliases: Words
    magic: Words
    professional_bytes: int = Field(ge=0)
    person_bytes: int = Field(ge=0)
    source: Text

    def limit(self, *, person: bool) -> int:
        """Return the most bytes that a person (else a professional) may file, 0 when it is not theirs to file."""
        return self.person_bytes if person else self.professional_bytes


class DocumentType(_Row):
    """One document type (JDV_J07). `klass` is empty where no official class is known."""

    code: Text
    system: Literal["LOINC", "TRE_A05", "ASTM"]
    fr: Text
    en: Text
    klass: str = Field(alias="class")
    category: Text
    mandatory: bool
    source: Text


_R = TypeVar("_R", bound=_Row)


class PolicyError(ValueError):
    """A policy file cannot be used; the message names file and line."""


def _rows(name: str, model: type[_R]) -> tuple[_R, ...]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return tuple(_row(name, line, model, row) for line, row in enumerate(csv.DictReader(lines), start=2))


def _row(name: str, line: int, model: type[_R], row: dict[str, str]) -> _R:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise PolicyError(f"{name}, line {line}: {error}") from error


def _unique(name: str, pairs: list[tuple[str, _R]]) -> Mapping[str, _R]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PolicyError(f"{name}: a code stands on two lines")
    return MappingProxyType(found)


def _labels(kind: str) -> Mapping[str, Label]:
    return _unique("labels.csv", [(label.code, label) for label in LABELS if label.kind == kind])


LABELS = _rows("labels.csv", Label)
CATEGORIES = _labels("category")
CLASSES = _labels("class")
REASONS = _labels("reason")
WHYS = _labels("why")
EMERGENCIES = _labels("emergency")
PROFESSIONS = _labels("profession")
FORMATS = _rows("formats.csv", Format)
TYPES = _unique("document_types.csv", [(row.code, row) for row in _rows("document_types.csv", DocumentType)])
_BY_MEDIA = _unique("formats.csv", [(media, row) for row in FORMATS for media in (row.media, *row.aliases)])


def _known(row: DocumentType) -> bool:
    return row.category in CATEGORIES and (not row.klass or row.klass in CLASSES)


if _strangers := [row.code for row in TYPES.values() if not _known(row)]:
    raise PolicyError(f"document_types.csv: category or class unknown to labels.csv: {', '.join(_strangers)}")


def type_of(code: str) -> DocumentType | None:
    """Return the document type with this code, or None."""
    return TYPES.get(code)


def format_of(media: str) -> Format | None:
    """Return the accepted format of this media type; parameters, case and known aliases do not matter."""
    return _BY_MEDIA.get(media.partition(";")[0].strip().lower())
