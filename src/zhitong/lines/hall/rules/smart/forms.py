"""The documents that ship: wording and layout as the registration authorities' forms have them (2024)."""

from zhitong.kernel.papers.public import Fact, P, Table, plain, right

from .documents import (
    COMMON,
    HOLDERS,
    Document,
    Facts,
    change_rows,
    declare_document,
    holder_rows,
    is_resolved,
    resolutions,
    share_text,
    sums,
)
from .members import DUTY_TEXT
from .parts import Case, day_text, money
from .plain import PREMISES_TEXT

CHANGES = Fact(
    "changes", "变更事项", ({"item": "公司名称", "before": "示范云杉科技有限公司", "after": "示范云帆科技有限公司"},),
    (("item", "事项"), ("before", "原登记内容"), ("after", "变更后内容")),
)  # fmt: skip
TEXTS = Fact(
    "texts",
    "决议事项",
    ({"text": "一、公司名称由“示范云杉科技有限公司”变更为“示范云帆科技有限公司”。"},),
    (("text", "内容"),),
)
PAPERS = Fact(
    "papers", "材料目录", ({"number": "1", "name": "公司登记（备案）申请书"},), (("number", "序号"), ("name", "名称"))
)
OFFICERS = Fact(
    "officers", "人员", ({"duty": "执行公司事务的董事", "name": "张一", "number": "379999198001010014"},),
    (("duty", "职务"), ("name", "姓名"), ("number", "证件号码")),
)  # fmt: skip
SEALED = (right("公司（盖章）："), right("法定代表人签字："), right("{{ 申请日期 }}"))
IDENTITY = plain("公司名称：{{ 公司名称 }}　　统一社会信用代码：{{ 统一社会信用代码 }}", size=14)
CHANGE_TABLE = Table(
    (3.2, 6.2, 6.2),
    (("事项", "原登记内容", "变更后内容"), ("{{ 行.事项 }}", "{{ 行.原登记内容 }}", "{{ 行.变更后内容 }}")),
    "行 in 变更事项",
)
HOLDER_TABLE = Table(
    (3.6, 4.0, 2.4, 1.8, 1.8, 2.6),
    (("股东", "证照号码", "认缴出资", "比例", "方式", "出资日期"),
     ("{{ 行.名称 }}", "{{ 行.证照号码 }}", "{{ 行.认缴出资 }}", "{{ 行.出资比例 }}", "{{ 行.出资方式 }}", "{{ 行.出资日期 }}")), "行 in 股东",
)  # fmt: skip
SIGNED_BY_HOLDERS = (
    plain("股东签字（盖章）："),
    Table((7.8, 7.8), (("股东", "签字（盖章）"), ("{{ 行.名称 }}", "")), "行 in 股东"),
    right("{{ 决议日期 }}"),
)


def _application(case: Case) -> list[Facts]:
    return [{"changes": change_rows(case)}]


APPLICATION = Document(
    "smart_application", "公司登记（备案）申请书", (*COMMON, CHANGES, PAPERS),
    (
        plain("申请人（现登记名称）：{{ 公司名称 }}"),
        Table((4.0, 11.6), (
            ("项目", "变更后的登记内容"), ("公司名称", "{{ 变更后公司名称 }}"),
            ("统一社会信用代码", "{{ 统一社会信用代码 }}"), ("公司类型", "{{ 公司类型 }}"),
            ("住所", "{{ 住所 }}"), ("法定代表人", "{{ 法定代表人 }}"), ("注册资本", "{{ 注册资本 }}（{{ 注册资本大写 }}）"),
            ("成立日期", "{{ 成立日期 }}"), ("营业期限", "{{ 营业期限 }}"), ("经办人", "{{ 经办人 }}，{{ 经办人手机号 }}"),
        )),
        plain("变更（备案）事项", bold=True), CHANGE_TABLE,
        plain("提交的材料", bold=True), Table((2.0, 13.6), (("序号", "材料名称"), ("{{ 行.序号 }}", "{{ 行.名称 }}")), "行 in 材料目录"),
        P("本公司依照《中华人民共和国公司法》《中华人民共和国市场主体登记管理条例》及相关规定申请登记、备案，提交材料真实有效。"
          "通过联络员登录国家企业信用信息公示系统公示的信息及时、真实、准确、完整。"),
        *SEALED,
    ),
    make=_application, is_needed=lambda case: bool(case.kinds), order=10,
)  # fmt: skip


