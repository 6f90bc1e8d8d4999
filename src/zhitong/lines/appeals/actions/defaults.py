"""What ships: sub-kinds, limits with their basis, lists of reasons.  All of it is edited in the administration."""

from django.db import transaction

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch.public import load_words
from zhitong.kernel.matters.public import Limit, Phrase, SubKind, Unit, Urgency, supply, supply_reasons, touch_catalogue

KIND = "appeal"
H, WD, CD = Unit.HOURS, Unit.WORKING_DAYS, Unit.CALENDAR_DAYS
PROMISE = ("区群众诉求办理服务承诺", "The district's service promise on appeals")
PETITIONS = ("《信访工作条例》", "Regulation on Petition Work")

# slug, Chinese, English, what it is, in English, approval, private, on the portal
SUBKINDS = (
    (
        "report",
        "问题反映",
        "Problem",
        "身边的问题：设施损坏、环境卫生、噪声扰民等",
        "Something broken, dirty, noisy or unsafe",
        0,
        0,
        1,
    ),
    (
        "request",
        "求助",
        "Request for help",
        "生活中的困难，希望得到帮助",
        "A difficulty in which help is needed",
        0,
        0,
        1,
    ),
    ("inquiry", "咨询", "Question", "政策、办事流程等咨询", "A question about policy or procedure", 0, 0, 1),
    (
        "suggestion",
        "建议",
        "Suggestion",
        "对城市治理和政府工作的意见建议",
        "An idea for how the district is run",
        0,
        0,
        1,
    ),
    (
        "complaint",
        "投诉",
        "Complaint",
        "对单位、人员或服务的投诉",
        "A complaint about an organ, a person or a service",
        1,
        1,
        1,
    ),
    ("hard", "疑难问题", "Hard case", "涉及多部门或历史遗留的问题", "Several organs or an old cause", 1, 0, 0),
    (
        "dispute",
        "矛盾纠纷",
        "Dispute",
        "邻里、物业、劳资等纠纷",
        "Between neighbours, with a manager or an employer",
        1,
        1,
        1,
    ),
    (
        "petition",
        "信访事项",
        "Petition",
        "依照《信访工作条例》提出的事项",
        "Raised under the Regulation on Petition Work",
        1,
        1,
        0,
    ),
)

# clock, sub-kind, urgency, amount, unit, basis
LIMITS = (
    ("pass", "", "", 1, WD, ("诉求自收到之日起1个工作日内转办", "Passed on within 1 working day of receipt")),
    ("pass", "", Urgency.URGENT, 2, H, ("紧急诉求2小时内转办", "Urgent ones are passed on within 2 hours")),
    ("pass", "", Urgency.DANGER, 1, H, ("危及生命安全的立即转办，最长不超过1小时", "Danger to life: at once, at most 1 hour")),
    ("accept", "petition", "", 15, CD, ("《信访工作条例》第二十三条：自收到之日起15日内告知是否受理",
                                     "Regulation on Petition Work, article 23: told within 15 days")),
    ("meet", "", "", 2, WD, PROMISE),
    ("meet", "", Urgency.URGENT, 4, H, PROMISE),
    ("meet", "", Urgency.DANGER, 1, H, PROMISE),
    ("conclude", "", "", 5, WD, PROMISE),
    ("conclude", "", Urgency.URGENT, 24, H, ("水电气暖等紧急诉求24小时内办结", "Water, power, gas, heat: within 24 hours")),
    ("conclude", "", Urgency.DANGER, 2, H, ("危及生命安全的2小时内处置", "Danger to life: within 2 hours")),
    ("conclude", "hard", "", 15, WD, ("疑难诉求15个工作日内办结", "Hard cases: within 15 working days")),
    ("conclude", "petition", "", 60, CD, ("《信访工作条例》第三十四条：自受理之日起60日内办结",
                                       "Regulation on Petition Work, article 34: within 60 days")),
    ("second", "", "", 5, WD, ("回访不满意的5个工作日内二次办理", "Second handling within 5 working days")),
    ("visit", "", "", 5, WD, ("办结后5个工作日内回访", "Visited within 5 working days of the conclusion")),
    ("supervision", "", "", 10, WD, ("督查核查10个工作日内完成", "Supervision within 10 working days")),
    ("review", "petition", "", 30, CD, ("《信访工作条例》第三十五条：自收到复查请求之日起30日内提出复查意见",
                                     "Regulation on Petition Work, article 35: reviewed within 30 days")),
    ("rereview", "petition", "", 30, CD, ("《信访工作条例》第三十六条：自收到复核请求之日起30日内提出复核意见",
                                       "Regulation on Petition Work, article 36: re-reviewed within 30 days")),
)  # fmt: skip

