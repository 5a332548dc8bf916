"""What the issuer answers when it refuses (RFC 6749 § 5.2)."""


class Refused(Exception):
    """`code` is one of the fixed error codes of OAuth."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
