from cameras import views
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path("", views.wall, name="wall"),
    path("link/", views.link, name="link"),
    path("cameras/<slug:camera_id>/<slug:verb>/", views.control, name="control"),
    path("login/", LoginView.as_view(template_name="cameras/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
