"""Addresses at which firms sign in and out."""

from django.urls import path

from . import views

app_name = "register"
urlpatterns = [
    path("firm/sign-in/", views.firm_sign_in, name="firm_sign_in"),
    path("firm/sign-in/code", views.firm_code, name="firm_code"),
    path("firm/sign-in/persona", views.firm_persona, name="firm_persona"),
    path("firm/sign-out", views.firm_sign_out, name="firm_sign_out"),
]
