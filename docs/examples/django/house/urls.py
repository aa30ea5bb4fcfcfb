from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="cameras:wall")),
    path("cameras/", include("cameras.urls")),
    path("login/", LoginView.as_view(template_name="cameras/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),  # gives users and groups the permissions of cameras/models.py
]
