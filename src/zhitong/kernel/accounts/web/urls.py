"""Addresses of signing in."""

from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.sign_in_code, name="sign_in_code"),
    path("sign-in/provider/", views.provider_start, name="provider_start"),
    path("sign-in/provider/back", views.provider_back, name="provider_back"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("sign-in/persona/", views.sign_in_as_persona, name="sign_in_persona"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("second-factor/remove/", views.second_factor_remove, name="second_factor_remove"),
    path("second-factor/codes/", views.second_factor_codes, name="second_factor_codes"),
]
