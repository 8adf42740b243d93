"""``/api/v1/public/``: what any program may ask about cases."""

from django.urls import path

from applications.api import bookings, public, statistics

urlpatterns = [
    path("status/", public.PublicStatus.as_view(), name="status"),
    path("matters/<str:code>/slots/", bookings.Slots.as_view(), name="slots"),
    path("statistics/", statistics.Statistics.as_view(), name="statistics"),
]
