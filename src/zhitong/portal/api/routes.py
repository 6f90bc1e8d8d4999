"""What no single line owns, for other systems."""

from . import acting, dispatch, figures, homes, matters, organs, places

ROUTES = (
    matters.routes,
    acting.routes,
    acting.files,
    organs.kinds,
    organs.organs,
    places.routes,
    figures.routes,
    dispatch.routes,
    homes.routes,
)
