import t from 'tap'
import { changeOf, changesBetween } from '../../src/config/changes.js'
import { parse } from './fixtures/read.js'

const cameras = (...lines: string[]) => parse(`cameras:\n${lines.map(line => `  ${line}\n`).join('')}`)
/** What a camera's change from one map of keys to another makes anew. */
const change = (before: string, after: string, base = 'source: rtsp://a/1') => {
  const [one, other] = [before, after].map(keys => cameras(`1: { ${[base, keys].filter(Boolean).join(', ')} }`).cameras[0]!)
  return changeOf(one!, other!)
}

t.test('a change of a camera', async t => {
  t.test('makes nothing anew that is text or a limit', async t => {
    t.equal(change('', ''), 'none')
    t.equal(change('fps: 20', ''), 'none', 'the default, written out')
    for (const keys of ['name: Yard', 'enabled: false', 'maxViewers: 3', 'onDemand: true', 'decode: always']) t.equal(change('', keys), 'name', keys)
  })
  t.test('makes the pictures anew for whatever shows in them', async t => {
    for (const keys of ['fps: 5', 'quality: 9', 'width: 320', 'height: 240', 'crop: { x: 0, y: 0, width: 64, height: 64 }', 'rotate: 90', 'flip: both', 'overlay: { clock: true }', 'hwaccel: auto']) {
      t.equal(change('', keys), 'pictures', keys)
    }
    t.equal(change('name: Yard, overlay: { name: true }', 'name: Gate, overlay: { name: true }'), 'pictures', 'a name that is drawn')
    t.equal(change('name: Yard, overlay: { clock: true }', 'name: Gate, overlay: { clock: true }'), 'name')
  })
  t.test('makes other streams anew', async t => {
    t.equal(change('renditions: { a: { width: 320 } }', 'renditions: { a: { width: 160 } }'), 'renditions')
    t.equal(change('', 'substream: rtsp://a/2'), 'renditions')
  })
  t.test('connects again for whatever decides how the camera is read', async t => {
    for (const keys of ['username: u, password: p', 'auth: basic', 'transport: tcp', 'ingest: direct', 'onLoss: hold', 'rewriteSps: false']) t.equal(change('', keys), 'connection', keys)
    t.equal(change('username: u, password: p', 'username: u, password: q'), 'connection')
    t.equal(changeOf(cameras('1: rtsp://a/1').cameras[0]!, cameras('1: rtsp://a/2').cameras[0]!), 'connection')
    t.equal(change('name: Yard, fps: 5', 'name: Gate, password: p, username: u'), 'connection', 'the most of several changes')
  })
  t.test('connects again for pictures that the process makes which reads the source', async t => {
    t.equal(change('', 'width: 320', 'source: rtsp://a/1, ingest: ffmpeg'), 'connection')
    t.equal(change('', 'width: 320', 'source: { type: v4l2, device: /dev/video0 }'), 'connection')
    t.equal(change('', 'renditions: { a: { width: 320 } }', 'source: { type: v4l2, device: /dev/video0 }'), 'renditions', 'which others make')
    t.equal(change('', 'fps: 5', 'source: http://a/snapshot.jpg'), 'connection', 'requests at another rate')
    t.equal(change('', 'width: 320', 'source: http://a/snapshot.jpg'), 'pictures')
  })
})

t.test('the changes between two registries', async t => {
  t.test('are none if nothing has changed', async t => {
    const plain = 'cameras: { 1: rtsp://a, 2: rtsp://b }'
    for (const each of [plain, `server: { port: 80, auth: none }\n${plain}`]) {
      t.same(changesBetween(parse(each), parse(each)), { added: [], removed: [], changed: new Map(), reordered: false, server: [], notify: false })
    }
  })
  t.test('name the cameras that came, went and changed', async t => {
    const changes = changesBetween(cameras('1: rtsp://a', '2: rtsp://b', '3: rtsp://c'), cameras('0: rtsp://z', '1: rtsp://a', '3: { source: rtsp://c, fps: 5 }', '4: rtsp://d'))
    t.same(changes, { added: ['0', '4'], removed: ['2'], changed: new Map([['3', 'pictures']]), reordered: false, server: [], notify: false })
  })
  t.test('tell another order from an addition', async t => {
    t.match(changesBetween(cameras('a: rtsp://a', 'b: rtsp://b'), cameras('b: rtsp://b', 'a: rtsp://a')), { reordered: true, added: [], removed: [] })
    t.match(changesBetween(cameras('a: rtsp://a', 'b: rtsp://b', 'c: rtsp://c'), cameras('c: rtsp://c', 'x: rtsp://x', 'a: rtsp://a')), { reordered: true, added: ['x'], removed: ['b'] })
  })
  t.test('name the keys of server', async t => {
    const changes = changesBetween(parse('cameras: { 1: rtsp://a }'), parse('server: { port: 80, hosts: [cams.lan] }\ncameras: { 1: rtsp://a }'))
    t.same(changes.server, ['port', 'hosts'])
  })
})
