import t from 'tap'
import { commandEnvironment, ffmpegEnvironment } from '../../src/processes/environment.js'

const secrets = { CAM1_PASSWORD: 'x', AWS_SECRET_ACCESS_KEY: 'x', NVIDIA_API_KEY: 'x', CUDA_PASSWORD: 'x', PATHS: 'x', MY_PATH: 'x', LC_: 'x', HTTP_PROXY: 'http://u:x@p', FFREPORT: 'file=x' }
const common = { PATH: '/bin', HOME: '/h', LANG: 'C', LC_ALL: 'C', TMPDIR: '/t', LD_LIBRARY_PATH: '/l', XDG_RUNTIME_DIR: '/r', LIBCAMERA_LOG_LEVELS: '*:ERROR' }
const drivers = Object.fromEntries([
  'LIBVA_DRIVER_NAME', 'LIBVA_DRIVERS_PATH', 'VDPAU_DRIVER', 'NVIDIA_VISIBLE_DEVICES', 'NVIDIA_DRIVER_CAPABILITIES', 'CUDA_VISIBLE_DEVICES', 'CUDA_CACHE_PATH',
  'MESA_LOADER_DRIVER_OVERRIDE', 'LD_PRELOAD', 'SSL_CERT_FILE', 'XDG_CACHE_HOME'
].map(name => [name, 'x']))

t.test('a program\'s environment has', async t => {
  t.test('what any program needs and no secret, if it is a command', async t => {
    t.same(commandEnvironment({ ...secrets, ...common, ...drivers }), common)
  })
  t.test('the locations of drivers too, if it is ffmpeg', async t => {
    t.same(ffmpegEnvironment({ ...secrets, ...common, ...drivers }), { ...common, ...drivers })
  })
})
