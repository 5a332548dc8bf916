"""Both corpora, for these tests and for whoever deposits them over the whole system."""

from functools import lru_cache

from . import hostile_disguise, hostile_images, hostile_pdf, hostile_text
from .fetch_corpus import RealFile, fetch
from .hostile import Hostile


def real_files() -> list[RealFile]:
    """Return the files that nobody here made, fetched into .carnet/corpus when they are not there yet."""
    return fetch()


@lru_cache(maxsize=1)
def hostile_files() -> list[Hostile]:
    """Return every hostile file, made by code, each with its benign twin."""
    alone = [
        *hostile_disguise.polyglots(),
        *hostile_disguise.disguised(),
        *hostile_disguise.strangers(),
        *hostile_pdf.active(),
        *hostile_pdf.encrypted(),
        *hostile_text.active(),
        *hostile_pdf.bombs(),
        *hostile_images.bombs(),
        *hostile_text.bombs(),
        *hostile_images.truncated(),
        *hostile_text.truncated(),
        *hostile_disguise.sizes(),
        *hostile_disguise.malware(),
    ]
    wanted = {"pdf-and-zip", "pdf-script-when-opened", "pdf-bomb-one-stream", "png-flood", "pdf-user-password"}
    return [*alone, *hostile_text.bodies([one for one in alone if one.name in wanted])]
