"""A server with an unprotected page does not start."""

import runpy
from typing import ClassVar

import pytest
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import path


class Urls:
    """A URLconf with a page that says nothing."""

    urlpatterns: ClassVar[list[object]] = [path("open/", lambda request: HttpResponse(), name="open")]


def test_it_starts():
    assert callable(runpy.run_module("zhitong.config.wsgi")["application"])


def test_it_does_not_start_with_a_bare_page(settings):
    settings.ROOT_URLCONF = Urls
    with pytest.raises(SystemCheckError, match="/open/ does not say who may open it"):
        runpy.run_module("zhitong.config.wsgi")
