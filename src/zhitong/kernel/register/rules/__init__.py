"""Pure rules of the register."""

from .firms import NewFirm, NewHolder, NewOfficer, held, is_number_right, wrong_parts
from .people import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    Given,
    NewPerson,
    check,
    choose,
    email,
    identity,
    kinds,
    mask_email,
    name_key,
)

__all__ = [
    "LONGEST_EMAIL", "LONGEST_NAME", "Given", "NewFirm", "NewHolder", "NewOfficer", "NewPerson", "check", "choose", "email",
    "held", "identity", "is_number_right", "kinds", "mask_email", "name_key", "wrong_parts",
]  # fmt: skip
