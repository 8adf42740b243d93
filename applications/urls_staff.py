"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views import statistics
from applications.views.staff import (
    alerts,
    bars,
    case,
    files,
    licences,
    move,
    papers,
    ratings,
    report,
    supervision,
    worklist,
)
from applications.views.staff.counter import check, correct, desk, draft, materials

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
    # the window: an application is filed for who comes in person
    path("counter/", desk.desk, name="counter"),
    path("counter/new/<str:code>/", desk.begin, name="counter-begin"),
    path("counter/<uuid:uid>/", draft.task_list, name="counter-draft"),
    path("counter/<uuid:uid>/identity/", desk.identity, name="counter-identity"),
    path("counter/<uuid:uid>/situation/", draft.situation, name="counter-situation"),
    path("counter/<uuid:uid>/sections/<str:key>/", draft.section, name="counter-section"),
    path("counter/<uuid:uid>/sections/<str:key>/autosave/", draft.autosave, name="counter-autosave"),
    path("counter/<uuid:uid>/materials/", materials.materials, name="counter-materials"),
    path("counter/<uuid:uid>/materials/<str:key>/upload/", materials.upload, name="counter-upload"),
    path("counter/<uuid:uid>/materials/<str:key>/paper/", materials.paper, name="counter-paper"),
    path("counter/<uuid:uid>/files/<int:pk>/", materials.material, name="counter-file"),
    path("counter/<uuid:uid>/files/<int:pk>/delete/", materials.delete, name="counter-file-delete"),
    path("counter/<uuid:uid>/check/", check.check, name="counter-check"),
    path("counter/<uuid:uid>/receipt/", check.receipt, name="counter-receipt"),
    path("counter/<uuid:uid>/delete/", draft.delete, name="counter-delete"),
    path("counter/<uuid:uid>/correct/", correct.correct, name="counter-correct"),
    path("counter/<uuid:uid>/correct/<str:key>/", correct.correct_section, name="counter-correct-section"),
    path("counter/<uuid:uid>/owed/", correct.owed, name="counter-owed"),
    path("counter/<uuid:uid>/withdraw/", correct.withdraw, name="counter-withdraw"),
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
