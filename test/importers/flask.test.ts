/* eslint-disable no-template-curly-in-string -- cameras.yaml has ${…} */
import t from 'tap'
import { imported } from './read.js'

const fromPython = (text: string, env?: Record<string, string>) => imported(text, { path: 'config.py', ...env && { env } })

t.test('a config.py', async t => {
  t.test('has its cameras in a dict', async t => {
    const { cameras, remarks, program } = fromPython(`# -*- coding: utf-8 -*-
import os
from datetime import timedelta

SECRET_KEY = 'x' * 20
PORT = 5000
JPEG_QUALITY = 80
USER = "admin"  # for all of them
CAMERAS = {
    1: {"ip": "192.168.1.20", "user": USER, "password": "p@ss #1", "rtsp": "rtsp://192.168.1.20:554/stream1"},
    'Front door': {
        'ip': '192.168.1.21', 'username': USER, 'passwd': 'it\\'s "so"',
        'url': 'rtsp://192.168.1.21:554/'
               'cam/realmonitor?channel=1&subtype=1',
        'fps': 15, 'width': 640, 'quality': 85, 'rotate': 180, 'enabled': False, 'ptz': True,
    },
}
`)
    t.equal(program, 'flask')
    t.match(cameras, [
      { id: '1', name: '1', source: { type: 'rtsp', url: 'rtsp://192.168.1.20:554/stream1' }, credentials: { username: 'admin', password: 'p@ss #1' } },
      { id: 'front-door', name: 'Front door', source: { url: 'rtsp://192.168.1.21:554/cam/realmonitor?channel=1&subtype=1' }, credentials: { username: 'admin', password: 'it\'s "so"' }, fps: 15, width: 640, rotate: 180, enabled: false }
    ])
    t.same(remarks, ['7: JPEG_QUALITY: not taken over; if it is for all cameras, write quality: 80% under defaults', '15: Front door: camgate has no key for "ptz"'])
  })
  t.test('has them in a list, as texts or numbers', async t => {
    t.match(fromPython('CAMERAS = ["rtsp://u:p%40w@192.168.1.23/live", 0, "picamera"]').cameras, [
      { id: '1', source: { url: 'rtsp://192.168.1.23/live' }, credentials: { username: 'u', password: 'p@w' } }, { id: '2', source: { device: '/dev/video0' } }
    ])
    t.match(fromPython('CAMS = [{"id": "yard", "name": "The yard", "source": 2}, dict(x=1), {"ip": "10.0.0.9", "path": "/live", "port": 8554}]').cameras, [
      { id: 'yard', name: 'The yard', source: { device: '/dev/video2' } }, { id: '3', source: { url: 'rtsp://10.0.0.9:8554/live' } }
    ])
    t.match(fromPython('SIZES = [1, 2, 3]\nCAMERAS = [0]\n').cameras, [{ id: '1', source: { device: '/dev/video0' } }], 'other lists of numbers are no cameras')
  })
  t.test('has logins in a map of their own, and Dahua words for its streams', async t => {
    const { cameras, remarks } = fromPython(`
RTSP_CONFIG: Dict[str, Any] = {
    'username': 'admin', 'password': 'x', 'ip_address': '192.168.1.20', 'port': 554, 'channel': 2, 'subtype': 0,
}
CAMERAS = {'pano': {'host': '192.168.1.21', 'port': '8554', 'path': '/live', 'credentials': {'username': 'u', 'password': 'p'}}}
`)
    t.match(cameras, [
      { id: 'rtsp_config', source: { url: 'rtsp://192.168.1.20:554/cam/realmonitor?channel=2&subtype=0' }, credentials: { username: 'admin', password: 'x' } },
      { id: 'pano', source: { url: 'rtsp://192.168.1.21:8554/live' }, credentials: { username: 'u', password: 'p' } }
    ])
    t.same(remarks, [])
  })
  t.test('has one camera in constants', async t => {
    t.match(fromPython('RTSP_URL = "rtsp://192.168.1.20/stream1"\nRTSP_USER = "admin"\nRTSP_PASSWORD = r"a\\b"\n').cameras, [{ id: '1', credentials: { username: 'admin', password: 'a\\b' } }])
    t.match(fromPython('class Config:\n    DEBUG: bool = True\n    CAMERA_SOURCE: int = 0\n').cameras, [{ id: '1', source: { type: 'v4l2', device: '/dev/video0' } }])
    t.match(fromPython('CAM1_URL = "rtsp://10.0.0.1/"\nCAM2_URL = "rtsp://10.0.0.2/"\nDATABASE_URL = "http://10.0.0.3/"\n').cameras, [{ id: 'cam1' }, { id: 'cam2' }])
  })
  t.test('takes variables of the environment, and nothing else that is computed', async t => {
    const { cameras, remarks, yaml } = fromPython(`
HOST = "192.168.1.20"
CAMERAS = {
  "a": {"user": "u", "password": os.environ["CAM_A"], "rtsp": "rtsp://10.0.0.1/"},
  "b": "rtsp://u:" + os.getenv("CAM_B", "none") + "@10.0.0.2/x",
  "c": {"rtsp": f"rtsp://{HOST}/c"},
  "d": {"rtsp": "rtsp://%s/d" % HOST},
  "e": {"rtsp": __import__("os").system("touch /tmp/never")},
  "f": {"rtsp": "rtsp://10.0.0.3/" if True else None},
  "g": {"ip": HOST, "user": "u", "password": "\${CAM_A} \${file:/etc/passwd}", "brand": "hikvision"},
  "h": {"ip": HOST},
}
MORE_CAMERAS = [make(n) for n in range(3)]
`, { CAM_A: 'secret of a', CAM_B: 'secret of b' })
    t.match(cameras, [
      { id: 'a', credentials: { password: 'secret of a' } },
      { id: 'b', source: { url: 'rtsp://10.0.0.2/x' }, credentials: { username: 'u', password: 'secret of b' } },
      { id: 'g', source: { url: /192\.168\.1\.20/ }, credentials: { password: '${CAM_A} ${file:/etc/passwd}' } }
    ])
    t.match(yaml, 'password: "${CAM_A}"')
    t.same(remarks.map(remark => /^\d+: \w+: /.exec(remark)?.[0]), ['6: c: ', '7: d: ', '8: e: ', '9: f: ', '11: h: ', '13: MORE_CAMERAS: '])
    t.match(remarks.join('\n'), /^6: c: an f-string is filled in when Python runs/)
  })
  t.test('is refused if it is broken, deep or without cameras', async t => {
    for (const [text, message] of [
      ['CAMERAS = {1: "rtsp://10.0.0.1/}', /config\.py:1: a quote is not closed/],
      ['CAMERAS = {1: "rtsp://10.0.0.1/"\n', /config\.py:\d: a \{ is not closed/],
      [`CAMERAS = ${'['.repeat(100_000)}`, /too deeply nested/],
      [`CAMERAS = ${'('.repeat(30)}0`, /too deeply nested/],
      ['x = 1\n', /^No camera of config\.py can be taken over\.$/],
      ['CAMERAS = load()\n', /CAMERAS: it is computed when Python runs/]
    ] as const) t.throws(() => fromPython(text), { code: 'IMPORT', message }, text.slice(0, 40))
    const started = performance.now()
    t.throws(() => fromPython(`CAMERAS = "${'\\'.repeat(900_000)}`), { code: 'IMPORT' })
    t.throws(() => fromPython(`CAMERAS = [${'0,'.repeat(400_000)}`), { code: 'IMPORT' })
    t.ok(performance.now() - started < 60_000, 'in time that grows with the size of the file')
  })
})
