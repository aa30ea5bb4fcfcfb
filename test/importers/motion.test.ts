import t from 'tap'
import { imported } from './read.js'

t.test('a camera-1.conf of motionEye', async t => {
  // Keys as motionEye 0.42 and 0.43 write them.
  const { program, cameras, remarks } = imported(`# @id 1
# @name Front door
# @enabled on
# @network_password
# @working_schedule 0700-2200|0700-2200

netcam_url rtsp://192.168.1.20:554/stream1
netcam_userpass admin:a:b c
netcam_use_tcp off
width 1280
framerate 15
rotate 90
flip_axis h
stream_quality 85
on_event_start /usr/bin/notify %t
text_left Front
`, { path: 'camera-1.conf' })
  t.equal(program, 'motioneye')
  t.match(cameras, [{
    id: '1', name: 'Front door', source: { url: 'rtsp://192.168.1.20:554/stream1' }, credentials: { username: 'admin', password: 'a:b c' }, transport: 'udp', width: 1280, fps: 15, rotate: 90, flip: 'horizontal', quality: 2, enabled: true
  }])
  t.same(remarks, ['15: on_event_start runs a program; camgate runs none'])
})

t.test('a folder of motionEye', async t => {
  const { cameras, remarks } = imported('camera_dir conf', {
    files: {
      'conf/camera-1.conf': '# @name One\n# @enabled off\nvideodevice /dev/video0\n',
      'conf/camera-2.conf': '# @id 7\nmmalcam_name vc.ril.camera\n',
      'conf/camera-3.conf': '# @proto motioneye\n# @host 192.168.1.9\n',
      'conf/camera-4.conf': 'width 640\n'
    }
  })
  t.match(cameras, [{ id: '1', name: 'One', source: { device: '/dev/video0' }, enabled: false }, { id: '7', source: { type: 'picamera' } }])
  t.same(remarks, ['1: this camera belongs to another motionEye: import its file there, or read its stream', '1: it names no camera: netcam_url or videodevice is missing'])
})

t.test('a motion.conf', async t => {
  // After https://motion-project.github.io/motion_config.html
  const { program, cameras, remarks } = imported(`daemon off
; a comment
framerate 10
netcam_userpass viewer:secret
camera /etc/motion/camera1.conf
camera /etc/motion/camera2.conf
camera /etc/motion/camera3.conf
`, {
    path: 'motion.conf',
    files: {
      '/etc/motion/camera1.conf': 'camera_name Yard\ncamera_id = 101\nnetcam_url rtsp://192.168.1.20/sub\nnetcam_high_url rtsp://192.168.1.20/main\n',
      '/etc/motion/camera2.conf': 'netcam_url mjpeg://192.168.1.21:8080/video\nframerate 2\n'
    }
  })
  t.equal(program, 'motion')
  t.match(cameras, [
    { id: '101', name: 'Yard', source: { url: 'rtsp://192.168.1.20/main' }, substream: { url: 'rtsp://192.168.1.20/sub' }, credentials: { username: 'viewer', password: 'secret' }, fps: 10 },
    { id: '2', source: { type: 'http-mjpeg', url: 'http://192.168.1.21:8080/video' }, credentials: { username: 'viewer', password: 'secret' }, fps: 2 }
  ])
  t.same(remarks, ['7: camera: its file cannot be read; import it by itself'])
  t.match(imported('videodevice /dev/video1\nwidth 640\n').cameras, [{ id: '1', source: { device: '/dev/video1' }, width: 640 }], 'one file is one camera')
  t.match(imported('video_device /dev/video0\nnetcam_url v4l2:///dev/video2\n').cameras, [{ source: { device: '/dev/video2' } }])
  t.throws(() => imported('netcam_url ftp://192.168.1.20/x.jpg\n'), { code: 'IMPORT', message: /netcam_url: expected rtsp:/ })
})

t.test('a file of somebody else', async t => {
  t.test('names no variable and no file of this machine', async t => {
    t.throws(() => imported('videodevice /dev/${KEY}', { env: { KEY: 'video0' } }), { code: 'IMPORT' }) // eslint-disable-line no-template-curly-in-string -- as in cameras.yaml
    t.match(imported('videodevice /dev/video0\ncamera_name $${HOME}').cameras, [{ name: '{HOME}' }]) // eslint-disable-line no-template-curly-in-string -- as in cameras.yaml
  })
  t.test('is read in linear time', async t => {
    const started = process.cpuUsage()
    const spaces = ' '.repeat(500_000)
    t.throws(() => imported('\n'.repeat(1_000_000)), { code: 'IMPORT' })
    t.throws(() => imported(`width x${spaces}x${spaces}x\ncamera x${spaces}x`, { from: 'motion' }), { code: 'IMPORT' })
    t.ok(process.cpuUsage(started).user < 20e6, 'quadratic time takes minutes')
  })
})
