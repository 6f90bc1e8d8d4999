"""What appeals put on the home pages, and the sets behind it."""

from zhitong.ui.public import declare_home

from ..queries import home, key_figures, sets


def declare() -> None:
    """Tell the faces."""
    sets.declare()
    declare_home("figures", ("figures.view",), key_figures.of_the_district, order=10)
    declare_home("own_figures", ("figures.view",), key_figures.of_an_organ, order=40)
    declare_home("supervise", ("appeals.supervise",), home.supervise, order=6)
    declare_home("arbitrate", ("appeals.arbitrate",), home.arbitrate, order=7)
    declare_home("dispatch", ("appeals.pass",), home.dispatch, order=8)
    declare_home("visit", ("appeals.visit",), home.visit, order=9)
    declare_home("report", ("appeals.on_spot",), home.report, order=16)
    declare_home("register", ("appeals.register",), home.register, order=50)
