from django import template
from django.conf import settings

from ..camgate_signing import camgate_url as signed

register = template.Library()


@register.simple_tag(takes_context=True)
def camgate_url(context, address, seconds=600):
    """An address of camgate that opens for this user, for a while. Sign only addresses that the template chose."""
    user = context["request"].user
    if not user.has_perm("cameras.look"):
        return settings.CAMGATE_PUBLIC_URL + address  # camgate answers with a picture: "This camera is closed."
    return signed(address, user.get_username(), settings.CAMGATE_LINK_KEY, seconds=seconds, base=settings.CAMGATE_PUBLIC_URL)
