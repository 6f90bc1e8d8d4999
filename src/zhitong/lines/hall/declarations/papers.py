"""The papers of an application, as an office of administrative approval words them.  Templates are in Chinese only."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.papers.public import Fact, P, PaperKind, Part, Picture, Table, declare_paper, plain, right, word

GROUP = _("办件文书")
ORGAN, CASE = "海州区行政审批服务局", "202609070000135"
MATERIALS = Fact(
    "materials", "材料",
    ({"name": "食品经营许可申请书", "form": "原件", "copies": "1", "state": "已提交"},
     {"name": "经营场所平面图", "form": "原件", "copies": "2", "state": "容缺后补"}),
    (("name", "名称"), ("form", "形式"), ("copies", "份数"), ("state", "情况")),
)  # fmt: skip
COMMON = (
    Fact("applicant", "申请人", "王小明"),
    Fact("item", "事项", "食品经营许可（新办）"),
    Fact("case_number", "办件编号", CASE),
    Fact("organ", "机关", ORGAN),
    Fact("applied_on", "申请日期", "2026年9月7日"),
    Fact("basis", "设定依据", "《中华人民共和国食品安全法》第三十五条"),
    Fact("is_permit", "行政许可", True),
    Fact("consult_phone", "咨询电话", "0531-12345678"),
    Fact("complaint_phone", "投诉电话", "12345"),
    Fact("clerk", "经办人", "李窗口"),
)
DUE = Fact("due", "期限", "2026年9月14日")
WORDS = Fact("words", "内容", "请补充经营场所平面图，并由申请人签字。")
TO = plain("{{ 申请人 }}：")
ASKED = "您（单位）于{{ 申请日期 }}提出的“_{{ 事项 }}_”申请（办件编号：{{ 办件编号 }}）"
SIGNED: Sequence[Part] = (P("　", indent=False), right("{{ 机关 }}"), right("{{ 签发日期 }}"))
REMEDY = P(
    "如不服本决定，可以自收到本文书之日起六十日内依法申请行政复议，或者自收到本文书之日起六个月内依法向人民法院提起行政诉讼。"
)
PHONES = P("咨询电话：{{ 咨询电话 }}　　投诉电话：{{ 投诉电话 }}", size=12)
LIST = Table(
    (1.4, 8.6, 2.6, 1.4), (("序号", "材料名称", "形式", "份数"), ("{{ loop.index }}", "{{ 行.名称 }}", "{{ 行.形式 }}", "{{ 行.份数 }}")),
    each="行 in 材料",
)  # fmt: skip
LIST_STATE = Table(
    (1.4, 8.0, 1.4, 3.2), (("序号", "材料名称", "份数", "情况"), ("{{ loop.index }}", "{{ 行.名称 }}", "{{ 行.份数 }}", "{{ 行.情况 }}")),
    each="行 in 材料",
)  # fmt: skip
NUMBER = "编号：{{ 文书编号 }}"
RESULTS = Fact(
    "results", "结果",
    ({"part": "食品经营许可", "organ": "市场监督管理局", "state": "已办好", "result": "食品经营许可证\n91350100M000100Y43", "until": "2031-09-06"},
     {"part": "排水许可", "organ": "城乡水务局", "state": "办理中", "result": "", "until": ""}),
    (("part", "事项"), ("organ", "办理机关"), ("state", "情况"), ("result", "结果"), ("until", "有效期至")),
)  # fmt: skip
LIST_RESULTS = Table(
    (0.9, 3.0, 2.6, 1.8, 4.8, 2.5),
    (("序", "事项", "办理机关", "情况", "结果和编号", "有效期至"),
     ("{{ loop.index }}", "{{ 行.事项 }}", "{{ 行.办理机关 }}", "{{ 行.情况 }}", "{{ 行.结果 }}", "{{ 行.有效期至 }}")),
    each="行 in 结果",
)  # fmt: skip


PERMIT_OR_NOT = "{% if 行政许可 %}行政许可{% else %}办理{% endif %}决定书"


def _paper(
    slug: str, label: object, parts: Sequence[Part], *more: Fact, title: str, name: str = "", is_internal: bool = False, is_marked: bool = False
) -> PaperKind:  # fmt: skip
    return PaperKind(
        slug, label, (*COMMON, *more), lambda: word("{{ 机关 }}", title, parts, number=NUMBER, name=name), may_be_marked=is_marked,
        is_internal=is_internal, group=GROUP,
    )  # fmt: skip


def _licence(slug: str, label: object, title: str, sentence: str) -> PaperKind:
    parts = (
        Table((4.2, 10.0), (
            ("持 有 人", "{{ 申请人 }}"), ("事　　项", "{{ 事项 }}"), ("证书编号", "{{ 证书编号 }}"), ("设定依据", "{{ 设定依据 }}"),
            ("发证机关", "{{ 机关 }}"), ("发证日期", "{{ 签发日期 }}"), ("有效期至", "{% if 有效期至 %}{{ 有效期至 }}{% else %}长期{% endif %}"),
        ), head=False),
        P(sentence), *SIGNED, Picture("二维码", "校验码：{{ 校验码 }}　　扫描二维码可核验真伪"),
    )  # fmt: skip
    own = (Fact("result_number", "证书编号", CASE), Fact("valid_until", "有效期至", "2031年9月6日"))
    return PaperKind(
        slug,
        label,
        (*COMMON, *own),
        lambda: word("{{ 机关 }}", title, parts),
        has_code=True,
        may_be_marked=True,
        group=_("证照"),
    )


PAPERS = (
    _paper(
        "hall-receipt", _("收件凭证"),
        (TO, P("本机关于{{ 申请日期 }}收到您（单位）提出的“_{{ 事项 }}_”申请，办件编号：{{ 办件编号 }}，材料情况如下："), LIST_STATE,
         P("本凭证只证明收到申请和上列材料，不代表申请已被受理。申请材料不齐全或者不符合法定形式的，本机关将当场或者在五日内一次告知需要"
           "补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。"),
         P("凭办件编号和查询码可在网上查询办理进度。"), PHONES, *SIGNED),
        MATERIALS, title="收件凭证", is_marked=True,
    ),
    _paper(
        "hall-accepted", _("受理通知书"),
        (TO, P(ASKED + "，经审查，{% if 容缺 %}主要材料齐全、符合法定形式，次要材料经您（单位）书面承诺容缺后补"
               "{% else %}申请材料齐全、符合法定形式{% endif %}，"
               "{% if 行政许可 %}根据《中华人民共和国行政许可法》第三十二条第一款第（五）项的规定，{% else %}根据{{ 设定依据 }}的规定，{% endif %}"
               "决定予以受理。"),
         P("{% if 期限 %}本机关承诺于_{{ 期限 }}_前办结。依法需要听证、检验、检测、鉴定和专家评审的，所需时间不计算在内，"
               "本机关将另行书面告知。{% endif %}"),
         P("本次申请提交的材料如下："), LIST_STATE, PHONES, *SIGNED),
        DUE, MATERIALS, Fact("deferred", "容缺", False), title="受理通知书", is_marked=True,
    ),
    _paper(
        "hall-correction", _("一次性补正告知书"),
        (TO, P(ASKED + "，经审查，申请材料不齐全或者不符合法定形式。"
               "{% if 行政许可 %}根据《中华人民共和国行政许可法》第三十二条第一款第（四）项的规定，"
               "{% endif %}现将需要补正的全部内容一次告知如下："), LIST, P("需要补正的内容：{{ 内容 }}"),
         P("请于_{{ 期限 }}_前补正。逾期未补正的，本机关将终止办理，您（单位）可以重新提出申请。"), PHONES, *SIGNED),
        MATERIALS, WORDS, DUE, title="一次性补正告知书", is_marked=True,
    ),
    _paper(
        "hall-not-accepted", _("不予受理通知书"),
        (TO, P(ASKED + "，经审查，属于下列情形：_{{ 理由 }}_。{{ 内容 }}"),
         P("{% if 行政许可 %}根据《中华人民共和国行政许可法》第三十二条第一款的规定，{% endif %}决定不予受理。"), REMEDY, PHONES, *SIGNED),
        Fact("reason", "理由", "申请事项依法不属于本机关职权范围"), WORDS, title="不予受理通知书", is_marked=True,
    ),
    _paper(
        "hall-deferral", _("容缺受理承诺书"),
        (plain("{{ 机关 }}："),
         P("本人（单位）申请办理“_{{ 事项 }}_”（办件编号：{{ 办件编号 }}），已知悉下列材料可以容缺后补："), LIST,
         P("本人（单位）承诺：一、在_{{ 期限 }}_前补齐上列材料；二、补交的材料真实、合法、有效，与申请内容一致；三、逾期未补齐的，同意终止"
           "办理，并记入办事诚信记录；四、材料补齐前，不要求发放办理结果。"),
         P("　", indent=False), right("承诺人（签字或盖章）：{{ 申请人 }}"), right("{{ 签发日期 }}")),
        MATERIALS, DUE, title="容缺受理承诺书",
    ),
    _paper(
        "hall-commitment", _("告知承诺书"),
        (P("一、机关告知", bold=True),
         P("办理“_{{ 事项 }}_”的依据是{{ 设定依据 }}。下列材料可以由申请人书面承诺代替，承诺后本机关直接作出决定，并在决定后进行核查："), LIST,
         P("核查发现承诺不实的，本机关将责令限期整改；逾期不整改或者整改后仍不符合条件的，依法撤销决定，并记入办事诚信记录。"),
         P("二、申请人承诺", bold=True),
         P("本人（单位）已阅知上述告知事项，现承诺：所填写的信息真实、准确；已符合告知的条件和要求；愿意承担承诺不实的法律责任；以上承诺是"
           "本人（单位）的真实意思表示。"),
         P("　", indent=False), right("承诺人（签字或盖章）：{{ 申请人 }}"), right("{{ 机关 }}"), right("{{ 签发日期 }}")),
        MATERIALS, title="告知承诺书",
    ),
    _paper(
        "hall-granted", _("准予决定书"),
        (TO, P(ASKED + "，经审查，符合法定条件、标准。{% if 行政许可 %}根据《中华人民共和国行政许可法》第三十八条第一款和{{ 设定依据 }}的规定，"
               "决定准予行政许可。{% else %}根据{{ 设定依据 }}的规定，决定准予办理。{% endif %}"),
         P("{% if 内容 %}{{ 内容 }}{% endif %}"), P("请妥善保管本决定书，并依法接受监督检查。"), PHONES, *SIGNED),
        WORDS, title="准予" + PERMIT_OR_NOT, name="准予决定书", is_marked=True,
    ),
    _paper(
        "hall-refused", _("不予决定书"),
        (TO, P(ASKED + "，经审查，不符合法定条件、标准，理由如下："), P("{{ 内容 }}"),
         P("{% if 行政许可 %}根据《中华人民共和国行政许可法》第三十八条第二款的规定，决定不予行政许可。"
           "{% else %}根据{{ 设定依据 }}的规定，决定不予办理。{% endif %}"),
         REMEDY, PHONES, *SIGNED),
        WORDS, title="不予" + PERMIT_OR_NOT, name="不予决定书", is_marked=True,
    ),
    _paper(
        "hall-lapsed", _("终止办理通知书"),
        (TO, P(ASKED + "，{% if 容缺 %}您（单位）书面承诺容缺后补的下列材料在承诺期限内没有补交{% else %}"
               "一次性告知需要补正的下列材料在规定期限内没有补齐{% endif %}："), LIST,
         P("本机关决定终止办理。{% if 容缺 %}逾期未履行承诺的情况记入办事诚信记录。{% endif %}材料齐备后，您（单位）可以重新提出申请。"),
         REMEDY, PHONES, *SIGNED),
        MATERIALS, Fact("deferred", "容缺", True), title="终止办理通知书", is_marked=True,
    ),
    _paper(
        "hall-revocation", _("撤销决定书"),
        (TO, P("关于“_{{ 事项 }}_”（办件编号：{{ 办件编号 }}），本机关查明：{{ 内容 }}"),
         P("{% if 行政许可 %}根据《中华人民共和国行政许可法》第六十九条的规定，{% endif %}"
           "决定撤销原准予决定，已发放的证照自本决定书送达之日起失效。"),
         REMEDY, *SIGNED),
        WORDS, title="撤销决定书",
    ),
    _paper(
        "hall-service", _("送达回证"),
        (Table((3.6, 10.6), (
            ("受送达人", "{{ 申请人 }}"), ("送达事由", "{{ 事项 }}（办件编号：{{ 办件编号 }}）"), ("送达文书", "{{ 文书 }}"),
            ("送达方式", "{{ 方式 }}"),
            ("邮寄单号", "{{ 邮寄单号 }}"), ("签 收 人", "{{ 签收人 }}"),
            ("送 达 人", "{{ 经办人 }}"), ("送达日期", "{{ 签发日期 }}"), ("备　　注", ""),
        ), head=False), *SIGNED),
        Fact("papers", "文书", "准予决定书、食品经营许可证"), Fact("way", "方式", "窗口领取"), Fact("tracking", "邮寄单号", ""),
        Fact("taken_by", "签收人", "王小明"), title="送达回证", is_internal=True,
    ),
    PaperKind(
        "hall-pack", _("一件事结果清单"), (*COMMON[:5], RESULTS),
        lambda: word("{{ 机关 }}", "结 果 清 单", (
            TO, P("您（单位）于{{ 申请日期 }}提出的“_{{ 事项 }}_”申请（编号：{{ 办件编号 }}），各事项的办理结果如下，文书附后："), LIST_RESULTS,
            P("本清单反映{{ 签发日期 }}的情况；各文书以办理机关签发的内容为准。"), *SIGNED,
        )), group=GROUP,
    ),
    _licence("hall-licence", _("许可证"), "行政许可证", "持有人应当在许可范围内从事活动，依法接受监督检查。不得涂改、倒卖、出租、出借。"),
    _licence("hall-certificate", _("登记（确认）证明"), "证　明　书", "兹证明上列事项已经本机关登记（确认）。"),
    _licence("hall-notice", _("给付（奖励）通知书"), "给付（奖励）通知书", "经审核，上列事项符合规定，准予给付（奖励）。"),
)  # fmt: skip


def declare() -> None:
    """Tell the kernel of every paper."""
    for kind in PAPERS:
        declare_paper(kind)
