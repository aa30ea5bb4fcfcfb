"""A Django site whose page and tag are those of README and the guide. Run as: site.py PORT, with README's settings and views beside it."""
import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

scope = {"os": os}
exec(open("settings_of_readme.py").read(), scope)
settings.configure(
    DEBUG=True,
    SECRET_KEY="a key for tests, and for nothing else",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="urls",
    LOGIN_REDIRECT_URL="/",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "cameras"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]},
    }],
    CAMGATE_PUBLIC_URL=scope["CAMGATE_PUBLIC_URL"],
    CAMGATE_LINK_KEY=os.environ["CAMGATE_LINK_KEY"],
)
django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User  # noqa: E402

User.objects.create_user("anna", password=os.environ["ANNAS_PASSWORD"])
call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False)
