"""The demo district's firms, plainly invented: numbers under a region that does not exist (379999), trades that a street has."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from zhitong.base.citizen import citizen_check, credit_check
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.register import public as register
from zhitong.kernel.register.public import Duty, Firm, FirmKind, HolderKind, NewFirm, NewHolder, NewOfficer, NewPerson
from zhitong.kernel.territory.public import Division, Level

from .organs import GIVEN, ROADS, SURNAMES

NOWHERE = "379999"  # a region code that was never given out
FIRMS = 60
PERSONA = "示范云杉科技有限公司"  # the firm that signs in by a click
NAMES = (
    "云杉", "青禾", "明湖", "千寻", "舜风", "泉涌", "鲁韵", "晨曦", "远航", "佳禾", "恒润", "兴隆", "宏图", "锦程", "博雅", "安居", "益民", "康宁",
    "绿野", "金穗", "蓝湾", "启航", "同辉", "众合", "天语", "福满", "春晓", "秋实", "星桥", "木棉",
)  # fmt: skip
TRADES = (  # word in the name, business scope, kinds it comes in
    ("科技", "软件开发；信息技术咨询服务；计算机系统服务；信息系统集成服务；数据处理服务。", "limited shares"),
    ("餐饮", "餐饮服务；食品销售；外卖递送服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动）", "limited individual"),
    ("商贸", "日用百货销售；文具用品零售；办公用品销售；五金产品零售；家用电器销售。", "limited individual"),
    ("建筑工程", "各类工程建设活动；住宅室内装饰装修；园林绿化工程施工；建筑材料销售。", "limited"),
    ("物业服务", "物业管理；家政服务；停车场服务；城市绿化管理；专业保洁、清洗、消毒服务。", "limited"),
    ("文化传媒", "广告设计、代理；广告制作；会议及展览服务；组织文化艺术交流活动；图文设计制作。", "limited sole"),
    ("蔬菜种植", "蔬菜种植；新鲜蔬菜批发；农产品的生产、销售、加工、运输、贮藏及其他相关服务。", "cooperative"),
    ("管理咨询", "企业管理咨询；信息咨询服务（不含许可类信息咨询服务）；市场营销策划；财务咨询。", "partnership limited"),
)  # fmt: skip
ENDINGS = {
    "limited": "有限公司", "shares": "股份有限公司", "individual": "店", "sole": "工作室", "cooperative": "专业合作社",
    "partnership": "中心（普通合伙）",
}  # fmt: skip
FIRST = {"individual": "92", "cooperative": "93"}
ORGAN = "示范区行政审批服务局"


class _Making:
    """One firm after another, each with people, numbers and a street of its own."""

    def __init__(self, seed: int, today: date) -> None:
        self.random, self.today = Random(seed), today
        self.streets = cycle(Division.objects.filter(level=Level.STREET).order_by("code"))
        self.serial = 0

    def citizen(self) -> str:
        born = date(1960, 1, 1) + timedelta(days=self.random.randrange(14_000))
        self.serial += 1
        first = f"{NOWHERE}{born:%Y%m%d}{self.serial % 1000:03d}"
        return first + citizen_check(first)

    def code(self, kind: str, number: int) -> str:
        first = f"{FIRST.get(kind, '91')}{NOWHERE}MA{number:06d}X"
        return first + credit_check(first)

    def name(self) -> str:
        return self.random.choice(SURNAMES) + "".join(self.random.sample(GIVEN, self.random.choice((1, 2, 2))))

    def person(self) -> NewPerson:
        number = self.citizen()
        return NewPerson(self.name(), f"1980000{self.serial:04d}", "", number)

    def firm(self, number: int) -> NewFirm:
        trade, scope, kinds = TRADES[number % len(TRADES)]
        kind = "limited" if number == 0 else self.random.choice(kinds.split())
        legal, street = self.person(), next(self.streets)
        is_company = kind in (FirmKind.LIMITED, FirmKind.SHARES)
        capital = Decimal(self.random.choice((50, 100, 200, 300, 500, 1000))) * 10_000 if is_company else None
        since = self.today - timedelta(days=self.random.randrange(400, 5_000))
        road = f"{self.random.choice(ROADS)}{self.random.randrange(1, 300)}号"
        return NewFirm(
            code=self.code(kind, number + 1), name=f"示范{NAMES[number % len(NAMES)]}{trade}{ENDINGS[kind]}", kind=kind, legal=legal,
            address=f"示范区{street.name}{road}{self.random.randrange(1, 25)}层", division_id=street.pk, capital=capital, scope=scope,
            established_on=since, term_until=None if self.random.random() < 0.6 else since.replace(year=since.year + 20, day=1),
            liaison=legal if self.random.random() < 0.3 else self.person(), registered_by=ORGAN,
            holders=self.holders(legal, capital, since) if capital else (), officers=self.officers(legal) if is_company else (),
        )  # fmt: skip

    def holders(self, legal: NewPerson, capital: Decimal, since: date) -> tuple[NewHolder, ...]:
        """One to three, whose shares add up."""
        due = since.replace(year=since.year + 5, day=1)
        shares = self.random.choice(((100,), (60, 40), (70, 30), (50, 30, 20)))
        people = [legal, *(self.person() for _share in shares[1:])]
        return tuple(
            NewHolder(one.name, capital * share / 100, HolderKind.PERSON, one.citizen_id, due_on=due)
            for one, share in zip(people, shares, strict=True)
        )

    def officers(self, legal: NewPerson) -> tuple[NewOfficer, ...]:
        other = self.person()
        return (
            NewOfficer(legal.name, Duty.EXECUTIVE, legal.citizen_id), NewOfficer(legal.name, Duty.MANAGER, legal.citizen_id),
            NewOfficer(other.name, Duty.SUPERVISOR, other.citizen_id),
        )  # fmt: skip


def build(by: Actor, at: datetime, seed: int) -> list[Firm]:
    """Register them all."""
    making = _Making(seed, at.date())
    return register.register_firms([making.firm(number) for number in range(FIRMS)], by=by, at=at)
