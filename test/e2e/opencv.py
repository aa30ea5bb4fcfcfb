"""Reads the stream at the given address as docs/guide/programs.md advises OpenCV's users, and writes the given number of grey pictures to stdout as PGM."""
import sys
import time

import cv2


def pictures(url):
    while True:
        capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
        while True:
            there, picture = capture.read()
            if not there:
                break
            yield picture
        capture.release()
        time.sleep(1)


url, count = sys.argv[1], int(sys.argv[2])
for number, picture in enumerate(pictures(url), start=1):
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    sys.stdout.buffer.write(b'P5\n%d %d\n255\n' % (width, height) + grey.tobytes())
    if number == count:
        break
