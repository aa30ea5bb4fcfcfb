/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { loadRegistry, unreadable } from '../../src/config/load.js'
import { parseRegistry } from '../../src/config/parse.js'

const faultOf = (path: string): string => {
  try {
    loadRegistry(path, {})
    return ''
  } catch (error) {
    return error instanceof CamgateError && error.code === 'CONFIG' ? error.message : `not a fault of the file: ${String(error)}`
  }
}

t.test('loadRegistry', async t => {
  t.test('reads the cameras.yaml that npm start serves', async t => {
    const { server, cameras } = loadRegistry('cameras.yaml', {})
    t.match(server, { host: '127.0.0.1', port: 5000, auth: undefined })
    t.match(cameras.map(({ id, name, source }) => ({ id, name, source })), [
      { id: '1', name: 'Entrance', source: { type: 'simulated', codec: 'h264' } },
      { id: '2', name: 'Workshop', source: { type: 'simulated', codec: 'h264' } },
      { id: '3', name: 'Yard', source: { type: 'simulated', codec: 'mjpeg', auth: 'digest' } },
      { id: '4', name: 'Barn', source: { type: 'simulated', fault: { kind: 'away', up: 20, down: 10 } } }
    ])
  })
  t.test('reports where it looked', async t => {
    t.equal(faultOf('no/such.yaml'), `There is no file ${resolve('no/such.yaml')}. camgate init writes one; --config and CAMGATE_CONFIG name another.`)
    t.match(faultOf('package.json/cameras.yaml'), /^There is no file /)
  })
  t.test('recognises the folder that Docker creates for a missing file', async t => {
    t.match(faultOf(t.testdir({ 'cameras.yaml': {} }) + '/cameras.yaml'), /cameras\.yaml is a folder, not a file\. Docker makes one .*docker rm.*rmdir.*write the file/)
  })
  t.test('reports which user may not read the file', async t => {
    t.match(unreadable('/etc/cameras.yaml', 'EACCES'), /^camgate may not read \/etc\/cameras\.yaml\. .*chmod a\+r.*1000/)
    t.equal(unreadable('/etc/cameras.yaml', 'EIO'), '/etc/cameras.yaml cannot be read (EIO).')
  })
  t.test('reads secrets in the folder of the file, up to a limit', async t => {
    const dir = t.testdir({
      secret: 'p@ss\n',
      'cameras.yaml': "cameras: { 1: { source: rtsp://x, username: u, password: '${file:secret}' } }",
      'endless.yaml': "cameras: { 1: { source: rtsp://x, transport: '${file:/dev/zero}' } }"
    })
    t.match(loadRegistry(join(dir, 'cameras.yaml'), {}).cameras[0], { credentials: { username: 'u', password: 'p@ss' } })
    t.match(faultOf(join(dir, 'endless.yaml')), /expected auto, tcp or udp, received .* not shown/)
    t.match(faultOf('/dev/zero'), /over 1 MiB/)
    writeFileSync(join(dir, 'utf16.yaml'), Buffer.from('\uFEFFcameras: {}', 'utf16le'))
    t.match(faultOf(join(dir, 'utf16.yaml')), /not UTF-8/)
  })
  t.test('accepts the commented examples of cameras.yaml', async t => {
    const text = readFileSync('cameras.yaml', 'utf8').replace(/^ {2}# ([a-z]+:| {2}[a-z]+:)/gim, '  $1').replace('server: {', '$& allowExec: true,')
    const { cameras } = parseRegistry(text, { file: 'cameras.yaml', env: { CAM_PASSWORD: 'c' }, readFile: () => 'f\n' })
    const byId = Object.fromEntries(cameras.map(camera => [camera.id, camera]))
    t.match(byId, { gate: {}, yard: { source: { type: 'rtsp' } }, lab: { credentials: { password: 'c' } }, office: { credentials: { password: 'f' } }, storeroom: { fps: 0.5, onDemand: true }, microscope: { source: { type: 'exec' } } })
  })
})
