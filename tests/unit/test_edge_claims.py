"""From verified claims to the actor that the access rules know."""

from typing import Any

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.kernel.errors import NotAuthenticated

from .edge_tokens import MACHINE_KEY, World, individual


def machine(world: World, **claims: Any) -> Actor:
    """Authenticate a machine with its proof."""
    token = world.token(world.machine(**claims))
    return world.actor(f"DPoP {token}", proof=world.proof(token))


def professional(**claims: str) -> Actor:
    """Authenticate a professional."""
    world = World()
    return world.actor(f"Bearer {world.token(world.professional(**claims))}")


def test_a_person_is_known_by_a_keyed_hash_and_not_by_the_subject() -> None:
    world = World()
    actor = world.actor(f"Bearer {world.token(world.citizen())}")
    assert actor.kind is Kind.CITIZEN
    assert actor.id.startswith("citizen:")
    assert "subject-1" not in actor.id
    assert actor.name == "Alix Exemple"


def test_a_professional_acts_in_the_chosen_exercice_and_the_directory_names_the_place() -> None:
    assert professional() == Actor(
        Kind.PROFESSIONAL, "pro:899700000001", "Camille Modele", "10", "org:org-1", "Cabinet Exemple", "portal"
    )


@pytest.mark.parametrize(
    ("profession", "skill", "code"),
    [("10", "SM25", "10/SM25"), ("10", "SM26", "10"), ("60", "SI03", "60/IPA"), ("60", "", "60"), ("70", "", "70")],
)
def test_the_profession_is_the_code_of_the_access_matrix(profession: str, skill: str, code: str) -> None:
    assert professional(profession=profession, skill=skill).profession == code


@pytest.mark.abuse("A10")
@pytest.mark.parametrize(
    ("sector", "kind"),
    [("SA23", Kind.INSURER), ("SA24", Kind.HEALTH_FUND), ("SA26", Kind.STATE), ("SA44", Kind.EMPLOYER)],
)
def test_a_professional_in_a_forbidden_sector_is_of_that_kind_whatever_the_profession(sector: str, kind: Kind) -> None:
    assert professional(sector=sector).kind is kind


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("codeProfession", "60"),
        ("codeSavoirFaire", None),
        ("codeSavoirFaire", "SM40"),
        ("organisation", {"id": "org-2", "name": "Elsewhere"}),
        ("secteur", "SA01"),
    ],
)
def test_an_exercice_that_is_not_in_the_professionals_list_is_refused(member: str, value: object) -> None:
    world = World()
    claims = world.professional(skill="SM25")
    claims["exercice"] = {**claims["exercice"], member: value}
    with pytest.raises(NotAuthenticated):
        world.actor(f"Bearer {world.token(claims)}")


@pytest.mark.parametrize("name", ["SubjectNameID", "exercice", "SubjectRefPro", "family_name"])
def test_a_professional_token_without_a_claim_of_the_contract_is_refused(name: str) -> None:
    world = World()
    claims = world.professional()
    del claims[name]
    with pytest.raises(NotAuthenticated):
        world.actor(f"Bearer {world.token(claims)}")


@pytest.mark.parametrize("identifier", ["8997#x", "8997:x", "a@b.example", "", "x" * 65, "899\n"])
def test_an_identifier_that_could_split_a_key_is_refused(identifier: str) -> None:
    world = World()
    with pytest.raises(NotAuthenticated):
        world.actor(f"Bearer {world.token({**world.professional(), 'SubjectNameID': identifier})}")


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("deposit", Kind.SOFTWARE),
        ("regulation", Kind.SOFTWARE),
        ("enrolment", Kind.ENROLMENT),
        ("insurer", Kind.INSURER),
        ("mutuelle", Kind.MUTUELLE),
        ("employer", Kind.EMPLOYER),
        ("bank", Kind.BANK),
        ("state", Kind.STATE),
        ("health_fund", Kind.HEALTH_FUND),
    ],
)
def test_a_machine_is_of_the_kind_it_is_registered_for(role: str, kind: Kind) -> None:
    actor = machine(World(), role=role)
    assert (actor.kind, actor.id, actor.organisation) == (kind, "client:his-1", "org:org-1")


def test_a_machine_with_a_professional_behind_it_acts_for_the_professional() -> None:
    actor = machine(World(), **individual())
    assert (actor.kind, actor.id, actor.client) == (Kind.PROFESSIONAL, "pro:899700000001", "his-1")


@pytest.mark.abuse("A06")
def test_only_the_software_of_an_emergency_call_centre_makes_a_regulator() -> None:
    regulator = machine(World(), role="regulation", **individual())
    assert (regulator.kind, regulator.regulator) == (Kind.PROFESSIONAL, True)
    assert not machine(World(), **individual()).regulator
    assert not machine(World(), role="regulation").regulator
    assert not professional().regulator


@pytest.mark.abuse("A10")
@pytest.mark.parametrize("role", ["insurer", "bank", "health_fund"])
def test_a_forbidden_machine_stays_forbidden_with_a_professional_behind_it(role: str) -> None:
    assert machine(World(), role=role, **individual()).kind is Kind(role)


@pytest.mark.abuse("A16")
def test_a_machine_cannot_act_for_a_professional_of_another_organisation() -> None:
    with pytest.raises(NotAuthenticated):
        machine(World(), **individual(organisation="org-2"))


def test_half_of_the_professionals_claims_do_not_make_plain_software() -> None:
    claims = individual()
    del claims["SubjectNameID"]
    with pytest.raises(NotAuthenticated):
        machine(World(), **claims)


@pytest.mark.parametrize("role", ["admin", "", "DEPOSIT", "support"])
def test_an_unknown_role_is_refused(role: str) -> None:
    with pytest.raises(NotAuthenticated):
        machine(World(), role=role)


def test_the_help_desk_is_support_and_nothing_else() -> None:
    world = World()
    assert world.actor(f"Bearer {world.token(world.staff())}") == Actor(
        Kind.SUPPORT, "staff:subject-1", client="portal"
    )
    with pytest.raises(NotAuthenticated):
        world.actor(f"Bearer {world.token({**world.staff(), 'role': 'admin'})}")


@pytest.mark.parametrize("claims", ["citizen", "professional", "staff"])
def test_the_claims_of_one_kind_are_worth_nothing_from_the_issuer_of_another(claims: str) -> None:
    world = World()
    for issuer in ("https://citizens.example", "https://professionals.example", "https://staff.example"):
        made = {**getattr(world, claims)(), "iss": issuer}
        if getattr(world, claims)()["iss"] == issuer or (claims, issuer) == (
            "professional",
            "https://citizens.example",
        ):
            continue
        with pytest.raises(NotAuthenticated):
            world.actor(f"Bearer {world.token(made)}")


@pytest.mark.abuse("I02")
def test_control_and_direction_marks_are_dropped_from_names() -> None:
    world = World()
    claims = {**world.citizen(), "given_name": "Al\u202eix\u0000", "family_name": "Ex\r\nemple\u200b"}
    assert world.actor(f"Bearer {world.token(claims)}").name == "Alix Exemple"


def test_a_machine_without_a_bound_key_is_refused() -> None:
    world = World()
    claims = world.machine()
    del claims["cnf"]
    token = world.token(claims)
    for scheme in ("Bearer", "DPoP"):
        with pytest.raises(NotAuthenticated):
            world.actor(f"{scheme} {token}", proof=world.proof(token, MACHINE_KEY))
