"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk, exchange

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("exchange/", exchange.exchange, name="exchange"),
    path("exchange/download/", exchange.export, name="export"),
    path("exchange/<uuid:uid>/", exchange.result, name="import"),
    path("exchange/<uuid:uid>/apply/", exchange.apply, name="import-apply"),
    path("exchange/<uuid:uid>/problems.csv", exchange.problems, name="import-problems"),
]
