"""``/api/v1/staff/``."""

from django.urls import path

from applications.api import bookings, staff, staff_licences, supplied, talking

urlpatterns = [
    path("applications/", staff.CaseList.as_view(), name="applications"),
    path("applications/<str:number>/", staff.CaseDetail.as_view(), name="application"),
    path("applications/<str:number>/moves/", staff.Moves.as_view(), name="moves"),
    path("applications/<str:number>/bars/", staff_licences.Impose.as_view(), name="impose"),
    path("applications/<str:number>/supplied/", supplied.SuppliedItems.as_view(), name="supplied"),
    path("applications/<str:number>/messages/", talking.OfficeThread.as_view(), name="messages"),
    path("bookings/", bookings.Expected.as_view(), name="bookings"),
    path("bookings/plan/", bookings.Plan.as_view(), name="booking-plan"),
    path("bookings/<uuid:uid>/attendance/", bookings.Attendance.as_view(), name="booking"),
    path("licences/", staff_licences.Licences.as_view(), name="licences"),
    path("licences/<uuid:uid>/", staff_licences.OneLicence.as_view(), name="licence"),
    path("bars/", staff_licences.Bars.as_view(), name="bars"),
    path("bars/<uuid:uid>/lift/", staff_licences.Lift.as_view(), name="lift"),
]
