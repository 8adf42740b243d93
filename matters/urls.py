"""Pages of the catalogue."""

from django.urls import path

from matters.views import browse, datasets, guide, open_data, packages, precheck, situation

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
    path("query/", datasets.services, name="datasets"),
    path("query/all/", datasets.across, name="datasets-across"),
    path("query/<slug:slug>/", datasets.service, name="dataset"),
    path("query/<slug:slug>/find/", datasets.find, name="dataset-find"),
    path("query/<slug:slug>/data.csv", datasets.download, name="dataset-download"),
    path("query/<slug:slug>/<str:ref>/", datasets.record, name="dataset-record"),
    path("matters/<str:key>/situation/", situation.situation, name="situation"),
]
