import { pino } from 'pino'
import t from 'tap'
import { Supervisor } from '../../src/camera/supervisor.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

/** A camera that sends H.264. The test plays all processes. */
async function run () {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const supervisor = new Supervisor(camera, played.parts(pino({ level: 'silent' })))
  const connect = async () => {
    played.track()
    played.coded()
    await turn()
  }
  await supervisor.start()
  await turn()
  await connect()
  return {
    played,
    supervisor,
    connect,
    async watch () {
      supervisor.hub.subscribe({ write (_, done) { done() }, end () {} })
      await turn()
    }
  }
}

const failed = { code: 1, signal: null, stderr: [] }

t.test('a full picture', async t => {
  t.test('whose decoder waits after a failure is decoded again at once when somebody restarts or starts the camera', async t => {
    const { played, supervisor, watch, connect } = await run()
    await watch()
    played.transcodings[0]!.onExit(failed)
    await supervisor.start()
    await turn()
    t.equal(played.transcodings.length, 2)
    played.transcodings[1]!.onExit(failed)
    const restarted = supervisor.restart()
    played.exit()
    await restarted
    await turn()
    await connect()
    t.equal(played.transcodings.length, 3)
    t.match(supervisor.status().decoder, { state: 'starting', failure: null })
  })
})
