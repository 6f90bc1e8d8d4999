"""The Jinja2 environment of all pages."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from .formats import FILTERS, is_english
from .forms import control, form_problems, options, shape
from .ground import MapGround
from .icons import shapes

FOLDER = "ui/components/"
_MACRO = re.compile(r"{%-?\s*macro\s+([a-z]\w*)\(")


class Components:
    """Every macro of ``ui/components`` under its own name: ``{{ ui.badge(...) }}`` without an import."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files: dict[str, str] = {}
        self._found: dict[str, Callable[..., Markup]] = {}

    def _where(self) -> dict[str, str]:
        if not self._files:
            for name in self._environment.list_templates(filter_func=lambda n: n.startswith(FOLDER)):
                source = self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]
                self._files.update(dict.fromkeys(_MACRO.findall(source), name))
        return self._files

    def __getattr__(self, macro: str) -> Callable[..., Markup]:
        if macro.startswith("_") or macro not in self._where():
            raise AttributeError(f"no component {macro!r}")
        if self._environment.auto_reload:
            return self._load(macro)
        return self._found.setdefault(macro, self._found.get(macro) or self._load(macro))

    def _load(self, macro: str) -> Callable[..., Markup]:
        return getattr(self._environment.get_template(self._where()[macro]).module, macro)  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return sorted(self._where())


def url(name: str, /, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name, such as ``appeals:detail``."""
    return reverse(name, args=args, kwargs=kwargs)


def url_if(name: str, /, *args: Any, **kwargs: Any) -> str:
    """Like ``url``; empty when there is no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def with_query(params: QueryDict | dict[str, str] | None, /, **changes: Any) -> str:
    """``?a=1&b=2`` of ``params`` with some values replaced, and dropped where the new value is None or empty."""
    query = QueryDict(mutable=True)
    query.update(params or {})
    for name, value in changes.items():
        query.pop(name, None)
        if isinstance(value, list | tuple):
            query.setlist(name, [str(one) for one in value])
        elif value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@pass_context
def csp_nonce(context: Context) -> str:
    """The nonce of this response, for the few script and style elements of the layouts."""
    request = context.get("request")
    return str(getattr(request, "csp_nonce", "")) if request is not None else ""


def attributes(values: Mapping[str, Any] | None) -> Markup:
    """HTML attributes from a mapping: ``hx_get`` becomes ``hx-get``; True stands alone; None and False are left out."""
    parts = []
    for name, value in (values or {}).items():
        name = name.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(Markup(" {}").format(name))
        elif value not in (None, False):
            parts.append(Markup(' {}="{}"').format(name, value))
    return Markup("").join(parts)


def language() -> str:
    """The language of the page as HTML writes it: zh-CN or en."""
    return "en" if is_english() else "zh-CN"


def icon_path(name: str, is_filled: bool = False) -> Markup:
    """The inside of an icon's SVG element."""
    return Markup(shapes(name, is_filled))


def environment(**given: Any) -> Environment:
    """The environment Django's Jinja2 back end asks for.  A name that is not there is an error, never a blank."""
    given.setdefault("trim_blocks", True)
    given.setdefault("lstrip_blocks", True)
    given["undefined"] = StrictUndefined
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **given)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.filters.update(FILTERS)
    env.filters["with_query"] = with_query
    env.filters["attributes"] = attributes
    env.globals.update(
        ui=Components(env),
        static=static,
        url=url,
        url_if=url_if,
        csp_nonce=csp_nonce,
        language=language,
        icon_path=icon_path,
        control=control,
        form_problems=form_problems,
        field_options=options,
        field_shape=shape,
        now=timezone.now,
        map_ground=MapGround(),
    )
    return env