def _resolution(case: Case) -> list[Facts]:
    before = holder_rows(case.before)
    return [{"texts": resolutions(case), "voters": before}]


VOTERS = Fact("voters", "股东", HOLDERS.sample, HOLDERS.columns)
RESOLUTION = Document(
    "smart_resolution", "股东会决议", (*COMMON, TEXTS, VOTERS),
    (
        plain("公司名称：{{ 公司名称 }}"),
        P("公司于{{ 决议日期 }}召开股东会会议。会议的召集、通知和表决符合《中华人民共和国公司法》及公司章程的规定，全体股东到会，"
          "代表公司百分之百表决权。经全体股东一致同意，作出如下决议："),
        Table((15.6,), (("{{ 行.内容 }}",),), "行 in 决议事项", head=False),
        *SIGNED_BY_HOLDERS,
    ),
    make=_resolution, is_needed=lambda case: is_resolved(case) and len(case.before.holders) != 1, order=20,
)  # fmt: skip
DECISION = Document(
    "smart_decision", "股东决定", (*COMMON, TEXTS, VOTERS),
    (
        plain("公司名称：{{ 公司名称 }}"),
        P("根据《中华人民共和国公司法》及公司章程的规定，本公司股东作出如下决定："),
        Table((15.6,), (("{{ 行.内容 }}",),), "行 in 决议事项", head=False),
        *SIGNED_BY_HOLDERS,
    ),
    make=_resolution, is_needed=lambda case: is_resolved(case) and len(case.before.holders) == 1, order=20,
)  # fmt: skip
AMENDMENT = Document(
    "smart_amendment", "章程修正案", (*COMMON, CHANGES),
    (
        P("根据《中华人民共和国公司法》及公司章程的规定，{{ 公司名称 }}于{{ 决议日期 }}对公司章程作如下修改："),
        CHANGE_TABLE, P("公司章程的其他条款不变。"), right("{{ 变更后公司名称 }}（盖章）"), right("法定代表人签字："), right("{{ 决议日期 }}"),
    ),
    make=lambda case: [{"changes": change_rows(case, charter=True)}],
    is_needed=lambda case: any(kind.in_charter for kind in case.kinds), order=30,
)  # fmt: skip


def _officer_rows(case: Case) -> list[dict[str, str]]:
    return [{"duty": DUTY_TEXT[o.duty], "name": o.name, "number": o.citizen_id} for o in case.after.officers]


APPOINTMENT = Document(
    "smart_appointment", "任免职文件", (*COMMON, OFFICERS, Fact("old_legal", "原法定代表人", "王三")),
    (
        P("根据《中华人民共和国公司法》及公司章程的规定，{{ 公司名称 }}于{{ 决议日期 }}决定：公司的法定代表人为{{ 法定代表人 }}"
          "（原法定代表人为{{ 原法定代表人 }}）；公司的董事、监事、经理为下列人员，原任职与此不一致的予以免去。"),
        Table((6.0, 4.0, 5.6), (("职务", "姓名", "证件号码"), ("{{ 行.职务 }}", "{{ 行.姓名 }}", "{{ 行.证件号码 }}")), "行 in 人员"),
        P("上述人员的任职资格符合法律、行政法规的规定。"), right("股东（董事）签字："), right("公司（盖章）："), right("{{ 决议日期 }}"),
    ),
    make=lambda case: [{"officers": _officer_rows(case), "old_legal": case.before.legal.name}], order=40,
)  # fmt: skip


def _legal(case: Case) -> list[Facts]:
    one = case.after.legal
    post = next((DUTY_TEXT[o.duty] for o in case.after.officers if o.name == one.name), "")
    return [{"legal_id": one.citizen_id, "legal_phone": one.phone, "legal_post": post}]


