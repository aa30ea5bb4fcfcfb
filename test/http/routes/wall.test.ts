import t from 'tap'
import { until } from '../../e2e/until.js'
import { jpeg, turn } from '../../fake-launch.js'
import { build } from '../build.js'
import { WallClient } from '../wall-client.js'

async function listen (...given: Parameters<typeof build>) {
  const built = await build(...given)
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  return built
}

const sps = Buffer.from('6742c01e8c8d40a0fde540', 'hex')

t.test('a wall', async t => {
  t.test('shows JPEGs of one camera and the H.264 of another on one connection', async t => {
    const { app, fleet, played } = await listen(t)
    fleet.start()
    const client = await WallClient.of(t, app).opened()
    client.tile(0, '1', { accept: ['jpeg'], width: 1280, height: 720 })
    client.tile(1, 'lab')
    await until('both tiles know the state', () => client.of('state').length >= 2)
    await turn()
    played.track('lab')
    played.coded(true, 'lab', { parameterSets: [sps], format: { profile: 'Baseline', width: 64, height: 48, depth: 8 } })
    played.frame('1')
    await until('a picture of each', () => new Set(client.pictures.map(({ tile }) => tile)).size === 2)
    const [of1] = client.pictures.filter(({ tile, statusFrame }) => tile === 0 && !statusFrame)
    t.match(of1, { kind: 'jpeg', key: true, epoch: 1 })
    t.ok(of1!.bytes.equals(jpeg))
    t.match(client.pictures.find(({ tile }) => tile === 1), { kind: 'h264', key: true, epoch: 1 })
    t.match(client.of('config').find(({ id }) => id === 1), { kind: 'h264', codec: 'avc1.42c01e', from: { kind: 'main' } })
  })
})
