"""Signs addresses of camgate, for <img>: docs/http.md, "Signed URLs". Needs only the standard library; copy it into your project."""
import base64
import hashlib
import hmac
import time
from urllib.parse import parse_qsl, quote, unquote


def camgate_url(address, sub, key, kid="k1", seconds=600, base="", now=None):
    """Return base + address, such as "/camera/1?fps=5", signed for the user `sub` and good for `seconds` from `now` (by default, the time)."""
    if not sub:
        raise ValueError("camgate_url needs a user")
    path, _, query = address.partition("?")
    path = "/" + "/".join(_encode(unquote(part)) for part in path.split("/") if part)
    iat = int(time.time() if now is None else now)
    own = {"exp": iat + seconds, "iat": iat, "kid": kid, "sub": sub}
    given = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in (*own, "sig")]
    query = "&".join(sorted(f"{_encode(name)}={_encode(value)}" for name, value in [*given, *own.items()]))
    mac = hmac.new(key.encode(), f"camgate1\nGET\n{path}\n{query}".encode(), hashlib.sha256)
    sig = base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
    return f"{base.rstrip('/')}{path}?{query}&sig={sig}"


def _encode(text):
    return quote(str(text), safe="")
