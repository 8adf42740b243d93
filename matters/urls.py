"""Pages of the catalogue."""

from django.urls import path

from matters.views import browse, guide, precheck, situation

app_name = "matters"
urlpatterns = [
    path("matters/", browse.browse, name="browse"),
    path("departments/", browse.departments, name="departments"),
    path("departments/<str:code>/", browse.department, name="department"),
    path("matters/<str:key>/", guide.guide, name="guide"),
    path("matters/<str:key>/check/", precheck.precheck, name="precheck"),
    path("matters/<str:key>/situation/", situation.situation, name="situation"),
]
