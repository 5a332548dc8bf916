"""The one tree of errors. None of them knows HTTP; messages never carry an identifier of a person."""


class CarnetError(Exception):
    """Base of all that a caller may be told about. `detail` is a fixed sentence, safe to show."""

    detail = "The request could not be carried out."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail


class NotAuthenticated(CarnetError):
    """Nobody vouches for the caller."""

    detail = "A valid access token is required."


class AccessDenied(CarnetError):
    """The caller is known and may not; `code` is one of policies/access_rules.csv or NO_ACCESS."""

    detail = "You have no access."

    def __init__(self, reason: str = "NO_ACCESS", detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class NotFound(CarnetError):
    """The thing is absent, or the caller may not know that it exists: one answer for both."""

    detail = "There is nothing here."


class Conflict(CarnetError):
    """The request contradicts what is already there."""

    detail = "The request contradicts what is already there."


class Stale(CarnetError):
    """The caller's If-Match names a version that is no longer the current one."""

    detail = "The thing has changed since you read it."


class TooLarge(CarnetError):
    """The body or the document is larger than the published limit."""

    detail = "The content is larger than the limit."


class Unsupported(CarnetError):
    """The media type is not accepted here."""

    detail = "This media type is not accepted."


class Invalid(CarnetError):
    """The request is understood and wrong; `errors` names each place (`pointer`) and says what is wrong (`detail`)."""

    detail = "The request is not valid."

    def __init__(self, detail: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.fields = fields or {}


class TooMany(CarnetError):
    """A quota is used up."""

    detail = "Too many requests."


class Unavailable(CarnetError):
    """Something the answer depends on cannot be had now; nothing was released."""

    detail = "The service cannot answer now; try again."


class Busy(Unavailable):
    """Others were faster at every try: this one thing cannot be had now, every other can."""


class Ambiguous(Unavailable):
    """A write was sent and its answer lost: it may or may not have happened."""


class ConditionFailed(Exception):
    """A conditional write found another state than the one it named. Never shown to a caller."""


class Refused(Exception):
    """A service that delivers will never do so to this address. Never shown to a caller: another channel is tried."""


class Gone(Refused):
    """The address is over: its service says that nobody listens there any more."""


class Broken(CarnetError):
    """Sealed bytes do not open in the context they were read in: swapped, altered, truncated or rolled back."""

    detail = "Stored data failed its integrity check."
