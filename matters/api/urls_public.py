"""The open interface of the catalogue."""

from django.urls import path

from matters.api import datasets, public

urlpatterns = [
    path("matters/", public.MatterList.as_view(), name="matters"),
    path("matters/<str:code>/", public.MatterDetail.as_view(), name="matter"),
    path("departments/", public.DepartmentList.as_view(), name="departments"),
    path("themes/", public.ThemeList.as_view(), name="themes"),
    path("datasets/", datasets.DataSetList.as_view(), name="datasets"),
    path("datasets/<slug:slug>/", datasets.DataSetDetail.as_view(), name="dataset"),
    path("datasets/<slug:slug>/records/", datasets.RecordList.as_view(), name="dataset-records"),
]
