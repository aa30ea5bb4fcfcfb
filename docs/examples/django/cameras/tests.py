"""python3 manage.py test: camgate is played by a small server here. test/e2e/example-django.test.ts of camgate has the real one, and a browser."""
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client, SimpleTestCase, TestCase, override_settings

from .camgate_signing import camgate_url

CAMERAS = {"gate": {"name": "Gate", "state": "running", "failure": None}, "barn": {"name": "Barn", "state": "waiting", "failure": {"code": "unreachable", "message": "Nothing answers."}}}


class StandIn(BaseHTTPRequestHandler):
    status, body, asked = 200, b"", []

    def do_GET(self):
        StandIn.asked.append((self.command, self.path, self.headers["Authorization"]))
        self.send_response(StandIn.status)
        self.end_headers()
        self.wfile.write(StandIn.body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class CamgateCase(TestCase):
    def setUp(self):
        StandIn.status, StandIn.body, StandIn.asked = 200, json.dumps({"cameras": CAMERAS}).encode(), []
        server = HTTPServer(("127.0.0.1", 0), StandIn)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.use(server.server_port)

    def use(self, port):
        settings = override_settings(CAMGATE_URL=f"http://127.0.0.1:{port}", CAMGATE_PUBLIC_URL="https://example.org/camgate")
        settings.enable()
        self.addCleanup(settings.disable)

    def browser_of(self, name, *permissions):
        user = User.objects.create_user(name)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(user)
        return browser


class Wall(CamgateCase):
    def test_shows_signed_pictures_to_who_may_look(self):
        page = self.browser_of("ben", "look").get("/cameras/")
        self.assertContains(page, 'camera="barn"')
        self.assertContains(page, "Nothing answers.")
        self.assertContains(page, "/camera/gate?exp=")
        self.assertContains(page, "sub=ben")
        self.assertNotContains(page, "data-url")

    def test_has_buttons_for_who_may_press_them(self):
        self.assertContains(self.browser_of("anna", "look", "control").get("/cameras/"), 'data-url="/cameras/gate/stop/"')

    def test_says_why_it_shows_nothing(self):
        self.assertContains(Client().get("/cameras/"), "Log in to see the cameras.")
        self.assertContains(self.browser_of("carl").get("/cameras/"), "You may not look at cameras.")
        self.assertEqual(StandIn.asked, [], "camgate was not even asked")

    def test_survives_a_camgate_that_is_down_or_odd(self):
        ben = self.browser_of("ben", "look")
        StandIn.body = b"<html>"
        self.assertContains(ben.get("/cameras/"), "camgate does not answer.")
        for body in (b"[]", b"{}", b'{"cameras": []}'):
            StandIn.body = body
            self.assertContains(ben.get("/cameras/"), "What answers is not camgate.")
        StandIn.status, StandIn.body = 503, b"<html>"
        self.assertContains(ben.get("/cameras/"), "camgate answered 503.")
        self.use(9)  # nothing listens there
        self.assertContains(ben.get("/cameras/"), "camgate does not answer.")
        self.assertEqual(ben.get("/cameras/link/").status_code, 502)

    def test_renews_links_for_who_may_look(self):
        self.assertRegex(self.browser_of("ben", "look").get("/cameras/link/").content.decode(), r"^https://example.org/camgate/wall\?cameras=gate%2Cbarn&exp=\d+&iat=\d+&kid=k1&sub=ben&sig=")
        self.assertEqual(self.browser_of("carl").get("/cameras/link/").status_code, 403)
        answer = Client().get("/cameras/link/")
        self.assertEqual((answer.status_code, answer.json()), (401, {"message": "Log in again."}), "as after a session that has ended")


class Control(CamgateCase):
    def press(self, browser, path="/cameras/gate/stop/"):
        browser.get("/cameras/")
        return browser.post(path, HTTP_X_CSRFTOKEN=browser.cookies["csrftoken"].value)

    def test_passes_on_what_who_may_asks_for(self):
        StandIn.body = json.dumps({"cameras": CAMERAS, "state": "stopped", "message": "Gate is stopped."}).encode()
        answer = self.press(self.browser_of("anna", "look", "control"))
        self.assertEqual(answer.json()["state"], "stopped")
        method, path, proof = StandIn.asked[-1]
        self.assertEqual((method, path), ("POST", "/stop/gate"))
        self.assertTrue(proof.startswith("Bearer ey"))

    def test_refuses_others_strangers_and_other_words(self):
        self.assertEqual(self.press(self.browser_of("ben", "look")).status_code, 403)
        anna = self.browser_of("anna", "look", "control")
        self.assertEqual(self.press(anna, "/cameras/gate/explode/").status_code, 404)
        self.assertEqual(anna.post("/cameras/gate/stop/").status_code, 403, "without Django's token")
        self.assertEqual(anna.get("/cameras/gate/stop/").status_code, 405)
        self.assertEqual([path for method, path, _ in StandIn.asked if method == "POST"], [])

    def test_tells_a_user_whose_session_has_ended_to_log_in(self):
        anna = self.browser_of("anna", "look", "control")
        anna.get("/cameras/")
        del anna.cookies["sessionid"]
        answer = anna.post("/cameras/gate/stop/", HTTP_X_CSRFTOKEN=anna.cookies["csrftoken"].value)
        self.assertEqual((answer.status_code, answer.json()), (401, {"message": "Log in again."}))

    def test_gives_camgates_reason(self):
        anna = self.browser_of("anna", "look", "control")
        anna.get("/cameras/")
        StandIn.status, StandIn.body = 404, b'{"code": "CAMERA_NOT_FOUND", "message": "There is no camera."}'
        answer = anna.post("/cameras/none/stop/", HTTP_X_CSRFTOKEN=anna.cookies["csrftoken"].value)
        self.assertEqual((answer.status_code, answer.json()), (404, {"message": "There is no camera."}))


class Admin(TestCase):
    def test_can_grant_the_permissions(self):
        browser = Client()
        browser.force_login(User.objects.create_superuser("root"))
        page = browser.get("/admin/auth/group/add/")
        for name in ("Can look at cameras", "Can start and stop cameras"):
            self.assertContains(page, name)


class Health(CamgateCase):
    def test_names_the_cameras_that_fail(self):
        with self.assertRaisesMessage(CommandError, "Barn: Nothing answers."):
            call_command("camgate_health")
        StandIn.body = json.dumps({"cameras": {"gate": CAMERAS["gate"]}}).encode()
        call_command("camgate_health")
        StandIn.status = 500
        with self.assertRaises(CommandError):
            call_command("camgate_health")


class Signing(SimpleTestCase):
    def test_needs_a_user(self):
        with self.assertRaises(ValueError):
            camgate_url("/camera/1", "", "key")
