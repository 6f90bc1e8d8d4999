"""What the kernel is told about windows, queues and tickets."""

from django.utils.translation import gettext_lazy as _

from zhitong.kernel.events.public import show
from zhitong.kernel.indicators.public import (
    Definition,
    Direction,
    Happened,
    Unit,
    declare_indicator,
    declare_measures,
    once,
)
from zhitong.ui.public import HALL, SETTINGS, MenuItem, declare_menu

from ..permissions import MANAGE, SERVE

_EVENTS = {
    "hall.hall.written": _("设置大厅"),
    "hall.hall.links_renewed": _("更换屏幕地址"),
    "hall.queue.written": _("设置叫号队列"),
    "hall.window.written": _("设置服务窗口"),
    "hall.sitting.began": _("上岗"),
    "hall.sitting.paused": _("暂停叫号"),
    "hall.sitting.resumed": _("恢复叫号"),
    "hall.sitting.ended": _("离岗"),
    "hall.ticket.taken": _("取号"),
    "hall.ticket.called": _("叫号"),
    "hall.ticket.recalled": _("再次叫号"),
    "hall.ticket.begun": _("开始办理"),
    "hall.ticket.served": _("窗口办完"),
    "hall.ticket.passed_over": _("过号"),
    "hall.ticket.rejoined": _("重新排队"),
    "hall.ticket.sent_on": _("转号"),
    "hall.ticket.given_up": _("取消排队"),
    "hall.ticket.day_over": _("当日未办"),
    "hall.booking.made": _("预约"),
    "hall.booking.called_off": _("取消预约"),
    "hall.booking.arrived": _("预约到场"),
    "hall.booking.no_show": _("预约未到场"),
    "hall.missed.left_out": _("略去没有搜到的说法"),
}


def _waited(event: Happened) -> int:
    """Seconds from taking the ticket to the beginning of the service."""
    return int(event.data["waited"])


def _served(event: Happened) -> int:
    """Seconds at the window."""
    return int(event.data["served"])


_MEASURES = (
    ("ticket.taken", _("取号数"), "count", ("ticket.taken",), once),
    ("ticket.waited", _("窗口等候用时"), "seconds", ("ticket.begun",), _waited),
    ("ticket.served", _("窗口办理用时"), "seconds", ("ticket.served",), _served),
    ("ticket.passed_over", _("过号数"), "count", ("ticket.passed_over",), once),
    ("booking.made", _("预约数"), "count", ("booking.made",), once),
    ("booking.no_show", _("预约未到场数"), "count", ("booking.no_show",), once),
)
_INDICATORS = (
    Definition(
        "hall_tickets", "窗口取号量", {"sum": "hall.ticket.taken"}, Unit.COUNT, name_en="Queue tickets",
        basis="期内大厅取号的数量，含预约到场。", basis_en="Tickets taken in the period, appointments that came included.",
    ),
    Definition(
        "hall_waiting", "窗口平均等候", {"mean": "hall.ticket.waited"}, Unit.HOURS, name_en="Waiting at halls",
        direction=Direction.LESS, basis="从取号到开始办理的平均用时，按窗口派驻单位。",
        basis_en="From the ticket to the beginning of the service, by the organ of the window.",
    ),
    Definition(
        "hall_serving", "窗口平均办理", {"mean": "hall.ticket.served"}, Unit.HOURS, name_en="Serving at windows",
        direction=Direction.LESS, basis="从开始办理到办完的平均用时，按窗口派驻单位。",
        basis_en="From the beginning to the end of the service, by the organ of the window.",
    ),
    Definition(
        "hall_no_show", "预约未到率", {"ratio": [{"sum": "hall.booking.no_show"}, {"sum": "hall.booking.made"}]},
        Unit.PERCENT, name_en="Appointments not kept", direction=Direction.LESS, basis="预约未到场数 ÷ 预约数。",
        basis_en="Appointments to which nobody came ÷ appointments made.",
    ),
)  # fmt: skip


def declare() -> None:
    """Called once when the application starts."""
    for kind, label in _EVENTS.items():
        show(kind, label, icon="ticket")
    declare_measures("hall", _MEASURES)
    for definition in _INDICATORS:
        declare_indicator(definition)
    declare_menu(
        MenuItem(_("到大厅办事"), "hall:halls", "building", order=26, face="portal"),
        MenuItem(_("我的窗口"), "hall:desk", "speakerphone", (SERVE,), key="q", group=HALL, order=15),
        MenuItem(_("大厅今天"), "hall:day", "building", (MANAGE,), group=HALL, order=35),
        MenuItem(_("没有搜到的说法"), "hall:missed", "search-off", (MANAGE,), group=SETTINGS, order=919),
        MenuItem(_("大厅设置"), "hall:setup", "building", (MANAGE,), group=SETTINGS, order=921),
    )
