"""Who wrote something into a record, as it is kept with what they wrote."""

from pydantic import BaseModel, ConfigDict

from .actor import Actor


class Author(BaseModel):
    """The person together with the organisation of the *exercice* on that day."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    kind: str
    profession: str = ""
    organisation: str = ""
    organisation_name: str = ""

    @classmethod
    def of(cls, actor: Actor) -> "Author":
        """Take the author from the verified caller, never from a body."""
        return cls(
            id=actor.id,
            name=actor.name,
            kind=actor.kind.value,
            profession=actor.profession,
            organisation=actor.organisation,
            organisation_name=actor.organisation_name,
        )
