"""The operator's page, and the endpoint for the other site."""

from django.urls import path

from sync import epoch_views, push_views, views

app_name = "sync"
urlpatterns = [
    path("", views.operator, name="operator"),
    path("seal/", views.seal, name="seal"),
    path("upload/", views.upload, name="upload"),
    path("batches/<int:seq>/<int:vol>/", views.download, name="download"),
    path("epoch/", epoch_views.epoch, name="epoch"),
    path("push/", push_views.push, name="push"),
    path("halts/<int:halt_id>/pass/", views.let_pass, name="let-pass"),
    path("dead-letters/<int:letter_id>/retry/", views.retry, name="retry"),
    path("dead-letters/<int:letter_id>/dismiss/", views.dismiss, name="dismiss"),
]
