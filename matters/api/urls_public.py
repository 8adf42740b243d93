"""The open interface of the catalogue."""

from django.urls import path

from matters.api import datasets, open_data, packages, public, situation

urlpatterns = [
    path("matters/", public.MatterList.as_view(), name="matters"),
    path("matters/<str:code>/", public.MatterDetail.as_view(), name="matter"),
    path("packages/", packages.PackageList.as_view(), name="packages"),
    path("packages/<str:code>/", packages.PackageDetail.as_view(), name="package"),
    path("matters/<str:code>/situation/", situation.SituationView.as_view(), name="situation"),
    path("departments/", public.DepartmentList.as_view(), name="departments"),
    path("catalogue.json", open_data.CatalogueJson.as_view(), name="catalogue-json"),
    path("catalogue.json.gz", open_data.CatalogueGzip.as_view(), name="catalogue-gz"),
    path("catalogue.csv", open_data.CatalogueTable.as_view(), name="catalogue-csv"),
    path("themes/", public.ThemeList.as_view(), name="themes"),
    path("datasets/", datasets.DataSetList.as_view(), name="datasets"),
    path("datasets/<slug:slug>/", datasets.DataSetDetail.as_view(), name="dataset"),
    path("datasets/<slug:slug>/records/", datasets.RecordList.as_view(), name="dataset-records"),
]
