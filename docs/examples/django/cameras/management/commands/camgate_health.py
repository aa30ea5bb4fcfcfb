from django.core.management.base import BaseCommand, CommandError

from ...camgate import CamgateError, cameras


class Command(BaseCommand):
    help = "Says which cameras show no picture, and why. The exit code is 1 if there are any, or if camgate does not answer: for cron, or a monitoring system."

    def handle(self, *args, **options):
        try:
            known = cameras()
        except CamgateError as error:
            raise CommandError(str(error)) from error
        failing = [f"{camera['name']}: {camera['failure']['message']}" for camera in known.values() if camera["failure"]]
        if failing:
            raise CommandError("\n".join(failing))
        self.stdout.write(f"All {len(known)} cameras are well.")
