"""What Django itself asks camgate. Needs only the standard library."""
import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request

from django.conf import settings

TIMEOUT_S = 10
TOKEN_LIFETIME_S = 60


class CamgateError(Exception):
    """camgate has refused, or does not answer. The message is for people."""

    def __init__(self, message, status=502):
        super().__init__(message)
        self.status = status


def cameras():
    """How every camera is, by id: `name`, `state`, `failure` and more (docs/http.md, GET /status)."""
    known = _ask("GET", "/status", "view").get("cameras")
    if not isinstance(known, dict):
        raise CamgateError("What answers is not camgate.")
    return known


def command(verb, camera_id):
    """Starts, stops or restarts a camera. Returns camgate's answer, which comes when that is done."""
    return _ask("POST", f"/{verb}/{camera_id}", "control")


def _ask(method, path, right):
    request = urllib.request.Request(settings.CAMGATE_URL + path, method=method, headers={"Authorization": f"Bearer {_token(right)}"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            body = json.load(answer)
    except urllib.error.HTTPError as error:
        raise CamgateError(_message_of(error), error.code) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CamgateError("camgate does not answer.") from error
    if not isinstance(body, dict):
        raise CamgateError("What answers is not camgate.")
    return body


def _message_of(error):
    try:
        return json.load(error)["message"]
    except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError):
        return f"camgate answered {error.code}."


def _token(right):
    """A JSON Web Token of Django itself, signed with HS256."""
    header = _part({"alg": "HS256", "typ": "JWT"})
    claims = _part({"sub": "django", "right": right, "cameras": "all", "exp": int(time.time()) + TOKEN_LIFETIME_S})
    signed = f"{header}.{claims}"
    return f"{signed}.{_base64(hmac.new(settings.CAMGATE_JWT_SECRET.encode(), signed.encode(), hashlib.sha256).digest())}"


def _part(value):
    return _base64(json.dumps(value).encode())


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
