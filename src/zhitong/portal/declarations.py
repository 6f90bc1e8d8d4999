"""What the kernel and the menu are told by the pages that belong to no single line."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.events.public import show
from zhitong.kernel.papers.public import EDIT
from zhitong.kernel.privacy.public import ANSWER, APPROVE, PREPARE, TERMS
from zhitong.kernel.register.public import VIEW_FIRMS, VIEW_HOMES
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.territory import public as territory
from zhitong.ui.public import GRID, RESULTS, SETTINGS, MenuItem, declare_home, declare_menu, declare_part

from .actions.exporting import EXPORTED, REVIEWS_EXPORTED
from .queries import home, setup
from .queries.reviews import behind


def declare() -> None:
    """Called once when the application starts."""
    show(EXPORTED, _("导出事项"), icon="download")
    show(REVIEWS_EXPORTED, _("导出好差评"), icon="download")
    home.declare()
    declare_part(reviews.KIND, "portal/reviews/behind.html", behind)
    declare_home("setup", setup.PERMISSIONS, setup.setup, order=15)
    declare_home("late", ("matters.view",), home.late_to_press, order=7)
    declare_home("late_seen", ("matters.view",), home.late_to_see, order=12)
    declare_home("rising", (dispatch.TOLD,), home.rising, order=9)
    declare_home("work", ("matters.view",), home.work, order=20)
    declare_home("organ", ("matters.assign",), home.organ, order=30)
    declare_menu(
        MenuItem(_("首页"), "portal:desk", "home", order=5, key="h"),
        MenuItem(_("我的工作"), "portal:work", "checklist", ("matters.view",), order=10, key="w", is_alone=True),
        MenuItem(_("全部事项"), "portal:matters", "list-details", ("matters.view",), order=20, key="m"),
        MenuItem(_("超期清单"), "portal:late", "clock-exclamation", ("matters.view",), order=30, key="l"),
        MenuItem(_("热点"), "portal:hot", "flame", (dispatch.VIEW,), group=RESULTS, order=32),
        MenuItem(
            _("答复检查"), "portal:replies", "message-check", (dispatch.VIEW, dispatch.MANAGE), group=RESULTS, order=33
        ),
        MenuItem(_("事项地图"), "portal:map", "map-2", ("matters.view",), order=35, key="p"),
        MenuItem(_("指标"), "portal:figures", "chart-bar", ("figures.view",), group=RESULTS, order=40, key="f"),
        MenuItem(_("大厅指标"), "portal:hall_figures", "building-bank", ("figures.view",), group=RESULTS, order=42),
        MenuItem(_("五个一"), "portal:five_ones", "hand-stop", ("figures.view",), group=RESULTS, order=43),
        MenuItem(_("好差评"), "portal:reviews", "star", (reviews.VIEW,), group=RESULTS, order=45, key="v"),
        MenuItem(_("评价服务"), "portal:review_ask", "star", order=40, face="portal"),
        MenuItem(_("评价窗口"), "portal:review_points", "device-tablet", (reviews.MANAGE,), group=SETTINGS, order=925),
        MenuItem(_("系统设置"), "portal:setup", "settings", setup.PERMISSIONS, group=SETTINGS, order=900, key="s"),
        MenuItem(_("个人信息请求"), "portal:requests", "shield-lock", (ANSWER,), group=_("个人信息与档案"), order=850),
        MenuItem(_("清除单项内容"), "portal:pieces", "eraser", (ANSWER,), group=_("个人信息与档案"), order=855),
        MenuItem(
            _("完整信息查看记录"), "portal:looks", "eye", ("accounts.manage",), group=_("个人信息与档案"), order=857
        ),
        MenuItem(
            _("保管与销毁"),
            "portal:retention",
            "archive",
            (PREPARE, APPROVE, TERMS),
            group=_("个人信息与档案"),
            order=860,
        ),
        MenuItem(_("智能转办"), "portal:dispatch", "school", (dispatch.VIEW, dispatch.MANAGE), group=RESULTS, order=46),
        MenuItem(_("分派规则"), "portal:routing", "route", (dispatch.VIEW, dispatch.MANAGE), group=SETTINGS, order=47),
        MenuItem(_("紧急词语"), "portal:alarms", "urgent", (dispatch.VIEW, dispatch.MANAGE), group=SETTINGS, order=48),
        MenuItem(_("文书模板"), "portal:setup_papers", "file-text", (EDIT,), group=SETTINGS, order=905),
        MenuItem(_("人房登记"), "portal:homes", "home", (VIEW_HOMES,), group=GRID, order=62),
        MenuItem(_("市场主体"), "portal:firms", "building-store", (VIEW_FIRMS,), group=SETTINGS, order=905),
        MenuItem(
            _("网格覆盖检查"), "portal:territory_check", "map-search", (territory.MANAGE,), group=SETTINGS, order=906
        ),
        MenuItem(_("绘制区划"), "portal:territory_draw", "polygon", (territory.MANAGE,), group=SETTINGS, order=907),
        MenuItem(_("导入边界"), "portal:shapes_import", "upload", (territory.MANAGE,), group=SETTINGS, order=908),
        MenuItem(_("地图底图"), "portal:territory_ground", "map-2", (territory.MANAGE,), group=SETTINGS, order=909),
        MenuItem(_("接口令牌"), "portal:tokens", "key", ("accounts.manage",), group=SETTINGS, order=910),
    )
