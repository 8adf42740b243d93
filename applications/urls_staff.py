"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views import statistics
from applications.views.staff import (
    alerts,
    bars,
    case,
    files,
    joint,
    licences,
    move,
    papers,
    ratings,
    report,
    supervision,
    worklist,
)

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
    path("work/joint/", joint.listing, name="staff-joint-list"),
    path("work/joint/<str:number>/", joint.page, name="staff-joint"),
    path("work/<str:number>/", case.case_page, name="staff-case"),
    path("work/<str:number>/claim/", case.claim, name="staff-claim"),
    path("work/<str:number>/moves/<str:action>/", move.move, name="staff-move"),
    path("work/<str:number>/materials/<int:pk>/", files.material, name="staff-material"),
    # licences after the grant
    path("licences/", licences.listing, name="staff-licences"),
    path("licences/<uuid:uid>/", licences.licence_page, name="staff-licence"),
    path("licences/<uuid:uid>/requests/<uuid:asked>/", licences.answer, name="staff-licence-answer"),
    path("licences/<uuid:uid>/<str:act>/", licences.end, name="staff-licence-end"),
    path("bars/", bars.listing, name="staff-bars"),
    path("bars/<uuid:uid>/lift/", bars.lift, name="staff-bar-lift"),
    path("work/<str:number>/bar/", bars.impose, name="staff-bar"),
    path("work/<str:number>/papers/", papers.add, name="staff-paper-add"),
    path("work/<str:number>/papers/<int:pk>/", papers.paper, name="staff-paper"),
    path("work/<str:number>/handed-up.zip", papers.handed_up, name="staff-handed-up"),
]
