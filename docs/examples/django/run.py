#!/usr/bin/env python3
"""Starts camgate and Django with keys of their own, and ends both on Ctrl+C. Users: anna (may start and stop cameras), ben (may look), carl (may not)."""
import argparse
import os
import secrets
import shlex
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLONE = (HERE / "../../..").resolve()  # of camgate; somewhere else, say --camgate
USERS = {"anna": ["look", "control"], "ben": ["look"], "carl": []}
END_TIMEOUT_S = 10

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, default=8000, help="of Django")
parser.add_argument("--camgate-port", type=int, default=5000)
parser.add_argument("--camgate", default=f"npm start --silent --prefix {shlex.quote(str(CLONE))} --", help="the command that starts camgate")
options = parser.parse_args()

password = os.environ.setdefault("DEMO_PASSWORD", secrets.token_urlsafe(9))
os.environ.update({**{
    "CAMGATE_LINK_KEY": secrets.token_urlsafe(32),
    "CAMGATE_JWT_SECRET": secrets.token_urlsafe(32),
    "CAMGATE_ORIGINS": f"http://localhost:{options.port},http://127.0.0.1:{options.port}",
    "CAMGATE_PUBLIC_URL": f"http://localhost:{options.camgate_port}",
    "CAMGATE_URL": f"http://127.0.0.1:{options.camgate_port}",
    "DJANGO_SECRET_KEY": secrets.token_urlsafe(48),
    "DJANGO_DEBUG": "1",
    "DJANGO_SETTINGS_MODULE": "house.settings",
}, **os.environ})
sys.path.insert(0, str(HERE))

try:
    import django  # noqa: E402
except ImportError:
    sys.exit("Django is missing: pip install Django, or apt-get install python3-django")
from django.core.management import call_command  # noqa: E402

django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import Permission, User  # noqa: E402

for name, permissions in USERS.items():
    user, _ = User.objects.get_or_create(username=name)
    user.set_password(password)
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="cameras", codename__in=permissions))

programs = [
    subprocess.Popen([*shlex.split(options.camgate), "serve", "--config", str(HERE / "cameras.yaml"), "--port", str(options.camgate_port)]),
    subprocess.Popen([sys.executable, str(HERE / "manage.py"), "runserver", "--noreload", f"127.0.0.1:{options.port}"], cwd=HERE),
]
print(f"Open http://localhost:{options.port}/ and log in as {', '.join(USERS)}. The password of all is {password}", flush=True)


def end(*_):
    sys.exit(0)


signal.signal(signal.SIGTERM, end)
failed = False
try:
    failed = os.wait()[1] != 0  # either of them ends
except KeyboardInterrupt:
    pass
finally:
    for program in programs:
        if program.poll() is None:
            program.terminate()
    for program in programs:
        try:
            program.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            program.kill()
sys.exit(failed)
