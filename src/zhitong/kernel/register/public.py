"""The door of the register: persons and how they are reached, firms and who stands behind them."""

from .actions import (
    Found,
    change_firm,
    find_or_create_many,
    find_or_create_person,
    import_firms,
    import_firms_content,
    prepare,
    refusals,
    register_firms,
    reveal,
    rotate_keys,
    undo_change,
)
from .actions.correcting import correct_person
from .actions.forgetting import forget_people
from .actions.households import (
    change_household,
    change_residence,
    end_household,
    move_in,
    move_out,
    open_household,
)
from .actions.merging import merge_households, merge_people, undo_merge
from .actions.places import add_buildings, add_units, change_building, change_unit
from .actions.residents import change_person
from .actions.tags import end_tag, keep_tag_kind, put_tag
from .actions.versions import Stale
from .choices import (
    BuildingKind,
    ContactKind,
    Contribution,
    Duty,
    FirmKind,
    FirmState,
    Gender,
    HolderKind,
    HouseholdKind,
    ResidenceKind,
    Role,
    TagSubject,
    UnitUse,
)
from .models import Building, Contact, Firm, Holder, Household, Merge, Officer, Person, Residence, Tag, TagKind, Unit
from .permissions import EXPORT_FULL, MANAGE_FIRMS, MANAGE_HOMES, TAG_KINDS, VIEW_FIRMS, VIEW_HOMES
from .queries import (
    MaskedPerson,
    contacts_of,
    find_by_citizen_id,
    find_by_email,
    find_by_phone,
    masked,
    reached_by,
)
from .queries.firms import (
    FoundFirms,
    find_firm,
    firm_for,
    firm_in_full,
    firms_of_person,
    given_of,
    is_name_taken,
    people_of,
    people_of_firms,
    phone_of,
    search_firms,
    template_csv,
)
from .queries.homes import (
    BuildingIn,
    BuildingPoint,
    Homes,
    HouseholdIn,
    UnitIn,
    building_for,
    building_points,
    homes_in,
    household_for,
    households_of_unit,
    person_for,
    read_homes,
    residence_for,
    residences_of,
    residents_of,
    tag_for,
    tag_kind,
    tag_kinds,
    tags_on,
    unit_for,
    visible_buildings,
    visible_households,
    visible_people,
    visible_units,
)
from .queries.homes_list import BuildingPage, FoundHomes, buildings_in, places_of, search_homes, tagged_people
from .queries.likely import Likely, likely_same, merge_for, merged_into, merges_of
from .rules import Given, NewFirm, NewHolder, NewOfficer, NewPerson, held, is_number_right
from .rules.homes import NewBuilding, NewResident, NewUnit
from .web.session import actor_for_firm, as_firm, firm_of

__all__ = [
    "EXPORT_FULL", "MANAGE_FIRMS", "MANAGE_HOMES", "TAG_KINDS", "VIEW_FIRMS", "VIEW_HOMES", "Building", "BuildingIn",
    "BuildingKind", "BuildingPage", "BuildingPoint", "Contact", "ContactKind", "Contribution", "Duty", "Firm",
    "FirmKind", "FirmState", "Found", "FoundFirms", "FoundHomes", "Gender", "Given", "Holder", "HolderKind", "Homes",
    "Household", "HouseholdIn", "HouseholdKind", "Likely", "MaskedPerson", "Merge", "NewBuilding", "NewFirm",
    "NewHolder", "NewOfficer", "NewPerson", "NewResident", "NewUnit", "Officer", "Person", "Residence",
    "ResidenceKind", "Role", "Stale", "Tag", "TagKind", "TagSubject", "Unit", "UnitIn", "UnitUse", "actor_for_firm",
    "add_buildings", "add_units", "as_firm", "building_for", "building_points", "buildings_in", "change_building",
    "change_firm", "change_household", "change_person", "change_residence", "change_unit", "contacts_of",
    "correct_person", "end_household", "end_tag", "find_by_citizen_id", "find_by_email", "find_by_phone", "find_firm",
    "find_or_create_many", "find_or_create_person", "firm_for", "firm_in_full", "firm_of", "firms_of_person",
    "forget_people", "given_of", "held", "homes_in", "household_for", "households_of_unit", "import_firms",
    "import_firms_content", "is_name_taken", "is_number_right", "keep_tag_kind", "likely_same", "masked", "merge_for",
    "merge_households", "merge_people", "merged_into", "merges_of", "move_in", "move_out", "open_household",
    "people_of", "people_of_firms", "person_for", "phone_of", "places_of", "prepare", "put_tag", "reached_by",
    "read_homes", "refusals", "register_firms", "residence_for", "residences_of", "residents_of", "reveal",
    "rotate_keys", "search_firms", "search_homes", "tag_for", "tag_kind", "tag_kinds", "tagged_people", "tags_on",
    "template_csv", "undo_change", "undo_merge", "unit_for", "visible_buildings", "visible_households",
    "visible_people", "visible_units",
]  # fmt: skip
