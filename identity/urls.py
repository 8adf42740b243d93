"""Account pages; who may open them stands in ``hall/access.py``."""

from django.urls import path

from identity import deputy_views, views

app_name = "identity"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/deputies/", deputy_views.listing, name="deputies"),
    path("account/deputies/<int:pk>/end/", deputy_views.end, name="deputy-end"),
    path("account/phone/", views.phone, name="phone"),
    path("account/act-as/", views.act_as, name="act-as"),
    path("account/enterprises/new/", views.enterprise_register, name="enterprise-register"),
    path("account/enterprises/<uuid:uid>/", views.enterprise, name="enterprise"),
    path("account/enterprises/<uuid:uid>/agents/<int:pk>/end/", views.agent_end, name="agent-end"),
]
