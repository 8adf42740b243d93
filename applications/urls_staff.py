"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views import statistics
from applications.views.staff import bars, case, files, licences, move, ratings, worklist

urlpatterns = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("ratings/", ratings.listing, name="ratings"),
    path("ratings/<uuid:uid>/", ratings.rating, name="rating"),
    path("work/", worklist.work_list, name="worklist"),
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
]
