from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from . import camgate
from .camgate_signing import camgate_url

LINK_LIFETIME_S = 600


@require_GET
def wall(request):
    """The page. It works without camgate and for anybody: what is missing is said in words."""
    cameras, problem = {}, ""
    if request.user.has_perm("cameras.look"):
        try:
            cameras = camgate.cameras()
        except camgate.CamgateError as error:
            problem = str(error)
    first, *others = cameras.items() or [None]
    return render(request, "cameras/wall.html", {
        "camgate": settings.CAMGATE_PUBLIC_URL, "first": first, "others": others, "problem": problem, "link": _link(request.user, cameras) if cameras else "",
    })


@require_GET
def link(request):
    """A new link for the elements of a page that is still open when its first one ends."""
    if not request.user.has_perm("cameras.look"):
        return _refusal(request.user, "You may not look at cameras.")
    try:
        return HttpResponse(_link(request.user, camgate.cameras()), content_type="text/plain")
    except camgate.CamgateError as error:
        return JsonResponse({"message": str(error)}, status=502)


@require_POST
def control(request, camera_id, verb):
    if verb not in ("start", "stop", "restart"):
        raise Http404
    if not request.user.has_perm("cameras.control"):
        return _refusal(request.user, "You may not start or stop cameras.")
    try:
        return JsonResponse(camgate.command(verb, camera_id))
    except camgate.CamgateError as error:
        return JsonResponse({"message": str(error)}, status=error.status)


def _refusal(user, message):
    if not user.is_authenticated:
        return JsonResponse({"message": "Log in again."}, status=401)
    return JsonResponse({"message": message}, status=403)


def _link(user, cameras):
    return camgate_url(f"/wall?cameras={','.join(cameras)}", user.get_username(), settings.CAMGATE_LINK_KEY, seconds=LINK_LIFETIME_S, base=settings.CAMGATE_PUBLIC_URL)
