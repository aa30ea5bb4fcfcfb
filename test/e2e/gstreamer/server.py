#!/usr/bin/python3
"""An RTSP camera independent of camgate: GStreamer's RTSP server with colour bars, on loopback and a free port.

    server.py none | basic USERNAME PASSWORD | digest USERNAME PASSWORD | check

Serves /h264, /h265, /mjpeg and /audio, which is H.264 behind a track of sound, 320x240 at 10 fps, over TCP and UDP; /mpeg4, too, from the
MP4 file in $MPEG4_CLIP, because libav's encoder fails here ("Invalid pts"). Prints {"port": N} when it is ready, and ends on SIGTERM and
when its standard input closes. `check` only reports by its exit code whether everything it needs is there.
Debian: gir1.2-gst-rtsp-server-1.0, python3-gi, gstreamer1.0-plugins-{base,good,bad,ugly}.
"""
import json
import os
import signal
import sys

import gi

for namespace in ('Gst', 'GstRtsp', 'GstRtspServer'):
    gi.require_version(namespace, '1.0')
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

BARS = 'videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=320,height=240,framerate=10/1'
MOUNTS = {
    '/h264': f'{BARS} ! x264enc tune=zerolatency speed-preset=ultrafast threads=1 bitrate=500 key-int-max=10'
             ' ! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96',
    '/h265': f'{BARS} ! x265enc tune=zerolatency speed-preset=ultrafast bitrate=500 key-int-max=10'
             ' ! rtph265pay name=pay0 pt=96',
    '/mjpeg': f'{BARS} ! jpegenc quality=85 ! rtpjpegpay name=pay0 pt=26',
}
if 'MPEG4_CLIP' in os.environ:
    MOUNTS['/mpeg4'] = f'filesrc location="{os.environ["MPEG4_CLIP"]}" ! qtdemux ! mpeg4videoparse ! rtpmp4vpay config-interval=1 name=pay0 pt=96'
MOUNTS['/audio'] = 'audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=8 ' + MOUNTS['/h264'].replace('pay0', 'pay1')
ELEMENTS = (
    'videotestsrc', 'x264enc', 'x265enc', 'jpegenc', 'rtph264pay', 'rtph265pay', 'rtpjpegpay', 'qtdemux', 'mpeg4videoparse', 'rtpmp4vpay', 'audiotestsrc', 'alawenc', 'rtppcmapay'
)
METHODS = {'basic': GstRtsp.RTSPAuthMethod.BASIC, 'digest': GstRtsp.RTSPAuthMethod.DIGEST}
ROLE = 'viewer'


def factory(pipeline, protected):
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(f'( {pipeline} )')
    made.set_shared(False)  # 1.22 fails an assertion now and then when a second client wants another transport
    if protected:
        allowed = GstRtspServer.RTSPPermissions()
        allowed.add_role(ROLE)
        for what in ('media.factory.access', 'media.factory.construct'):
            allowed.add_permission_for_role(ROLE, what, True)
        made.set_permissions(allowed)
    return made


def login(method, username, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(METHODS[method])
    token = GstRtspServer.RTSPToken()
    token.set_string('media.factory.role', ROLE)
    if method == 'basic':
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(username, password), token)
    else:
        auth.add_digest(username, password, token)
    return auth


def main(method, *credentials):
    Gst.init(None)
    if missing := [name for name in ELEMENTS if not Gst.ElementFactory.find(name)]:
        sys.exit(f'GStreamer lacks {", ".join(missing)}')
    if method == 'check':
        return
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service('0')
    for path, pipeline in MOUNTS.items():
        server.get_mount_points().add_factory(path, factory(pipeline, method != 'none'))
    if method != 'none':
        server.set_auth(login(method, *credentials))
    if server.attach(None) == 0:
        sys.exit('cannot listen')
    loop = GLib.MainLoop()
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, loop.quit)
    # Standard input also ends if the process that started it is killed.
    GLib.io_add_watch(0, GLib.PRIORITY_HIGH, GLib.IOCondition.IN | GLib.IOCondition.HUP, lambda *_: os.read(0, 1) or loop.quit())
    print(json.dumps({'port': server.get_bound_port()}), flush=True)
    loop.run()


main(*sys.argv[1:])
