"""Documents as their views say (`views.py`), made without the models: what they hold was validated when it was read.

A page has up to a hundred of them; two models each were a fifth of what a list costs.
"""

from collections.abc import Mapping
from typing import Any

from .reading import Page, Shown

Plain = Mapping[str, Any]


def document_view(shown: Shown) -> Plain:
    """Return a document as `DocumentView` says: what it is made of was validated when it was read."""
    kept, draft, author = shown.document, shown.document.draft, shown.document.author
    return {
        "document": kept.id,
        "version": kept.version,
        "type": draft.type,
        "category": kept.category,
        "title": draft.title,
        "media": draft.media,
        "size": draft.size,
        "sha256": draft.sha256,
        "created": draft.created,
        "deposited": kept.deposited,
        "author": {
            "kind": author.kind,
            "name": author.name,
            "profession": author.profession,
            "organisation": author.organisation_name,
        },
        "hidden": shown.hidden,
        "unseen_by": shown.unseen_by,
    }


def page_view(page: Page) -> Plain:
    """Return a page as `DocumentsView` says."""
    return {"documents": [document_view(shown) for shown in page.documents], "cursor": page.cursor}
