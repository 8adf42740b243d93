"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk, situations

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("<uuid:uid>/situations/", situations.coverage, name="situations"),
]
