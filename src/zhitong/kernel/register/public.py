"""The door of the register: persons and how they are reached, firms and who stands behind them."""

from .actions import (
    Found,
    change_firm,
    find_or_create_many,
    find_or_create_person,
    import_firms,
    import_firms_content,
    prepare,
    register_firms,
    reveal,
    rotate_keys,
)
from .actions.correcting import correct_person
from .actions.forgetting import forget_people
from .choices import ContactKind, Contribution, Duty, FirmKind, FirmState, Gender, HolderKind
from .models import Contact, Firm, Holder, Officer, Person
from .permissions import MANAGE_FIRMS, VIEW_FIRMS
from .queries import (
    MaskedPerson,
    contacts_of,
    find_by_citizen_id,
    find_by_email,
    find_by_phone,
    masked,
)
from .queries.firms import (
    FoundFirms,
    find_firm,
    firm_for,
    firm_in_full,
    given_of,
    is_name_taken,
    people_of,
    people_of_firms,
    phone_of,
    search_firms,
    template_csv,
)
from .rules import Given, NewFirm, NewHolder, NewOfficer, NewPerson, held, is_number_right

__all__ = [
    "MANAGE_FIRMS", "VIEW_FIRMS", "Contact", "ContactKind", "Contribution", "Duty", "Firm", "FirmKind", "FirmState", "Found",
    "FoundFirms", "Gender", "Given", "Holder", "HolderKind", "MaskedPerson", "NewFirm", "NewHolder", "NewOfficer", "NewPerson",
    "Officer", "Person", "change_firm", "contacts_of", "correct_person", "find_by_citizen_id", "find_by_email", "find_by_phone",
    "find_firm", "find_or_create_many", "find_or_create_person", "firm_for", "firm_in_full", "forget_people", "given_of", "held",
    "import_firms", "import_firms_content", "is_name_taken", "is_number_right", "masked", "people_of", "people_of_firms",
    "phone_of", "prepare", "register_firms", "reveal", "rotate_keys", "search_firms", "template_csv",
]  # fmt: skip
