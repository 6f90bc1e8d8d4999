"""What the gateway's own operations give."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel

from zhitong.apikit.schemas import Said


class TokenSeen(BaseModel):
    """The token that asks."""

    name: Annotated[str, Said(_("令牌名称"))]
    acts_as: Annotated[str, Said(_("经哪个单位的哪个岗位办事"))]
    scopes: Annotated[list[str], Said(_("用途"))]
    permissions: Annotated[list[str], Said(_("岗位持有的权限"))]
    per_minute: Annotated[int, Said(_("每分钟请求上限"))]
    expires_at: Annotated[datetime, Said(pgettext_lazy("token", "到期时间"))]
