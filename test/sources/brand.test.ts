import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { brandUrl } from '../../src/sources/brand.js'
import { normalizeSource } from '../../src/sources/kinds.js'
import { mistakesIn, parse } from '../config/fixtures/read.js'

const faults = (source: string) => mistakesIn(`cameras:\n  1: { source: ${source} }\n`)

t.test('a camera whose maker is known', async t => {
  t.test('has the address that its maker publishes', async t => {
    const host = 'cam'
    for (const [source, url] of [
      [{ type: 'amcrest', host }, 'rtsp://cam:554/cam/realmonitor?channel=1&subtype=1'],
      [{ type: 'dahua', host, channel: 12, stream: 'main' }, 'rtsp://cam:554/cam/realmonitor?channel=12&subtype=0'],
      [{ type: 'hikvision', host }, 'rtsp://cam:554/Streaming/Channels/102'],
      [{ type: 'hikvision', host, channel: 12, stream: 'main' }, 'rtsp://cam:554/Streaming/Channels/1201'],
      [{ type: 'reolink', host, port: 8554 }, 'rtsp://cam:8554/Preview_01_sub'],
      [{ type: 'reolink', host, channel: 12, stream: 'main' }, 'rtsp://cam:554/Preview_12_main'],
      [{ type: 'axis', host }, 'rtsp://cam:554/axis-media/media.amp?camera=1&videocodec=h264&resolution=640x480'],
      [{ type: 'axis', host, channel: 2, stream: 'main' }, 'rtsp://cam:554/axis-media/media.amp?camera=2&videocodec=h264'],
      [{ type: 'uniview', host, channel: 3 }, 'rtsp://cam:554/unicast/c3/s1/live'],
      [{ type: 'tapo', host, stream: 'main' }, 'rtsp://cam:554/stream1'],
      [{ type: 'foscam', host }, 'rtsp://cam:88/videoSub']
    ] as const) t.same(normalizeSource(source), { source: { type: 'rtsp', url } })
  })
  t.test('is a host by name, by IPv4 or by IPv6', async t => {
    const at = (host: string) => brandUrl({ type: 'tapo', host })
    for (const [host, authority] of [
      [' gate_1.local ', 'gate_1.local:554'], ['10.0.0.5', '10.0.0.5:554'], ['fe80::1%eth0', '[fe80::1%eth0]:554'], ['[::ffff:10.0.0.5]', '[::ffff:10.0.0.5]:554']
    ] as const) t.equal(at(host), `rtsp://${authority}/stream2`)
  })
  t.test('has its password outside of the source', async t => {
    t.match(parse('cameras: { 1: { source: { type: tapo, host: 10.0.0.5 }, username: u, password: p } }').cameras, [{ credentials: { username: 'u', password: 'p' } }])
  })
  t.test('reports what is wrong, and quotes nothing that may hold a password', async t => {
    for (const [source, words] of [
      ['{ type: hikvison, host: cam }', /^2:24: cameras\.1\.source\.type: expected .*; did you mean 'hikvision'\?$/],
      ['{ type: tp-link, host: cam }', /did you mean 'tapo'/],
      ['{ type: dahua }', /^2:16: cameras\.1\.source: host is missing; expected text like 192\.168\.1\.20$/],
      ['{ type: dahua, ip: cam, host: cam }', /unknown key "ip"; did you mean 'host'/],
      ['{ type: dahua, host: cam, channel: 0 }', /^2:51: cameras\.1\.source\.channel: expected a whole number from 1 to 256, received 0$/],
      ['{ type: tapo, host: cam, channel: 2 }', /unknown key "channel"/],
      ['{ type: dahua, host: cam, stream: subb }', /expected main or sub, received "subb"; did you mean 'sub'/],
      ['{ type: dahua, host: cam, port: 0 }', /port: expected a whole number from 1 to 65535/],
      ['{ type: dahua, host: "rtsp://admin:hunter2@cam/live" }', /^2:37: cameras\.1\.source\.host: expected an address or a name alone.*source: rtsp:/],
      ['{ type: dahua, host: "admin:hunter2@cam" }', /no scheme, path, user or password/],
      ['{ type: dahua, host: cam:8554 }', /a port is given separately, as port: 554/]
    ] as const) {
      const message = faults(source)
      t.match(message.at(0), words, source)
      t.notMatch(message.join(), 'hunter2')
    }
  })
  t.test('makes a valid address of any input, or throws nothing but SourceError', async () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), host => {
      try {
        const { source, credentials } = normalizeSource({ type: 'dahua', host })
        assert.match('url' in source ? source.url : '', /^rtsp:\/\/[\x21-\x7e]+:554\/cam\/realmonitor\?channel=1&subtype=1$/)
        assert.equal(credentials, undefined)
      } catch (error) {
        assert.ok(error instanceof CamgateError && error.code === 'SOURCE', String(error))
      }
    }), { numRuns: 500 })
  })
})
