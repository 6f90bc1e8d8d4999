"""Addresses of forms and surveys."""

from django.urls import path

from .views import answers, building, filling, forms, surveys

app_name = "surveys"
_SURVEY = "desk/surveys/<uuid:survey_id>"
_TARGET = "desk/surveys/targets/<uuid:target_id>"
_VERSION = "setup/forms/versions/<uuid:form_version_id>"

urlpatterns = [
    path("desk/surveys/", surveys.list_, name="list"),
    path("desk/surveys/new", surveys.new, name="new"),
    path(f"{_SURVEY}/", surveys.survey, name="survey"),
    path(f"{_SURVEY}/form.xml", filling.form_xml, name="form_xml"),
    path(f"{_SURVEY}/extend", surveys.extend, name="extend"),
    path(f"{_SURVEY}/end", surveys.end, name="end"),
    path(f"{_SURVEY}/destroy", surveys.destroy, name="destroy"),
    path(f"{_SURVEY}/certificate", surveys.certificate, name="certificate"),
    path(f"{_SURVEY}/answers.xlsx", surveys.export, name="export"),
    path(f"{_TARGET}/", filling.fill, name="fill"),
    path(f"{_TARGET}/answer", filling.answer, name="answer"),
    path(f"{_TARGET}/miss", filling.miss, name="miss"),
    path(f"{_SURVEY}/media/<str:media_name>", filling.media, name="media"),
    path(f"{_SURVEY}/answers/", answers.list_, name="answers"),
    path("desk/surveys/answers/<uuid:answer_id>/", answers.answer, name="read"),
    path("desk/surveys/answers/<uuid:answer_id>/photos/<uuid:photo_id>", answers.photo, name="photo"),
    path("setup/forms/", forms.list_, name="forms"),
    path("setup/forms/new", building.build, name="build_new"),
    path("setup/forms/check", building.check, name="build_check"),
    path(f"{_VERSION}/build", building.build, name="build"),
    path("setup/forms/<uuid:form_id>/", forms.form, name="form"),
    path(f"{_VERSION}/", forms.version, name="version"),
    path(f"{_VERSION}/form.xml", forms.version_xml, name="version_xml"),
    path("setup/forms/<uuid:form_id>/rules", forms.add_rule, name="add_rule"),
    path("setup/forms/rules/<uuid:rule_id>/remove", forms.remove_rule, name="remove_rule"),
    path(f"{_VERSION}/media", forms.add_media, name="add_media"),
    path(f"{_VERSION}/media/<str:media_name>", forms.version_media, name="version_media"),
    path(f"{_VERSION}/workbook", forms.workbook, name="workbook"),
    path(f"{_VERSION}/publish", forms.publish, name="publish"),
    path(f"{_VERSION}/discard", forms.discard, name="discard"),
]
