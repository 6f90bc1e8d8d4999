from zhitong.kernel.accounts.permissions import default_roles

from ..public import MANAGE, VIEW


def test_only_administrators_decide_what_suggestions_may_do() -> None:
    holders = {role.slug for role in default_roles() if MANAGE in role.permissions}
    assert holders == {"administrator"}
    assert {"dispatcher", "leader"} <= {role.slug for role in default_roles() if VIEW in role.permissions}
