"""Pages of reviews: for whoever was served, on a window's tablet, and for the desk."""

from . import desk, figures, giving, points, tablet

urlpatterns = [
    *giving.urlpatterns,
    *tablet.urlpatterns,
    *desk.urlpatterns,
    *figures.urlpatterns,
    *points.urlpatterns,
]
