"""Pages of those who keep the catalogue, under ``/catalogue/`` on the inner side."""

from django.urls import path

from matters.views.staff import desk
from matters.views.staff.datasets import data as dataset_data
from matters.views.staff.datasets import fields as dataset_fields
from matters.views.staff.datasets import pages as dataset_pages
from matters.views.staff.datasets import publishing as dataset_publishing

app_name = "catalogue"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("datasets/", dataset_pages.datasets, name="datasets"),
    path("datasets/new/", dataset_pages.new, name="dataset-new"),
    path("datasets/<uuid:uid>/", dataset_pages.dataset, name="dataset"),
    path("datasets/<uuid:uid>/edit/", dataset_pages.edit, name="dataset-edit"),
    path("datasets/<uuid:uid>/fields/new/", dataset_fields.new, name="dataset-field-new"),
    path("datasets/<uuid:uid>/fields/<str:key>/", dataset_fields.edit, name="dataset-field"),
    path("datasets/<uuid:uid>/fields/<str:key>/move/", dataset_fields.move, name="dataset-field-move"),
    path("datasets/<uuid:uid>/data/", dataset_data.data, name="dataset-data"),
    path("datasets/<uuid:uid>/data/template.xlsx", dataset_data.template, name="dataset-template"),
    path("datasets/<uuid:uid>/data/<uuid:load>/", dataset_data.decide, name="dataset-load"),
    path("datasets/<uuid:uid>/resend/", dataset_publishing.resend, name="dataset-resend"),
    path("datasets/<uuid:uid>/publish/", dataset_publishing.publish, name="dataset-publish"),
    path("datasets/<uuid:uid>/withdraw/", dataset_publishing.withdraw, name="dataset-withdraw"),
]