LEGAL_SHEET = Document(
    "smart_legal", "法定代表人信息登记表",
    (*COMMON, Fact("legal_id", "法定代表人身份证号", "379999198001010014"), Fact("legal_phone", "法定代表人电话", "13800000001"),
     Fact("legal_post", "法定代表人职务", "执行公司事务的董事")),
    (
        IDENTITY,
        Table((4.0, 11.6), (
            ("项目", "内容"), ("姓名", "{{ 法定代表人 }}"), ("职务", "{{ 法定代表人职务 }}"), ("身份证件类型", "居民身份证"),
            ("身份证件号码", "{{ 法定代表人身份证号 }}"), ("移动电话", "{{ 法定代表人电话 }}"),
        )),
        P("（身份证件复、影印件粘贴处）"),
        P("拟任法定代表人不存在《中华人民共和国公司法》第一百七十八条、"
        "《中华人民共和国市场主体登记管理条例》第十二条规定的不得担任法定代表人的情形。"),
        right("拟任法定代表人签字："), right("{{ 申请日期 }}"),
    ),
    make=_legal, order=50,
)  # fmt: skip
OFFICERS_SHEET = Document(
    "smart_officers", "董事、监事、经理信息表", (*COMMON, OFFICERS),
    (
        IDENTITY,
        Table((6.0, 4.0, 5.6), (("职务", "姓名", "证件号码"), ("{{ 行.职务 }}", "{{ 行.姓名 }}", "{{ 行.证件号码 }}")), "行 in 人员"),
        P("（每人的身份证件复、影印件附后）"), *SEALED,
    ),
    make=lambda case: [{"officers": _officer_rows(case)}], order=60,
)  # fmt: skip
HOLDERS_SHEET = Document(
    "smart_holders", "股东（发起人）出资情况表", (*COMMON, HOLDERS),
    (
        IDENTITY, plain("注册资本：{{ 注册资本 }}（人民币{{ 注册资本大写 }}）"), HOLDER_TABLE, *SEALED,
    ),
    make=lambda case: [{"holders": holder_rows(case.after)}], order=70,
)  # fmt: skip


def _transfers(case: Case) -> list[Facts]:
    """One agreement for each transfer."""
    numbers = {h.name: h.number for h in (*case.after.holders, *case.before.holders)}
    return [
        {
            "seller": row["seller"] or "", "seller_id": numbers.get(row["seller"] or "", ""), "buyer": row["buyer"] or "",
            "buyer_id": row["number"] or numbers.get(row["buyer"] or "", ""), **sums("share", row["amount"]), **sums("price", row["price"]),
            "percent": share_text(money(row["amount"]), money(case.before.capital)), "agreed_on": day_text(case.values.get("agreed_on")),
        }
        for row in case.values.get("transfers") or ()
    ]  # fmt: skip


TRANSFER_AGREEMENT = Document(
    "smart_transfer", "股权转让协议",
    (*COMMON, Fact("seller", "转让方", "张一"), Fact("seller_id", "转让方证照号码", "379999198001010014"), Fact("buyer", "受让方", "王三"),
     Fact("buyer_id", "受让方证照号码", "379999198001010030"), Fact("share", "转让出资额", "40万元"), Fact("share_words", "转让出资额大写",
     "肆拾万元整"),
     Fact("price", "转让价款", "40万元"), Fact("price_words", "转让价款大写", "肆拾万元整"), Fact("percent", "转让比例", "40%"),
     Fact("agreed_on", "签订日期", "2026年3月1日")),
    (
        plain("转让方（甲方）：{{ 转让方 }}　　证照号码：{{ 转让方证照号码 }}"),
        plain("受让方（乙方）：{{ 受让方 }}　　证照号码：{{ 受让方证照号码 }}"),
        P("甲、乙双方就{{ 公司名称 }}（统一社会信用代码{{ 统一社会信用代码 }}）的股权转让，协商一致，订立本协议："),
        P("一、甲方将其持有的公司{{ 转让比例 }}的股权（认缴出资额{{ 转让出资额 }}，大写人民币{{ 转让出资额大写 }}）转让给乙方，乙方同意受让。"),
        P("二、转让价款为{{ 转让价款 }}（大写人民币{{ 转让价款大写 }}），乙方应于本协议签订之日起三十日内付清。"),
        P("三、甲方保证对所转让的股权有完全的处分权，未设定质押，未被查封，并已就转让事项书面通知其他股东。"),
        P("四、自本协议签订之日起，乙方享有所受让股权对应的股东权利，承担股东义务；尚未缴足的出资由乙方按期缴纳。"),
        P("五、因本协议发生争议的，双方协商解决；协商不成的，向公司住所地人民法院提起诉讼。"),
        P("六、本协议自双方签字（盖章）之日起生效，一式四份，双方各执一份，公司留存一份，报登记机关一份。"),
        plain("甲方（签字、盖章）：　　　　　　　　乙方（签字、盖章）："), right("{{ 签订日期 }}"),
    ),
    make=_transfers, order=35,
)  # fmt: skip


