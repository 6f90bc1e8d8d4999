"""The gallery of components."""

from django.urls import path

from . import gallery

app_name = "ui"
urlpatterns = [
    path("gallery/", gallery.components, name="gallery"),
    path("gallery/places.json", gallery.places, name="gallery_places"),
    path("gallery/shapes.json", gallery.shapes, name="gallery_shapes"),
    path("gallery/dialog/", gallery.dialog, name="gallery_dialog"),
    path("gallery/portal/", gallery.portal, name="gallery_portal"),
    path("gallery/sign-in/", gallery.sign_in, name="gallery_sign_in"),
    path("gallery/matter/", gallery.matter, name="gallery_matter"),
    path("gallery/error/<int:status>/", gallery.error, name="gallery_error"),
]
