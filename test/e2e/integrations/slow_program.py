"""Works for a while on each picture of the simulator that it reads: by the class of docs/integrations/opencv.md, or by OpenCV alone.
Prints a line of JSON for each read: the picture's number, or why there is none."""
import json
import sys
import time

import cv2
from camgate_camera import Camera

WORK_S = 0.5


def by_class(url):
    camera = Camera(url, max_age=5)
    while True:
        seen = camera.read()
        if seen is None:
            yield {"state": camera.state}
        else:
            picture, age = seen
            yield {"number": number_in(picture), "age": age}


def by_opencv(url):
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    while True:
        _, picture = capture.read()
        yield {"number": number_in(picture)}


def number_in(picture):
    """See src/clips/strip.ts."""
    row = picture[-12:-4].mean(axis=(0, 2))
    return sum(1 << (15 - bit) for bit in range(16) if row[bit * 16 + 4:bit * 16 + 12].mean() > 127)


way, url = sys.argv[1:]
for read in {"class": by_class, "opencv": by_opencv}[way](url):
    print(json.dumps(read), flush=True)
    time.sleep(WORK_S)
