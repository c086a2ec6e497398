"""People of the small test world in the form in which the demo's acts take them."""

from quetsach_portal.demo_district.accounts import DemoPerson
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


def people_of(world: World, code: str, *roles: Role) -> list[DemoPerson]:
    """Return a person of the unit for each role."""
    unit = world.units[code]
    return [DemoPerson(world.user(code, role), role, unit, "not asked") for role in roles]
