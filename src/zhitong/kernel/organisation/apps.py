from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "zhitong.kernel.organisation"
    label = "organisation"
