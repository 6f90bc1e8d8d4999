"""The limits that a version gives to an application, as clocks take them over."""

from zhitong.kernel.matters.public import Terms, Unit

from ..models import Application, Version
from ..rules import cases as rules
from ..rules.bundles import TAKEN_IN_WITHIN

MODERATE, SEVERE = 50, 100


def terms_under(version: Version, case: Application, *, is_part: bool = False) -> dict[str, Terms | None]:
    """The limits of one application under a version; part of a bundle is also taken in within a limit of its own."""
    assert version.effective_on is not None
    found = rules.limits(
        number=version.number, since=version.effective_on, basis=version.basis,
        statutory=version.statutory_days or 0, promised=version.promised_days or 0,
        is_simulated=case.is_simulated, is_deferred=case.has_deferred,
    )  # fmt: skip
    if is_part:
        found = {**found, "accept": rules.taking_in(TAKEN_IN_WITHIN)}
    return {
        slug: Terms(days.amount, Unit.WORKING_DAYS, days.basis, days.basis_en, MODERATE, SEVERE) if days else None
        for slug, days in found.items()
    }
