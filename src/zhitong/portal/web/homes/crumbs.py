"""Where one is: homes, building, unit, household."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhitong.kernel.register import public as register

Crumb = tuple[str, str | None]


def root() -> list[Crumb]:
    """The list."""
    return [(_("人房登记"), reverse("portal:homes"))]


def of_building(building: register.Building) -> list[Crumb]:
    """Down to a building."""
    return [*root(), (building.name, reverse("portal:home_building", args=[building.pk]))]


def of_household(household: register.Household) -> list[Crumb]:
    """Down to a household."""
    unit = household.unit
    here = (str(unit), reverse("portal:household", args=[household.pk]))
    return [*of_building(unit.building), here]


def ending(crumbs: list[Crumb], *words: Any) -> list[Crumb]:
    """With what this page is."""
    return [*crumbs, *((str(word), None) for word in words)]
