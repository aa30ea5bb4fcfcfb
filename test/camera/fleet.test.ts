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

t.test('a fleet that takes over a changed registry', async t => {
  const [one, two, three] = ['1', '2', '3'].map(id => ({ ...camera, id })) as [LiveCamera, LiveCamera, LiveCamera]
  const begun = async (...cameras: LiveCamera[]) => {
    const { fleet, played } = fleetOf(cameras)
    let changes = 0
    fleet.on('change', () => changes++)
    fleet.start()
    await turn()
    return { fleet, played, changes: () => changes, order: () => fleet.all.map(({ camera: { id } }) => id).join(' '), launched: () => played.attempts.map(({ id }) => id).join(' ') }
  }

  t.test('adds and removes cameras, in the order of the file', async t => {
    const { fleet, played, changes, order, launched } = await begun(one, two)
    const kept = fleet.get('2')
    fleet.apply([three, two])
    t.equal(order(), '3 2')
    t.equal(fleet.get('2'), kept)
    t.throws(() => fleet.get('1'), new CameraNotFound('1', ['3', '2']))
    await turn()
    t.equal(launched(), '1 2 3')
    t.same([played.stops('1'), played.stops('2')], [1, 0])
    t.equal(changes(), 1)
    fleet.apply([two, three])
    t.equal(order(), '2 3')
    t.equal(changes(), 2)
    fleet.apply([{ ...two, name: 'Gate' }, three])
    t.equal(changes(), 2, 'the cameras are the same')
    t.equal(fleet.get('2').camera.name, 'Gate')
  })

  t.test('starts what is added only if it is enabled, and only once the fleet has started', async t => {
    const { fleet, launched } = await begun(one)
    fleet.apply([one, { ...two, enabled: false }])
    await turn()
    t.equal(launched(), '1')
    const early = fleetOf([one])
    early.fleet.apply([one, two])
    await turn()
    t.equal(early.played.attempts.length, 0)
    early.fleet.start()
    await turn()
    t.same(early.played.attempts.map(({ id }) => id), ['1', '2'])
  })

  t.test('starts a camera that was removed and is back when nothing is left of the old one', async t => {
    const { fleet, played, launched } = await begun(one)
    const old = fleet.get('1')
    fleet.apply([two])
    fleet.apply([one, two])
    fleet.apply([two])
    fleet.apply([one, two])
    await turn()
    t.not(fleet.get('1'), old)
    t.equal(launched(), '1 2')
    played.exit([], '1')
    await turn()
    await turn()
    t.equal(launched(), '1 2 1', 'once')
  })

  t.test('changes nothing while it stops, and ends with what it was about to remove', async t => {
    const { fleet, played, order } = await begun(one, two)
    fleet.apply([two])
    let stopped = false
    const stopping = fleet.stop().then(() => { stopped = true })
    fleet.apply([two, three])
    t.equal(order(), '2')
    played.exit([], '2')
    await turn()
    t.notOk(stopped)
    played.exit([], '1')
    await stopping
  })
})

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
      async note (id, isStopped) { if (isStopped) stopped.add(id); else stopped.delete(id) },
      async settled () {}
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
  t.test('does not end before the disk has what people have asked for', async t => {
    let written = () => {}
    const settled = new Promise<void>(resolve => { written = resolve })
    const fleet = new Fleet([], new FakeLaunch(new FakeClock()).parts(pino({ level: 'silent' })), { has: () => false, note: () => settled, settled: () => settled })
    let hasEnded = false
    const ended = fleet.stop().then(() => { hasEnded = true })
    await turn()
    t.notOk(hasEnded)
    written()
    await ended
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
