"""Pages of officers, under ``/work/``."""

from django.urls import path

from applications.views.staff import case, files, licence, move, papers, worklist

urlpatterns = [
    path("work/", worklist.work_list, name="worklist"),
    path("work/<str:number>/", case.case_page, name="staff-case"),
    path("work/<str:number>/claim/", case.claim, name="staff-claim"),
    path("work/<str:number>/moves/<str:action>/", move.move, name="staff-move"),
    path("work/<str:number>/materials/<int:pk>/", files.material, name="staff-material"),
    path("work/<str:number>/papers/", papers.add, name="staff-paper-add"),
    path("work/<str:number>/papers/<int:pk>/", papers.paper, name="staff-paper"),
    path("work/<str:number>/handed-up.zip", papers.handed_up, name="staff-handed-up"),
    path("work/<str:number>/licence/revoke/", licence.revoke, name="staff-revoke"),
]
