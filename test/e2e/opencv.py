"""Reads 20 pictures of the stream at the given address as OpenCV's users do, and writes them to stdout, in grey, as PGM."""
import sys

import cv2

capture = cv2.VideoCapture(sys.argv[1])
for _ in range(20):
    there, picture = capture.read()
    if not there:
        sys.exit('OpenCV gets no picture')
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    sys.stdout.buffer.write(b'P5\n%d %d\n255\n' % (width, height) + grey.tobytes())
capture.release()
