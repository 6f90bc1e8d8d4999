"""Addresses of the field: the app, teams at the desk, the worker of an address for everybody."""

from django.urls import path

from .views import app, teams, video, who

app_name = "fieldwork"

urlpatterns = [
    path("field/", app.app, name="app"),
    path("field/worker.js", app.worker, name="worker"),
    path("field/manifest.webmanifest", app.manifest, name="manifest"),
    path("field/standing", app.standing, name="standing"),
    path("field/shift", app.shift, name="shift"),
    path("field/end", app.end, name="end"),
    path("field/day", app.day, name="day"),
    path("field/todo/<slug:slug>", app.todo, name="todo"),
    path("field/homes", app.homes, name="homes"),
    path("field/send", app.send, name="send"),
    path("field/calls/<uuid:video_id>/join", video.join, name="join"),
    path("grid-worker", who.who, name="who"),
    path("desk/teams/rooms", video.rooms, name="rooms"),
    path("desk/teams/", teams.teams, name="teams"),
    path("desk/teams/people", teams.people, name="people"),
    path("desk/teams/load.xlsx", teams.load, name="load"),
    path("desk/teams/phones", app.phones, name="phones"),
    path("desk/teams/<uuid:division_id>/", teams.grid, name="grid"),
]
