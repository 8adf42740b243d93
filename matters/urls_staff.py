"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk, difference, matter, moves

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("<uuid:uid>/", matter.matter, name="matter"),
    path("<uuid:uid>/confirm/", matter.confirm, name="confirm"),
    path("<uuid:uid>/recheck/", matter.recheck, name="recheck"),
    path("<uuid:uid>/versions/<int:number>/diff/", difference.difference, name="diff"),
    path("<uuid:uid>/versions/<int:number>/<str:name>/", moves.move, name="move"),
]
