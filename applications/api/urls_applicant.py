"""``/api/v1/applicant/``."""

from django.urls import path

from applications.api import (
    applicant,
    applicant_joint,
    applicant_licences,
    bookings,
    ledger,
    notices,
    ratings,
    talking,
)

urlpatterns = [
    path("applications/", applicant.Cases.as_view(), name="applications"),
    path("applications/<uuid:uid>/", applicant.Case.as_view(), name="application"),
    path("applications/<uuid:uid>/situation/", applicant.Situation.as_view(), name="situation"),
    path("applications/<uuid:uid>/sections/<str:key>/", applicant.SectionAnswers.as_view(), name="section"),
    path("applications/<uuid:uid>/materials/", applicant.Files.as_view(), name="materials"),
    path("applications/<uuid:uid>/materials/<int:pk>/", applicant.File.as_view(), name="material"),
    path("applications/<uuid:uid>/submit/", applicant.Submission.as_view(), name="submit"),
    path("applications/<uuid:uid>/rating/", ratings.Rate.as_view(), name="rating"),
    path("applications/<uuid:uid>/ledger/", ledger.MyLedger.as_view(), name="ledger"),
    path("applications/<uuid:uid>/requests/", applicant.Asking.as_view(), name="requests"),
    path("applications/<uuid:uid>/messages/", talking.MyThread.as_view(), name="messages"),
    path("bookings/", bookings.MyBookings.as_view(), name="bookings"),
    path("bookings/<uuid:uid>/", bookings.MyBooking.as_view(), name="booking"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/read/", notices.Read.as_view(), name="notices-read"),
    path("notices/settings/", notices.Wishes.as_view(), name="notice-settings"),
    path("joint/", applicant_joint.Joints.as_view(), name="joints"),
    path("joint/<uuid:uid>/", applicant_joint.Joint.as_view(), name="joint"),
    path("joint/<uuid:uid>/situations/<str:code>/", applicant_joint.JointSituation.as_view(), name="joint-situation"),
    path("joint/<uuid:uid>/sections/<str:key>/", applicant_joint.JointSection.as_view(), name="joint-section"),
    path("joint/<uuid:uid>/papers/", applicant_joint.JointFiles.as_view(), name="joint-papers"),
    path("joint/<uuid:uid>/papers/<str:key>/<str:sha256>/", applicant_joint.JointFile.as_view(), name="joint-paper"),
    path("joint/<uuid:uid>/submit/", applicant_joint.JointSubmission.as_view(), name="joint-submit"),
    path("joint/<uuid:uid>/withdrawal/", applicant_joint.JointWithdrawal.as_view(), name="joint-withdrawal"),
    path("licences/", applicant_licences.MyLicences.as_view(), name="licences"),
    path("licences/<uuid:uid>/", applicant_licences.MyLicence.as_view(), name="licence"),
    path("licences/<uuid:uid>/applications/", applicant_licences.About.as_view(), name="licence-about"),
    path("licences/<uuid:uid>/cancellation/", applicant_licences.Cancellation.as_view(), name="licence-cancellation"),
]
