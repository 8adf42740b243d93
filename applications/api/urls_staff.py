"""``/api/v1/staff/``."""

from django.urls import path

from applications.api import (
    bookings,
    ledger,
    staff,
    staff_colleagues,
    staff_counter,
    staff_joint,
    staff_licences,
    supplied,
    talking,
)

urlpatterns = [
    path("joint/", staff_joint.JointList.as_view(), name="joints"),
    path("joint/<str:number>/", staff_joint.JointWhole.as_view(), name="joint"),
    path("applications/", staff.CaseList.as_view(), name="applications"),
    path("applications/<str:number>/", staff.CaseDetail.as_view(), name="application"),
    path("applications/<str:number>/moves/", staff.Moves.as_view(), name="moves"),
    path("applications/<str:number>/countersigns/", staff_colleagues.Countersigns.as_view(), name="countersigns"),
    path("applications/<str:number>/signature/", staff_colleagues.Signature.as_view(), name="signature"),
    path("applications/<str:number>/hand-over/", staff_colleagues.HandOver.as_view(), name="hand-over"),
    path("applications/<str:number>/ledger/", ledger.StaffLedger.as_view(), name="ledger"),
    path("applications/<str:number>/bars/", staff_licences.Impose.as_view(), name="impose"),
    path("applications/<str:number>/in-person/", staff_counter.Asked.as_view(), name="in-person"),
    path("counter/", staff_counter.Filings.as_view(), name="counter"),
    path("counter/<uuid:uid>/", staff_counter.Filing.as_view(), name="counter-draft"),
    path("counter/<uuid:uid>/materials/", staff_counter.Scans.as_view(), name="counter-materials"),
    path("counter/<uuid:uid>/submission/", staff_counter.Submission.as_view(), name="counter-submission"),
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
