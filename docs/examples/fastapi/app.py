"""A login, camgate's cameras for those who may look, and buttons for those who may press them. README.md says how to start it."""
import os
import time
from contextlib import asynccontextmanager
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import httpx
import jwt
from camgate_signing import camgate_url
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.middleware.sessions import SessionMiddleware

CAMGATE_URL = os.environ["CAMGATE_URL"]  # how this program reaches camgate
CAMGATE_PUBLIC_URL = os.environ["CAMGATE_PUBLIC_URL"]  # how browsers do
LINK_KEY = os.environ["CAMGATE_LINK_KEY"]  # as in camgate's cameras.yaml, like the next one
JWT_SECRET = os.environ["CAMGATE_JWT_SECRET"]
PASSWORD = os.environ["DEMO_PASSWORD"]
USERS = {"anna": {"look", "control"}, "ben": {"look"}, "carl": set()}  # instead, ask your table of users, which has a hash of each password


@asynccontextmanager
async def lifespan(app):
    async with httpx.AsyncClient(base_url=CAMGATE_URL, timeout=10) as camgate:
        yield {"camgate": camgate}


def refuse_other_sites(request: Request):
    """Browsers send Origin with every POST, and no page can forge it (CSRF)."""
    if request.method == "POST" and request.headers.get("origin") != str(request.base_url).rstrip("/"):
        raise HTTPException(403, "This request comes from another site.")


app = FastAPI(lifespan=lifespan, dependencies=[Depends(refuse_other_sites)], openapi_url=None)  # strangers need no list of addresses
app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"], same_site="lax")  # once you have https, https_only=True, too


@app.exception_handler(HTTPException)
async def refused(request: Request, error: HTTPException):
    return JSONResponse({"message": error.detail}, error.status_code)


def who_may(right):
    def user_of(request: Request):
        user = request.session.get("user")
        if user not in USERS:
            raise HTTPException(401, "Log in first.")
        if right not in USERS[user]:
            raise HTTPException(403, "You may not do that. Ask whoever runs this site.")
        return user
    return Depends(user_of)


async def ask_camgate(request, method, path, right):
    token = jwt.encode({"sub": "fastapi", "right": right, "cameras": "all", "exp": int(time.time()) + 60}, JWT_SECRET)
    try:
        answer = await request.state.camgate.request(method, path, headers={"Authorization": f"Bearer {token}"})
        body = answer.json()
        if not isinstance(body, dict):
            raise ValueError("This is not camgate.")
    except (httpx.HTTPError, ValueError) as error:
        raise HTTPException(502, "camgate does not answer.") from error
    if answer.is_error:
        raise HTTPException(502 if answer.status_code == 401 else answer.status_code, body["message"])  # 401: camgate has another secret
    return body


@app.get("/cameras")
async def cameras(request: Request, user: Annotated[str, who_may("look")]):
    """Return what the page shows. Who sees a link can open it, so only addresses that this code has chosen are signed."""
    known = (await ask_camgate(request, "GET", "/status", "view"))["cameras"]
    return {
        "camgate": CAMGATE_PUBLIC_URL,
        "link": camgate_url("/wall?cameras=" + ",".join(known), user, LINK_KEY, base=CAMGATE_PUBLIC_URL),
        "mayControl": "control" in USERS[user],
        "cameras": [{
            "id": id,
            "name": camera["name"],
            "image": camgate_url(f"/camera/{id}", user, LINK_KEY, seconds=43200, base=CAMGATE_PUBLIC_URL),
            "problem": camera["failure"] and camera["failure"]["message"],
        } for id, camera in known.items()],
    }


@app.post("/cameras/{camera}/{verb}")
async def control(request: Request, camera: str, verb: Literal["start", "stop"], user: Annotated[str, who_may("control")]):
    return await ask_camgate(request, "POST", f"/{verb}/{quote(camera, safe='')}", "control")


class Credentials(BaseModel):
    user: str
    password: str


@app.post("/login")
async def login(request: Request, given: Credentials):
    if given.user not in USERS or not compare_digest(given.password.encode(), PASSWORD.encode()):
        raise HTTPException(401, "Wrong name or password.")
    request.session["user"] = given.user
    return {}


@app.post("/logout")
async def logout(request: Request):
    request.session.clear()
    return {}


app.mount("/", StaticFiles(directory=Path(__file__).parent.parent / "page", html=True))
