"""The columns of a table of firms; further holders stand in the rows below their firm."""

from zhitong.base.sheets import Column, Sheet

KINDS = {
    "有限责任公司": "limited", "有限公司": "limited", "股份有限公司": "shares", "个人独资企业": "sole", "合伙企业": "partnership",
    "个体工商户": "individual", "个体": "individual", "农民专业合作社": "cooperative", "分支机构": "branch", "分公司": "branch",
    "limited company": "limited", "company limited by shares": "shares", "sole proprietorship": "sole", "partnership": "partnership",
    "individual business": "individual", "farmers' cooperative": "cooperative", "branch": "branch",
}  # fmt: skip
STATES = {
    "": "active", "存续": "active", "在业": "active", "开业": "active", "歇业": "suspended", "吊销": "revoked", "注销": "cancelled", "迁出": "moved",
    "active": "active", "suspended": "suspended", "revoked": "revoked", "cancelled": "cancelled", "moved": "moved",
}  # fmt: skip
HOLDERS = {
    "自然人": "person", "自然人股东": "person", "个人": "person", "企业": "firm", "企业法人": "firm", "企业法人股东": "firm", "其他": "other",
    "其他投资者": "other", "person": "person", "firm": "firm", "other": "other",
}  # fmt: skip
MEMBER = ("holder", "holder_kind", "holder_number", "amount", "due_on")

FIRMS = Sheet(
    "firms", "市场主体", "Firms",
    (
        Column("code", "统一社会信用代码", "Credit code"),
        Column("name", "企业名称", "Name"),
        Column("kind", "类型", "Kind", "choice", choices=KINDS),
        Column("legal", "法定代表人", "Legal representative"),
        Column("legal_id", "法定代表人证件号", "Legal representative's ID"),
        Column("legal_phone", "法定代表人电话", "Legal representative's phone"),
        Column("capital", "注册资本（万元）", "Registered capital (10,000 yuan)"),
        Column("address", "住所", "Address"),
        Column("division", "区划编码", "Division code"),
        Column("building", "所在楼栋", "In the building"),
        Column("entrance", "所在单元", "At the entrance"),
        Column("number", "所在房号", "At the door"),
        Column("scope", "经营范围", "Business scope", most=4000),
        Column("established_on", "成立日期", "Established on", "day"),
        Column("term_until", "营业期限至", "Term until", "day"),
        Column("registered_by", "登记机关", "Registered by"),
        Column("state", "登记状态", "State", "choice", choices=STATES),
        Column("liaison", "联络员", "Liaison"),
        Column("liaison_phone", "联络员电话", "Liaison's phone"),
        Column("holder", "股东", "Holder"),
        Column("holder_kind", "股东类型", "Kind of holder", "choice", choices=HOLDERS),
        Column("holder_number", "股东证照号码", "Holder's number"),
        Column("amount", "认缴出资额（万元）", "Subscribed (10,000 yuan)"),
        Column("due_on", "出资日期", "Paid by", "day"),
    ),
    (),
)  # fmt: skip
NEEDED = ("code", "name", "kind", "legal", "address", "established_on")
