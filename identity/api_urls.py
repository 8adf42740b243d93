"""Programming interface of this app, under ``/api/v1/``."""

from django.urls import path

from identity.api import TokenView

urlpatterns = [path("public/token/", TokenView.as_view(), name="token")]
