"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
]
