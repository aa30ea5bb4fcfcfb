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
