"""One role per function, least privilege: what is not listed is denied, and nothing is listed by a wildcard."""

import re

import pytest

from tests.infra.deployment import Made
from tests.infra.templates import FUNCTIONS, ROOT, listed, settings, statements, template

OUTPUTS = template("data.yaml")["Outputs"]
UNWRAPS = {
    "app": {"content", "index", "policy"},
    "on_intake": {"content", "index", "policy"},
    "on_notices": {"index", "policy"},
    "on_reminders": {"index", "policy"},
    "on_enrolment": {"index"},
    "every_minute": {"policy"},
    "every_night": {"index", "policy"},
}
USE = "kms:EncryptionContext:use"


def _with(function: str, action: str) -> list[dict[str, object]]:
    return [one for one in statements(function) if action in listed(one["Action"])]


def test_there_is_one_file_for_each_function_and_no_other() -> None:
    assert sorted(path.stem for path in ROOT.glob("policies/iam/*.json")) == sorted(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_the_role_of_its_own_name(function: str) -> None:
    assert settings(function)["iam_policy_file"] == f"../policies/iam/{function}.json"


@pytest.mark.abuse("C09")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_action_is_listed_by_a_wildcard(function: str) -> None:
    for statement in statements(function):
        assert statement["Effect"] == "Allow"
        assert all(re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action) for action in listed(statement["Action"]))


@pytest.mark.abuse("C09")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_resource_is_an_output_of_the_data_stack(function: str) -> None:
    for resource in (resource for statement in statements(function) for resource in listed(statement["Resource"])):
        name, rest = re.fullmatch(r"\$\{(\w+)\}(.*)", resource).groups()  # type: ignore[union-attr]
        assert name in OUTPUTS
        # Documents have random names; that bucket is the only place where a name is left open.
        assert rest in {"", "/index/work"} or (name, rest) in {("DocumentsArn", "/*"), ("DocumentsArn", "/enrolment/*")}


@pytest.mark.abuse("C09")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_exactly_the_functions_that_open_something_may_unwrap_its_key(function: str) -> None:
    found = [statement["Condition"] for statement in _with(function, "kms:Decrypt")]
    assert found == [{"StringEqualsIfExists": {USE: sorted(UNWRAPS[function])}}]


@pytest.mark.abuse("C09")
def test_only_the_api_and_intake_may_open_documents() -> None:
    readers = {name: [listed(one["Resource"]) for one in _with(name, "s3:GetObject")] for name in FUNCTIONS}
    assert {name for name in FUNCTIONS if readers[name]} == {"app", "on_intake", "on_enrolment"}
    assert readers["on_enrolment"] == [["${DocumentsArn}/enrolment/*"]]  # files of the funds, and no document
    assert {name for name, uses in UNWRAPS.items() if "content" in uses} == {"app", "on_intake"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_queue_is_read_only_by_its_own_function(function: str) -> None:
    taken = [listed(str(one["Resource"])) for one in _with(function, "sqs:ReceiveMessage")]
    own = function.removeprefix("on_").capitalize()
    assert taken == ([[f"${{{own}Arn}}"]] if function.startswith("on_") else [])


def test_packaged_roles_are_those_files_with_real_resources(made: Made) -> None:
    roles = [one for one in made.resources.values() if one["Type"] == "AWS::IAM::Role"]
    assert len(roles) == len(FUNCTIONS)
    assert "${DataStack}-TableArn" in str(roles)
    for role in roles:
        (policy,) = role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]:
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            assert all(list(resource) == ["Fn::Sub"] for resource in resources)
