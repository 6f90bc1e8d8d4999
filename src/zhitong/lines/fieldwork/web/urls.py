"""Addresses of the field: teams at the desk, the worker of an address for everybody."""

from django.urls import path

from .views import teams, who

app_name = "fieldwork"

urlpatterns = [
    path("grid-worker", who.who, name="who"),
    path("desk/teams/", teams.teams, name="teams"),
    path("desk/teams/people", teams.people, name="people"),
    path("desk/teams/<uuid:division_id>/", teams.grid, name="grid"),
]
