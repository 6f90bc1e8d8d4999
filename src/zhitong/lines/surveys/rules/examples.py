"""Two forms that ship as examples: the epidemic form of the source, and a household census.  As XLSForm workbooks, to be changed."""

from io import BytesIO

from django.utils.translation import gettext_lazy as _

Sheet = list[list[str]]
SURVEY = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "bind::register",
]
YES_NO: Sheet = [["yes_no", "yes", "是"], ["yes_no", "no", "否"]]


def _row(type_: str, name: str, label: str = "", **more: str) -> list[str]:
    said = {"type": type_, "name": name, "label": label, **more}
    return [said.get(head.replace("bind::", ""), "") for head in SURVEY]


ID_NUMBER = {"constraint": "regex(., '[1-9][0-9]{16}[0-9Xx]')", "constraint_message": "身份证号应为18位。"}
NOT_LATER = {"constraint": ". <= today()", "constraint_message": "返回日期不能晚于今天。"}
NONE_ALONE = {
    "constraint": "not(selected(., 'none') and count-selected(.) > 1)",
    "constraint_message": "选了都没有，就不能再选其他。",
}
NOT_MORE = {"constraint": ". >= 0 and . <= ${residents}", "constraint_message": "不能多于常住人口数。"}
MOBILE = {"constraint": "regex(., '1[3-9][0-9]{9}')", "constraint_message": "手机号应为11位。"}
EPIDEMIC: dict[str, Sheet] = {
    "survey": [
        SURVEY,
        _row("start", "started"),
        _row("text", "holder", "户主姓名", required="yes", register="name"),
        _row("text", "phone", "联系电话", required="yes", register="phone", **MOBILE),
        _row("integer", "people", "现居住人数", required="yes", constraint=". >= 1 and . <= 30", constraint_message="应在1至30之间。"),
        _row("begin_repeat", "member", "家庭成员"),
        _row("text", "member_name", "姓名", required="yes"),
        _row("text", "member_number", "身份证号", **ID_NUMBER),
        _row("select_one yes_no", "left_province", "近14天是否出省", required="yes"),
        _row("text", "went_to", "去过哪里", required="yes", relevant="${left_province} = 'yes'"),
        _row("date", "came_back", "返回日期", relevant="${left_province} = 'yes'", **NOT_LATER),
        _row("decimal", "temperature", "今日体温（℃）", required="yes", constraint=". >= 34 and . <= 43", constraint_message="应在34至43之间。"),
        _row("select_multiple symptom", "symptoms", "有无下列症状", required="yes", **NONE_ALONE),
        _row("note", "fever", "体温达到37.3℃，请立即联系社区卫生服务站。", relevant="${temperature} >= 37.3"),
        _row("end_repeat", "member_end"),
        _row("calculate", "fevers", calculation="count(${member}[temperature >= 37.3])"),
        _row("text", "remark", "其他情况"),
    ],
    "choices": [["list_name", "name", "label"], *YES_NO, ["symptom", "none", "都没有"],
                ["symptom", "fever", "发热"], ["symptom", "cough", "咳嗽"], ["symptom", "weak", "乏力"]],
    "settings": [["form_title", "form_id", "default_language"], ["疫情防控入户登记", "epidemic", "中文 (zh)"]],
}  # fmt: skip
CENSUS: dict[str, Sheet] = {
    "survey": [
        SURVEY,
        _row("text", "holder", "户主姓名", required="yes", register="name"),
        _row("text", "number", "户主身份证号", register="citizen_id", **ID_NUMBER),
        _row("text", "phone", "联系电话", register="phone", **MOBILE),
        _row("select_one house", "house", "房屋性质", required="yes"),
        _row("text", "owner", "房主姓名", relevant="${house} = 'rented'", required="yes"),
        _row("integer", "residents", "常住人口数", required="yes", constraint=". >= 0 and . <= 50", constraint_message="应在0至50之间。"),
        _row("integer", "over_60", "其中60岁以上", required="yes", **NOT_MORE),
        _row("integer", "under_18", "其中18岁以下", required="yes", **NOT_MORE),
        _row("select_multiple care", "care", "需要关心的情况"),
        _row("geopoint", "place", "门口位置"),
        _row("text", "wish", "对社区的意见建议"),
    ],
    "choices": [["list_name", "name", "label"], ["house", "own", "自有"], ["house", "rented", "租住"], ["house", "other", "其他"],
                ["care", "alone", "独居老人"], ["care", "disabled", "残疾人"], ["care", "minor", "留守儿童"], ["care", "poor", "生活困难"]],
    "settings": [["form_title", "form_id"], ["入户普查", "census"]],
}  # fmt: skip
EXAMPLES = {"epidemic": (_("疫情防控入户登记"), EPIDEMIC), "census": (_("入户普查"), CENSUS)}


def workbook_of(sheets: dict[str, Sheet]) -> bytes:
    """The sheets as an Excel workbook."""
    from openpyxl import Workbook

    book, out = Workbook(write_only=True), BytesIO()
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(out)
    return out.getvalue()
