"""Pages of the catalogue."""

from django.urls import path

from matters.views import browse, guide, open_data, packages, precheck

app_name = "matters"
urlpatterns = [
    path("matters/", browse.browse, name="browse"),
    path("packages/", packages.packages, name="packages"),
    path("packages/<str:code>/", packages.package, name="package"),
    path("departments/", browse.departments, name="departments"),
    path("departments/<str:code>/", browse.department, name="department"),
    path("matters/<str:key>/", guide.guide, name="guide"),
    path("open-data/", open_data.open_data_page, name="open-data"),
    path("matters/<str:key>/check/", precheck.precheck, name="precheck"),
]
