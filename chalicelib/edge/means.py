"""Addresses as every body and every file may give them: e-mail, and numbers in E.164."""

from typing import Annotated

from pydantic import Field

MAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
NUMBER = r"\+[1-9][0-9]{6,14}"

_ADDRESS = "E-mail address, as name@example.org"
Email = Annotated[str, Field(max_length=254, pattern=f"^{MAIL}$", description=_ADDRESS)]
AnyEmail = Annotated[
    str, Field(max_length=254, pattern=f"^({MAIL})?$", description=f"{_ADDRESS}; empty when there is none")
]
AnyPhone = Annotated[str, Field(pattern=f"^({NUMBER})?$", description="E.164: +33612345678; empty when there is none")]
MailOrPhone = Annotated[
    str,
    Field(max_length=254, pattern=f"^({MAIL}|{NUMBER})$", description=f"{_ADDRESS}, or number in E.164: +33612345678"),
]
