import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WallClient } from '../http/wall-client.js'
import { folderOf } from '../tls/certificates.js'
import { startService } from './service.js'
import { until } from './until.js'

/** An Annex B stream that begins with a sequence parameter set. */
const STARTS_WITH_SPS = /^000000(?:01)?(?:01)?[26]7/

t.test('a wall of real cameras, by https', { timeout: 120_000 }, async t => {
  const folder = folderOf(t)
  const config = join(folder, 'cameras.yaml')
  writeFileSync(config, 'server: { tls: self-signed }\ncameras: { 1: { source: { type: simulated } }, 2: { source: { type: simulated } } }\n')
  const service = await startService(t, { config, env: { STATE_DIRECTORY: join(folder, 'state') } })
  const open = () => new WallClient(t, `${service.url.replace('http', 'ws')}wall`, { rejectUnauthorized: false }).opened()
  const client = await open()
  const of = (tile: number) => client.pictures.filter(picture => picture.tile === tile && !picture.statusFrame)
  client.tile(0, '1')
  client.tile(1, '2')
  client.tile(2, '2', { accept: ['jpeg'], width: 320, height: 180 })

  await t.test('shows their own video, and JPEGs', async t => {
    await until('each tile has ten pictures', () => [0, 1, 2].every(tile => of(tile).length >= 10), 60_000)
    for (const tile of [0, 1]) {
      const [first, ...others] = of(tile)
      t.match(first, { kind: 'h264', key: true })
      t.match(first!.bytes.toString('hex', 0, 5), STARTS_WITH_SPS)
      t.ok(others.every(({ seq, discontinuity }, i) => discontinuity || seq === first!.seq + 1 + i), 'in order')
    }
    const jpeg = of(2).at(-1)!
    t.same([jpeg.kind, jpeg.bytes.toString('hex', 0, 2), jpeg.bytes.toString('hex', jpeg.bytes.length - 2)], ['jpeg', 'ffd8', 'ffd9'])
    t.match(client.told('config').find(({ id }) => id === 0), { codec: /^avc1\.[0-9a-f]{6}$/, from: { kind: 'main' } })
    t.match(client.told('config').find(({ id }) => id === 2), { kind: 'jpeg', from: { name: 'w320' }, width: 320 })
  })

  await t.test('shows a client that did not read for a while new pictures, and none that waited meanwhile', async t => {
    client.webSocket.pause()
    const from = Date.now()
    await until('four seconds have passed', () => Date.now() - from > 4_000)
    const before = client.pictures.length
    client.webSocket.resume()
    await until('video comes that is new', () => of(0).some(({ wall }) => wall > from + 4_000))
    const old = client.pictures.slice(before).filter(({ wall }) => wall > from && wall < from + 3_000)
    t.ok(old.reduce((sum, { bytes }) => sum + bytes.length, 0) < 1024 * 1024, 'what was on its way')
    t.ok(client.told('drop').length > 0)
  })

  await t.test('tells every client what one of them does', async t => {
    const other = await open()
    other.tile(9, '2')
    await until('it is shown', () => other.pictures.length > 0)
    client.send({ op: 'command', nr: 1, verb: 'stop', camera: '2' })
    await until('both know', () => client.told('done').length === 1 && other.told('state').at(-1)?.state === 'stopped')
    await until('why there is no picture', () => other.pictures.at(-1)!.statusFrame)
    t.match(other.told('error'), [])
  })

  await t.test('ends with the service', async t => {
    const { code, signal } = await service.end()
    t.same([code, signal], [0, null])
    await until('the client knows', () => client.closed !== undefined)
    t.equal(client.closed!.code, 1001)
  })
})
