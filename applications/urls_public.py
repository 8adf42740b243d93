"""Pages about cases that anyone may open."""

from django.urls import path

from applications.views import booking, public, rate, statistics

urlpatterns = [
    path("status/", public.status, name="status"),
    path("status/rate/", rate.by_code, name="rate-by-code"),
    path("book/<str:code>/", booking.free, name="book"),
    path("statistics/", statistics.statistics, name="statistics"),
]
