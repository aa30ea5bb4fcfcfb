from django.urls import path

from . import views

app_name = "cameras"
urlpatterns = [
    path("", views.wall, name="wall"),
    path("link/", views.link, name="link"),
    path("<slug:camera_id>/<slug:verb>/", views.control, name="control"),
]