def _premises(case: Case) -> list[Facts]:
    values = case.values
    until = day_text(values.get("lease_until"))
    way = PREMISES_TEXT.get(values.get("premises") or "", "")
    return [{"way": f"{way}，租赁期限至{until}" if until else way, "owner": values.get("owner") or ""}]


PREMISES = Document(
    "smart_premises", "住所（经营场所）承诺书", (*COMMON, Fact("way", "使用方式", "租赁，租赁期限至2030年1月1日"), Fact("owner", "产权人", "李二")),
    (
        plain("{{ 登记机关 }}："),
        P("{{ 公司名称 }}申请将住所登记为：{{ 住所 }}。该房屋产权人为{{ 产权人 }}，使用方式为{{ 使用方式 }}。本公司承诺："),
        P("一、已取得该房屋的合法使用权，所填地址真实、准确，能够收到寄往该地址的文书。"),
        P("二、该房屋不属于违法建筑、危险建筑、被征收房屋等依法不得用作住所的房屋；利用住宅从事经营的，已经有利害关系的业主一致同意。"),
        P("三、遵守规划、消防、环境保护、安全生产等规定。承诺不实的，自行承担法律责任。"), *SEALED,
    ),
    make=_premises, order=80,
)  # fmt: skip
LIAISON_SHEET = Document(
    "smart_liaison", "联络员信息表",
    (*COMMON, Fact("liaison", "联络员", "李二"), Fact("liaison_id", "联络员身份证号", "379999198001010014"), Fact("liaison_phone",
    "联络员手机号", "13800000002")),
    (
        IDENTITY,
        Table((4.0, 11.6), (("项目", "内容"), ("姓名", "{{ 联络员 }}"), ("身份证件号码", "{{ 联络员身份证号 }}"), ("移动电话",
        "{{ 联络员手机号 }}"))),
        P("联络员负责企业与登记机关的联系，并登录国家企业信用信息公示系统依法公示企业有关信息。"), *SEALED,
    ),
    make=lambda case: [
        {"liaison": case.after.liaison.name, "liaison_id": case.after.liaison.citizen_id, "liaison_phone": case.after.liaison.phone}
    ], order=90,
)  # fmt: skip
DEBT_TEXT = {
    "paid": "公司债务已经清偿",
    "secured": "公司已对未清偿的债务提供相应的担保",
    "none": "公告期内没有债权人提出清偿债务或者提供担保的要求",
}
DEBTS = Document(
    "smart_debts", "债务清偿及担保情况说明",
    (*COMMON, Fact("notice_on", "公告日期", "2026年1月1日"), Fact("debts", "债务情况", "公司债务已经清偿"), Fact("old_capital", "原注册资本",
    "200万元"),
     Fact("old_capital_words", "原注册资本大写", "贰佰万元整")),
    (
        plain("{{ 登记机关 }}："),
        P("{{ 公司名称 }}于{{ 决议日期 }}作出减少注册资本的决议，"
        "注册资本由{{ 原注册资本 }}（{{ 原注册资本大写 }}）减少至{{ 注册资本 }}（{{ 注册资本大写 }}）。"
          "公司编制了资产负债表和财产清单，自作出决议之日起十日内通知债权人，并于{{ 公告日期 }}公告，已满四十五日。"),
        P("现{{ 债务情况 }}。公司和全体股东对上述情况的真实性负责。"), right("全体股东签字（盖章）："), *SEALED,
    ),
    make=lambda case: [{
        "notice_on": day_text(case.values.get("notice_on")), "debts": DEBT_TEXT.get(case.values.get("debts") or "", ""),
        **sums("old_capital", case.before.capital),
    }], order=100,
)  # fmt: skip
BRANCH_SHEET = Document(
    "smart_branch", "分公司备案表",
    (*COMMON, Fact("branch", "分公司名称", "示范云杉科技有限公司第一分公司"), Fact("branch_code", "分公司代码", "91379999MA000002XP"),
     Fact("branch_address", "分公司经营场所", "示范路2号"), Fact("branch_head", "分公司负责人", "李二"), Fact("branch_on", "分公司成立日期",
     "2026年2月1日")),
    (
        IDENTITY,
        Table((4.6, 11.0), (
            ("项目", "内容"), ("分公司名称", "{{ 分公司名称 }}"), ("统一社会信用代码", "{{ 分公司代码 }}"), ("经营场所", "{{ 分公司经营场所 }}"),
            ("负责人", "{{ 分公司负责人 }}"), ("成立日期", "{{ 分公司成立日期 }}"),
        )),
        P("（分公司营业执照复印件附后）"), *SEALED,
    ),
    make=lambda case: [{
        "branch": case.values.get("branch_name") or "", "branch_code": case.values.get("branch_code") or "",
        "branch_address": case.values.get("branch_address") or "", "branch_head": case.values.get("branch_head") or "",
        "branch_on": day_text(case.values.get("branch_on")),
    }], order=110,
)  # fmt: skip
COMMITMENT = Document(
    "smart_commitment", "申请人承诺书", COMMON,
    (
        plain("{{ 登记机关 }}："),
        P("{{ 公司名称 }}（统一社会信用代码{{ 统一社会信用代码 }}）申请变更登记（备案），郑重承诺："),
        P("一、提交的材料真实、合法、有效，签字（盖章）均为本人（本单位）所为，电子文件与纸质文件一致。"),
        P("二、经营范围中属于依法须经批准的项目，取得批准后方开展经营活动。"),
        P("三、依法履行年度报告和信息公示义务，诚信经营。提交虚假材料取得登记的，愿意依法承担被撤销登记等法律责任。"), *SEALED,
    ),
    is_needed=lambda case: bool(case.kinds), order=120,
)  # fmt: skip
MANDATE = Document(
    "smart_mandate", "授权委托书", COMMON,
    (
        plain("委托人：{{ 公司名称 }}"), plain("受托人：{{ 经办人 }}　　身份证号：{{ 经办人身份证号 }}　　手机号：{{ 经办人手机号 }}", size=14),
        P("兹委托上述受托人办理{{ 公司名称 }}的变更登记（备案）。受托人的权限：核对登记材料中的复印件并签署核对意见；修改自备材料中的填写错误；"
          "修改有关表格的填写错误；领取营业执照和有关文书。"),
        P("委托期限自{{ 申请日期 }}起三个月。"), plain("受托人签字："), plain("（受托人身份证件复、影印件附后）"), *SEALED,
    ),
    is_needed=lambda case: bool(case.kinds), order=130,
)  # fmt: skip


def declare() -> None:
    """Tell of all of them."""
    declare_document(
        APPLICATION, RESOLUTION, DECISION, AMENDMENT, TRANSFER_AGREEMENT, APPOINTMENT, LEGAL_SHEET, OFFICERS_SHEET, HOLDERS_SHEET,
        PREMISES, LIAISON_SHEET, DEBTS, BRANCH_SHEET, COMMITMENT, MANDATE,
    )  # fmt: skip


declare()
