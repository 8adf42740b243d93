"""``/api/v1/staff/``."""

from django.urls import path

from applications.api import staff, staff_joint, staff_licences

urlpatterns = [
    path("joint/", staff_joint.JointList.as_view(), name="joints"),
    path("joint/<str:number>/", staff_joint.JointWhole.as_view(), name="joint"),
    path("applications/", staff.CaseList.as_view(), name="applications"),
    path("applications/<str:number>/", staff.CaseDetail.as_view(), name="application"),
    path("applications/<str:number>/moves/", staff.Moves.as_view(), name="moves"),
    path("applications/<str:number>/bars/", staff_licences.Impose.as_view(), name="impose"),
    path("licences/", staff_licences.Licences.as_view(), name="licences"),
    path("licences/<uuid:uid>/", staff_licences.OneLicence.as_view(), name="licence"),
    path("bars/", staff_licences.Bars.as_view(), name="bars"),
    path("bars/<uuid:uid>/lift/", staff_licences.Lift.as_view(), name="lift"),
]
