"""The open interface of the catalogue."""

from django.urls import path

from matters.api import public, situation

urlpatterns = [
    path("matters/", public.MatterList.as_view(), name="matters"),
    path("matters/<str:code>/", public.MatterDetail.as_view(), name="matter"),
    path("matters/<str:code>/situation/", situation.SituationView.as_view(), name="situation"),
    path("departments/", public.DepartmentList.as_view(), name="departments"),
    path("themes/", public.ThemeList.as_view(), name="themes"),
]
