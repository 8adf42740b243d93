"""Pages about cases that anyone may open."""

from django.urls import path

from applications.views import public

urlpatterns = [
    path("status/", public.status, name="status"),
]
