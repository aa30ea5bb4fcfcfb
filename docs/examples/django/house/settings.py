"""Everything that differs between machines comes from the environment; run.py and compose.yaml set it."""
import os
from importlib.util import find_spec
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("DJANGO_HOSTS", "localhost,127.0.0.1").split(",")

# How browsers reach camgate, and how Django does. In Compose, these differ.
CAMGATE_PUBLIC_URL = os.environ.get("CAMGATE_PUBLIC_URL", "http://localhost:5000")
CAMGATE_URL = os.environ.get("CAMGATE_URL", "http://localhost:5000")
# camgate has the same two: server.auth in cameras.yaml.
CAMGATE_LINK_KEY = os.environ["CAMGATE_LINK_KEY"]
CAMGATE_JWT_SECRET = os.environ["CAMGATE_JWT_SECRET"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "cameras",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    *["whitenoise.middleware.WhiteNoiseMiddleware"] * bool(find_spec("whitenoise")),  # gunicorn serves no static files; runserver does
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
    ]},
}]
ROOT_URLCONF = "house.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DJANGO_DATABASE", BASE_DIR / "db.sqlite3")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "wall"
LOGOUT_REDIRECT_URL = "wall"
USE_TZ = True
