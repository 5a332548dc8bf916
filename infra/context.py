"""What a Lambda host hands to every handler beside the event."""

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the Lambda context that our handlers may read."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
