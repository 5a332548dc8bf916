"""Coverage over HTTP: how many were due, told and done, and how far a campaign is."""

from datetime import datetime

from pydantic import BaseModel

from ..edge.http import Api, Call, Example, Reply
from ..kernel.errors import NotFound
from . import coverage, roster
from .picture import picture

api = Api("coverage")

_MONTH = r"^20\d{2}-(0[1-9]|1[0-2])$"
_RULE = r"^[a-z][a-z0-9_]{0,63}$"


class CampaignView(BaseModel):
    """How far everybody was looked at with the rules in force: `done` of `of` parts in this pass, `records` in all."""

    since: datetime
    finished: bool
    turn: int
    done: int
    of: int
    records: int


class Campaigns(BaseModel):
    """The last campaign, if there was one."""

    campaign: CampaignView | None


_ONE = {"since": "2026-11-23T02:00:00Z", "finished": True, "turn": 1, "done": 64, "of": 64, "records": 0}


@api.route(
    "GET",
    "/coverage",
    summary="How far the last change of the rules has come",
    description="For enrolment clients and the health fund. A campaign looks at every record anew, in passes.",
    reply=Campaigns,
    errors=(NotFound,),
    examples=Example(reply={"campaign": _ONE}),
)
def progress(call: Call) -> Reply:
    """Show the campaign."""
    at = coverage.campaign_of(call.host, call.actor, call.request_id)
    if at is None:
        return Reply(body=Campaigns(campaign=None))
    view = CampaignView(
        since=datetime.fromisoformat(at.begun),
        finished=bool(at.ended),
        turn=at.turn,
        done=roster.SHARDS if at.ended else at.shard,
        of=roster.SHARDS,
        records=at.handed,
    )
    return Reply(body=Campaigns(campaign=view))


@api.route(
    "GET",
    "/coverage/{month}",
    summary="Reminders of a month: due, sent, done",
    description="For enrolment clients and the health fund: CSV by rule, age and department. No number below eleven "
    "is told, none moves by fewer, and none lies nearer to the one beside it.",
    reply=bytes,
    media="text/csv",
    params={"month": _MONTH},
    examples=Example(params={"month": "2026-11"}),
)
def table(call: Call) -> Reply:
    """Show the table."""
    text = coverage.table(call.host, call.actor, call.params["month"], call.request_id)
    return Reply(200, text, media="text/csv; charset=utf-8")


@api.route(
    "GET",
    "/coverage/{month}/{rule}",
    summary="One campaign as a picture",
    description="For enrolment clients and the health fund: bars by age (SVG), summed over what the table tells.",
    reply=bytes,
    media="image/svg+xml",
    params={"month": _MONTH, "rule": _RULE},
    examples=Example(params={"month": "2026-11", "rule": "influenza"}),
)
def chart(call: Call) -> Reply:
    """Show the picture."""
    month, rule = call.params["month"], call.params["rule"]
    found = coverage.ages(call.host, call.actor, month, rule, call.request_id)
    return Reply(200, picture(f"{rule}, {month}", found), media="image/svg+xml")
