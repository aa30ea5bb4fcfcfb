"""A login, camgate's cameras for those who may look, and buttons for those who may press them. README.md says how to start it."""
import os
import time
from hmac import compare_digest
from urllib.parse import quote

import jwt
import requests
from camgate_signing import camgate_url
from flask import Flask, abort, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFProtect

CAMGATE_URL = os.environ["CAMGATE_URL"]  # how this program reaches camgate
CAMGATE_PUBLIC_URL = os.environ["CAMGATE_PUBLIC_URL"]  # how browsers do
LINK_KEY = os.environ["CAMGATE_LINK_KEY"]  # as in camgate's cameras.yaml, like the next one
JWT_SECRET = os.environ["CAMGATE_JWT_SECRET"]
PASSWORD = os.environ["DEMO_PASSWORD"]
USERS = {"anna": {"look", "control"}, "ben": {"look"}, "carl": set()}  # instead, ask your table of users, which has a hash of each password

app = Flask(__name__)
app.secret_key = os.environ["SESSION_SECRET"]
app.config.update(
    SESSION_COOKIE_SAMESITE="Lax",  # once you have https, SESSION_COOKIE_SECURE=True, too
    WTF_CSRF_TIME_LIMIT=None,  # as long as the session: pages with cameras stay open all day
)
CSRFProtect(app)


def ask_camgate(method, path, right):
    """Return camgate's answer and its status. Both are made up if camgate is down."""
    token = jwt.encode({"sub": "flask", "right": right, "cameras": "all", "exp": int(time.time()) + 60}, JWT_SECRET)
    try:
        answer = requests.request(method, CAMGATE_URL + path, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        body = answer.json()
    except requests.RequestException:
        body = None
    return (body, answer.status_code) if isinstance(body, dict) else ({"message": "camgate does not answer."}, 502)


def require(right):
    if session.get("user") not in USERS:
        abort(401)
    if right not in USERS[session["user"]]:
        abort(403)


@app.template_global()
def signed(address, seconds=600):
    """Return an address that opens for this user, for a while. Sign only addresses that your code has chosen."""
    return camgate_url(address, session["user"], LINK_KEY, seconds=seconds, base=CAMGATE_PUBLIC_URL)


@app.get("/")
def cameras():
    require("look")
    answer, _ = ask_camgate("GET", "/status", "view")
    return render_template("cameras.html", cameras=answer.get("cameras", {}), problem=answer.get("message"),
                           camgate=CAMGATE_PUBLIC_URL, may_control="control" in USERS[session["user"]])


@app.get("/link")
def link():
    """Renew the link of a page that is still open when its first one ends."""
    require("look")
    answer, status = ask_camgate("GET", "/status", "view")
    return signed("/wall?cameras=" + ",".join(answer["cameras"])) if status == 200 else (answer, status)


@app.post("/cameras/<camera>/<any(start, stop):verb>")
def control(camera, verb):
    require("control")
    return ask_camgate("POST", f"/{verb}/{quote(camera, safe='')}", "control")


@app.post("/login")
def login():
    if request.form["user"] not in USERS or not compare_digest(request.form["password"].encode(), PASSWORD.encode()):
        return render_template("login.html", problem="Wrong name or password."), 401
    session["user"] = request.form["user"]
    return redirect(url_for("cameras"))


@app.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("cameras"))


@app.errorhandler(400)  # of CSRFProtect
@app.errorhandler(401)
@app.errorhandler(403)
def refused(error):
    problem = {401: "Log in first.", 403: "You may not do that. Ask whoever runs this site."}.get(error.code, error.description)
    if request.path == "/":
        return render_template("login.html", problem=problem), error.code
    return {"message": problem}, error.code
