"""What camgate's users had before: a thread for each camera, an encode for each viewer. opencv.py HOST PORT RTSP-URL QUALITY VIEWERS"""
import sys
import threading
import time

import cv2
from flask import Flask, Response
from waitress import serve

host, port, url, quality, viewers = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
app = Flask(__name__)


class Camera(threading.Thread):
    picture = None

    def run(self):
        capture = cv2.VideoCapture(url)
        while True:
            there, picture = capture.read()
            if there:
                self.picture = picture
            else:
                time.sleep(1)
                capture = cv2.VideoCapture(url)


camera = Camera(daemon=True)
camera.start()


def parts():
    while True:
        if camera.picture is not None:
            _, jpeg = cv2.imencode('.jpg', camera.picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
            yield b'--frame\r\nContent-Type: image/jpeg\r\n\r\n' + jpeg.tobytes() + b'\r\n'
        time.sleep(1 / 20)


@app.route('/video_feed')
def video_feed():
    return Response(parts(), mimetype='multipart/x-mixed-replace; boundary=frame')


serve(app, host=host, port=port, threads=viewers + 2, connection_limit=viewers + 20)
