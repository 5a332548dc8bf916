"""The one place where anything may arrive: what an edge does goes wrong alone, and nothing of the fault is shown."""

from collections.abc import Callable
from typing import TypeVar

from ..kernel.errors import CarnetError, NotAuthenticated
from . import logs
from .problems import Fault, code_of

T = TypeVar("T")


def caught(work: Callable[[], T], told: Callable[[CarnetError, str], T]) -> T:
    """Return what work gives, or what `told` makes of its error and of the code that the log gets.

    Callers learn nothing of why they were not authenticated; the operator gets its place, as of a fault.
    """
    try:
        return work()
    except NotAuthenticated as error:
        return told(error, logs.fault_code(error))
    except CarnetError as error:
        return told(error, code_of(error))
    except Exception as error:  # noqa: BLE001 - an edge: other messages of a batch, and the next request, are unharmed
        return told(Fault(), logs.fault_code(error))
