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
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
ROOT_URLCONF = "house.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DJANGO_DATABASE", BASE_DIR / "db.sqlite3")}}
AUTH_PASSWORD_VALIDATORS = [{"NAME": f"django.contrib.auth.password_validation.{name}"} for name in (
    "UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "cameras:wall"
TIME_ZONE = "UTC"
USE_TZ = True

if os.environ.get("DJANGO_HTTPS") == "1":  # a proxy in front has the certificate, and sets X-Forwarded-Proto
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
