"""What ships: the catalogue and bundles of its items; for applications sub-kinds, limits with their basis, lists of reasons."""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Limit, SubKind, Unit, supply, supply_reasons, touch_catalogue
from zhitong.kernel.organisation.public import ImportResult, organs_on

from ..choices import ItemKind
from ..models import Bundle, Item
from ..queries.agency import KIND as AGENCY
from ..queries.bundles import KIND as BUNDLE
from ..queries.bundles import problems_of_bundle
from .agency import SUBKIND as ERRAND
from .bundles import create_bundle, publish_bundle
from .bundles.submitting import SUBKIND as ONE_THING
from .cases.relaxed import CHECK
from .cases.submitting import KIND
from .importing import import_catalogue

DATA = Path(__file__).parent.parent / "data"
CATALOGUE, QUESTIONS, BUNDLES = DATA / "catalogue.csv", DATA / "questions.csv", DATA / "bundles.json"

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
AGENCY_SUBKIND = (ERRAND, "帮办代办", "Agent")
BUNDLE_SUBKIND = (ONE_THING, "一件事一次办", "One thing, one time")
# kind, clock, amount, unit, basis
LIMITS = (
    (CHECK, "check", 60, Unit.CALENDAR_DAYS, "《关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）：加强事中事后核查",
     "State Council opinions on commitments (2020, no. 42): promises are checked afterwards"),
    (AGENCY, "take", 1, Unit.WORKING_DAYS, "区帮办代办服务规范：1个工作日内接单联系",
     "The district's rules: an agent calls within one working day"),
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
    apart = ((CHECK, 1, CHECK_SUBKIND), (BUNDLE, 1, BUNDLE_SUBKIND), (AGENCY, 1, AGENCY_SUBKIND))
    supply(
        *(
            SubKind(
                kind=kind, slug=slug, name=name, name_en=name_en, sort=sort * 10, is_private=True, is_on_portal=False
            )
            for kind, sort, (slug, name, name_en) in (*((KIND, *one) for one in enumerate(SUBKINDS, start=1)), *apart)
        )
    )
    supply(
        *(
            Limit(kind=kind, clock=clock, amount=amount, unit=unit, basis=basis, basis_en=basis_en)
            for kind, clock, amount, unit, basis, basis_en in LIMITS
        )
    )
    supply_reasons(REASONS)
    touch_catalogue()


def load_defaults(*, by: Actor, at: datetime | None = None) -> ImportResult:
    """Write and publish what ships as far as it is not there yet; what the district has made of an item stays."""
    at = at or timezone.now()
    load_case_defaults(by=by)
    known = frozenset(Item.objects.values_list("code", flat=True))
    done = import_catalogue(
        CATALOGUE, by=by, at=at, publish_on=timezone.localdate(at), leave=known, questions=QUESTIONS
    )
    load_bundles(by=by, at=at)
    return done


@transaction.atomic
def load_bundles(*, by: Actor, at: datetime, path: Path = BUNDLES) -> list[Bundle]:
    """Write and publish the bundles of a file as far as they are not there yet, and the district has their items and organs."""
    known = organs_on(timezone.localdate(at))
    made = []
    for one in json.loads(path.read_text(encoding="utf-8")):
        organs = [organ for organ in known if organ.name.endswith(one["organ"])]
        if len(organs) != 1 or Bundle.objects.filter(code=one["code"]).exists():
            continue
        fields = {name: one.get(name, "") for name in ("name", "topic", "everyday", "lead")}
        bundle = create_bundle(
            code=one["code"], organ_id=organs[0].id, definition=one["definition"], by=by, at=at, **fields
        )
        if not problems_of_bundle(bundle, at):
            publish_bundle(bundle.pk, by=by, at=at)
        made.append(bundle)
    return made
