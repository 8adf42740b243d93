"""``/api/v1/applicant/``."""

from django.urls import path

from applications.api import applicant, applicant_licences, bookings, ledger, notices, ratings, talking

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
    path("licences/", applicant_licences.MyLicences.as_view(), name="licences"),
    path("licences/<uuid:uid>/", applicant_licences.MyLicence.as_view(), name="licence"),
    path("licences/<uuid:uid>/applications/", applicant_licences.About.as_view(), name="licence-about"),
    path("licences/<uuid:uid>/cancellation/", applicant_licences.Cancellation.as_view(), name="licence-cancellation"),
]
