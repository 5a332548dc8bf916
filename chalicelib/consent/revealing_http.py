"""Making a minor's secret document visible, over HTTP."""

from pydantic import BaseModel

from ..edge.http import STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict
from . import revealing
from .http import wish

api = Api("choices")


class Secrecy(BaseModel):
    """Whether representatives do not see the document. There is one way only: from true to false."""

    model_config = STRICT
    secret: bool


@api.route(
    "PUT",
    "/records/{record}/documents/{document}/secrecy",
    summary="Make a secret document visible to one's representatives, for good",
    body=Secrecy,
    status=204,
    errors=(Conflict,),
    examples=Example(request={"secret": False}),
)
def reveal(call: Call[Secrecy]) -> Reply:
    """Reveal."""
    revealing.reveal(call.host, wish(call), call.params["document"], secret=call.body.secret)
    return Reply(204)
