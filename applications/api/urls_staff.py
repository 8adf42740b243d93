"""``/api/v1/staff/``."""

from django.urls import path

from applications.api import staff

urlpatterns = [
    path("applications/", staff.CaseList.as_view(), name="applications"),
    path("applications/<str:number>/", staff.CaseDetail.as_view(), name="application"),
    path("applications/<str:number>/moves/", staff.Moves.as_view(), name="moves"),
]
