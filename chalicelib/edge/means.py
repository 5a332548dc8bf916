"""Addresses as every body and every file may give them: e-mail, and numbers in E.164."""

from typing import Annotated

from pydantic import Field

MAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
NUMBER = r"\+[1-9][0-9]{6,14}"

Email = Annotated[str, Field(max_length=254, pattern=f"^{MAIL}$")]
AnyEmail = Annotated[str, Field(max_length=254, pattern=f"^({MAIL})?$", description="Empty when there is none")]
AnyPhone = Annotated[str, Field(pattern=f"^({NUMBER})?$", description="E.164: +33612345678; empty when there is none")]
MailOrPhone = Annotated[str, Field(max_length=254, pattern=f"^({MAIL}|{NUMBER})$", description="The number in E.164")]
