"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views import statistics
from applications.views.staff import alerts, case, files, licence, move, ratings, report, supervision, worklist

urlpatterns = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("supervision/", supervision.overview, name="supervision"),
    path("supervision/cases/", supervision.cases, name="supervision-cases"),
    path("supervision/report/", report.page, name="report"),
    path("supervision/report/<str:month>.<str:kind>", report.file, name="report-file"),
    path("alerts/", alerts.listing, name="alerts"),
    path("alerts/<uuid:uid>/", alerts.alert, name="alert"),
    path("ratings/", ratings.listing, name="ratings"),
    path("ratings/<uuid:uid>/", ratings.rating, name="rating"),
    path("work/", worklist.work_list, name="worklist"),
    path("work/<str:number>/", case.case_page, name="staff-case"),
    path("work/<str:number>/claim/", case.claim, name="staff-claim"),
    path("work/<str:number>/moves/<str:action>/", move.move, name="staff-move"),
    path("work/<str:number>/materials/<int:pk>/", files.material, name="staff-material"),
    path("work/<str:number>/licence/revoke/", licence.revoke, name="staff-revoke"),
]
