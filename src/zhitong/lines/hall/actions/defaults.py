"""What ships: the catalogue; for applications sub-kinds, limits with their basis, lists of reasons."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Limit, Reason, SubKind, Unit, touch_catalogue
from zhitong.kernel.organisation.public import ImportResult

from ..choices import ItemKind
from ..models import Item
from .cases.relaxed import CHECK
from .cases.submitting import KIND
from .importing import import_catalogue

CATALOGUE = Path(__file__).parent.parent / "data" / "catalogue.csv"

# the kind of the item, in Chinese, in English
SUBKINDS = (
    (ItemKind.PERMIT, "行政许可", "Licence"),
    (ItemKind.CONFIRMATION, "行政确认", "Confirmation"),
    (ItemKind.REWARD, "行政奖励", "Reward"),
    (ItemKind.PAYMENT, "行政给付", "Benefit"),
    (ItemKind.OTHER_POWER, "其他行政权力", "Other power"),
    (ItemKind.PUBLIC_SERVICE, "公共服务", "Public service"),
)
CHECK_SUBKIND = ("commitment", "告知承诺", "Commitment")
# kind, clock, amount, unit, basis
LIMITS = (
    (CHECK, "check", 60, Unit.CALENDAR_DAYS, "《关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）：加强事中事后核查",
     "State Council opinions on commitments (2020, no. 42): promises are checked afterwards"),
    (KIND, "accept", 5, Unit.WORKING_DAYS, "《行政许可法》第三十二条：五日内决定是否受理或一次告知补正，逾期不告知的，自收到申请材料之日起即为受理",
     "Law on Administrative Licensing, article 32: accepted, or told once what is missing, within 5 days"),
    (KIND, "correct", 15, Unit.WORKING_DAYS, "区政务服务办件管理规定：自补正告知之日起15个工作日内补齐，逾期终止",
     "The district's rules: within 15 working days of the notice"),
    (KIND, "deliver", 10, Unit.WORKING_DAYS, "《行政许可法》第四十四条：自作出决定之日起十日内颁发、送达",
     "Law on Administrative Licensing, article 44: delivered within 10 days of the decision"),
    (KIND, "mail", 15, Unit.CALENDAR_DAYS, "区政务服务办件管理规定：寄出15日未反馈的视为收到",
     "The district's rules: taken to have come 15 days after it was sent"),
)  # fmt: skip
REASONS = {
    "not_accepted": (
        ("no_licence", "依法不需要取得许可", "By law no licence is needed"),
        ("not_competent", "不属于本机关职权范围，请向有关机关申请", "Not this authority's, another one is to be asked"),
        ("not_entitled", "申请人不具备申请资格", "The applicant is not entitled to apply"),
        ("not_corrected", "补正后仍不符合要求", "Still not as required after correction"),
    ),
    "special_step": (
        ("hearing", "听证", "Hearing"),
        ("bidding", "招标、拍卖", "Bidding or auction"),
        ("inspection", "检验、检测", "Inspection or test"),
        ("quarantine", "检疫", "Quarantine"),
        ("appraisal", "鉴定", "Appraisal"),
        ("experts", "专家评审", "Expert review"),
    ),
}


@transaction.atomic
def load_case_defaults(*, by: Actor) -> None:
    """Write what applications need and is not there yet; what the district changed stays as it is."""
    by.demand("settings.manage")
    for sort, (slug, name, name_en) in enumerate(SUBKINDS, start=1):
        SubKind.objects.get_or_create(
            kind=KIND, slug=slug,
            defaults={"name": name, "name_en": name_en, "sort": sort * 10, "is_private": True, "is_on_portal": False},
        )  # fmt: skip
    code, name, name_en = CHECK_SUBKIND
    more = {"name": name, "name_en": name_en, "sort": 10, "is_private": True, "is_on_portal": False}
    SubKind.objects.get_or_create(kind=CHECK, slug=code, defaults=more)
    for kind, clock, amount, unit, basis, basis_en in LIMITS:
        Limit.objects.get_or_create(
            kind=kind, clock=clock, subkind=None, category=None, urgency="",
            defaults={"amount": amount, "unit": unit, "basis": basis, "basis_en": basis_en},
        )  # fmt: skip
    for list_, entries in REASONS.items():
        for sort, (code, name, name_en) in enumerate(entries, start=1):
            Reason.objects.get_or_create(
                list=list_, slug=code, defaults={"name": name, "name_en": name_en, "sort": sort * 10}
            )
    touch_catalogue()


def load_defaults(*, by: Actor, at: datetime | None = None) -> ImportResult:
    """Write and publish what ships as far as it is not there yet; what the district has made of an item stays."""
    at = at or timezone.now()
    load_case_defaults(by=by)
    known = frozenset(Item.objects.values_list("code", flat=True))
    return import_catalogue(CATALOGUE, by=by, at=at, publish_on=timezone.localdate(at), leave=known)
