"""The open interface of the catalogue."""

from django.urls import path

from matters.api import packages, public

urlpatterns = [
    path("matters/", public.MatterList.as_view(), name="matters"),
    path("matters/<str:code>/", public.MatterDetail.as_view(), name="matter"),
    path("packages/", packages.PackageList.as_view(), name="packages"),
    path("packages/<str:code>/", packages.PackageDetail.as_view(), name="package"),
    path("departments/", public.DepartmentList.as_view(), name="departments"),
    path("themes/", public.ThemeList.as_view(), name="themes"),
]
