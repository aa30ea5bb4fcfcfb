from django.db import models


class Camera(models.Model):
    """Has no table: it only declares the permissions. camgate knows the cameras."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("look", "Can look at cameras"), ("control", "Can start and stop cameras")]
