"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views import statistics
from applications.views.staff import case, files, licence, move, ratings, worklist

urlpatterns = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("ratings/", ratings.listing, name="ratings"),
    path("ratings/<uuid:uid>/", ratings.rating, name="rating"),
    path("work/", worklist.work_list, name="worklist"),
    path("work/<str:number>/", case.case_page, name="staff-case"),
    path("work/<str:number>/claim/", case.claim, name="staff-claim"),
    path("work/<str:number>/moves/<str:action>/", move.move, name="staff-move"),
    path("work/<str:number>/materials/<int:pk>/", files.material, name="staff-material"),
    path("work/<str:number>/licence/revoke/", licence.revoke, name="staff-revoke"),
]
