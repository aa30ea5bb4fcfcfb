import { pino } from 'pino'
import t from 'tap'
import { CameraNotFound, Fleet } from '../../src/camera/fleet.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { redact } from '../../src/text/redact.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

const fleetOf = (cameras: LiveCamera[]) => {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  return { played, fleet: new Fleet(cameras, played.parts(pino({ level: 'silent' }))) }
}

t.test('a fleet', async t => {
  t.test('lists its cameras in the error for an unknown one', async t => {
    const { fleet } = fleetOf([camera, { ...camera, id: 'lab' }])
    t.equal(fleet.get('lab').camera.id, 'lab')
    t.throws(() => fleet.get('yard'), new CameraNotFound('yard', ['1', 'lab']))
  })
  t.test('keeps cameras stopped that people have stopped', async t => {
    const clock = new FakeClock()
    const played = new FakeLaunch(clock)
    const stopped = new Set(['lab'])
    const fleet = new Fleet([camera, { ...camera, id: 'lab' }, { ...camera, id: 'yard', enabled: false }], played.parts(pino({ level: 'silent' })), {
      has: id => stopped.has(id),
      async note (id, isStopped) { if (isStopped) stopped.add(id); else stopped.delete(id) }
    })
    const states = () => fleet.all.map(({ state }) => state.kind)
    fleet.start()
    t.same(states(), ['starting', 'stopped', 'stopped'])
    await fleet.command('start', 'lab')
    t.same([...stopped], [])
    const stopping = fleet.command('stop', '1')
    t.same([...stopped], ['1'], 'also if camgate is killed meanwhile')
    played.exit()
    await stopping
    await fleet.command('restart', '1')
    t.same([...stopped], [])
    await fleet.command('stop', 'yard')
    await t.rejects(fleet.command('stop', 'none'), { code: 'CAMERA_NOT_FOUND' })
    t.same([...stopped], ['yard'], 'nobody stopped the cameras that camgate itself ends')
    const ended = fleet.stop()
    await turn()
    played.exit()
    t.same([...stopped], ['yard'])
    void ended
  })
  t.test('forgets a secret when its last camera is gone, and not before', async t => {
    const credentials = { username: 'gardener', password: 'tulips-1637' }
    const source = { type: 'rtsp', url: 'rtsp://127.0.0.1/T0kenOfTheFile/live' } as const
    const [one, other] = ['1', '2'].map(id => fleetOf([{ ...camera, id, source, credentials, secrets: ['T0kenOfTheFile'] }])) as [ReturnType<typeof fleetOf>, ReturnType<typeof fleetOf>]
    const said = 'tulips-1637 T0kenOfTheFile'
    one.fleet.start()
    await turn()
    const stopped = one.fleet.stop()
    await turn()
    t.equal(redact('T0kenOfTheFile'), '***', 'its process may still print it')
    one.played.exit()
    await stopped
    t.equal(redact(said), '*** ***', 'the other camera still has it')
    await other.fleet.stop()
    t.equal(redact(said), said)
    t.notMatch(other.fleet.get('2').status().address, /T0ken/, 'even after its secrets are forgotten')
  })
})