REASONS = {
    "waive_meet": (
        ("anonymous", "反映人匿名，未留联系方式", "Anonymous, no way to reach the person"),
        ("on_spot", "现场已处置，反映人在场知晓", "Dealt with on the spot, the person was there"),
        ("declined", "反映人表示不需要见面", "The person does not wish to be met"),
        ("inquiry", "咨询类诉求，可直接答复", "A question that is simply answered"),
    ),
    "waive_visit": (
        ("no_contact", "反映人匿名，无法回访", "Anonymous, cannot be visited"),
        ("unreachable", "三次联系未接通", "Not reached after three tries"),
        ("declined", "反映人表示不需要回访", "The person does not wish a visit"),
        ("rated_online", "反映人已在网上作出满意评价", "The person has given a good grade online"),
    ),
    "pause": (
        ("await_person", "等待反映人补充材料", "Waiting for the person to add something"),
        ("appraisal", "需检测、鉴定或专家论证", "Test, appraisal or experts needed"),
        ("court", "已进入诉讼、仲裁或行政复议程序", "Before a court, arbitration or administrative review"),
        ("weather", "恶劣天气或不可抗力，暂不能施工", "Weather or force majeure prevents the work"),
    ),
    "return": (
        ("not_duty", "不属于本单位职责（附依据）", "Not this organ's duty (ground given)"),
        ("not_area", "不在本单位辖区", "Not in this organ's area"),
        ("other_law", "依法应由其他机关处理", "By law for another authority"),
    ),
}

PHRASES = (
    ("reply", "已解决", "您好，您反映的“{title}”已处理完毕：……。感谢您的反映，如再次出现请随时告诉我们。"),
    ("reply", "需要时间", "您好，您反映的问题情况属实，因……，计划于×月×日前完成，届时我们会再次告知您。"),
    ("reply", "政策解释", "您好，关于您咨询的问题，依据《……》第×条，……。如仍有疑问，可拨打……咨询。"),
    ("reply", "部分解决", "您好，您反映的问题中，……已解决；……因……暂不能解决，我们将……。"),
    ("done", "现场处置", "×月×日到{address}现场查看，情况属实，已……，现场恢复正常。"),
    ("done", "联合处置", "会同……到现场，明确责任为……，由……负责，已……。"),
    ("said", "电话沟通", "电话联系反映人，核实了……，说明办理流程和时限，反映人表示……。"),
    ("said", "当面沟通", "在{address}与反映人见面，反映人补充……，双方约定……。"),
)


@transaction.atomic
def load_defaults(*, by: Actor) -> None:
    """Write what is not there yet; what the district changed stays as it is."""
    by.demand("settings.manage")
    supply(
        *(
            SubKind(
                kind=KIND, slug=slug, name=name, name_en=name_en, description=about, description_en=about_en, sort=sort * 10,
                needs_approval=bool(approval), is_private=bool(private), is_on_portal=bool(portal),
            )
            for sort, (slug, name, name_en, about, about_en, approval, private, portal) in enumerate(SUBKINDS, start=1)
        )
    )  # fmt: skip
    subkinds = {subkind.slug: subkind for subkind in SubKind.objects.filter(kind=KIND)}
    supply(
        *(
            Limit(
                kind=KIND, clock=clock, subkind=subkinds[subkind] if subkind else None, urgency=urgency,
                amount=amount, unit=unit, basis=basis, basis_en=basis_en,
            )
            for clock, subkind, urgency, amount, unit, (basis, basis_en) in LIMITS
        )
    )  # fmt: skip
    supply_reasons(REASONS)
    supply(
        *(
            Phrase(list=list_, name=name, text=text, sort=sort * 10)
            for sort, (list_, name, text) in enumerate(PHRASES, start=1)
        )
    )
    load_words()
    touch_catalogue()
