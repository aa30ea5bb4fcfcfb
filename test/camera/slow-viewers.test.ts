import { pino } from 'pino'
import t from 'tap'
import { Fleet } from '../../src/camera/fleet.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

t.test('slow viewers are logged once a minute at most, all cameras in one line', async t => {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const said: string[] = []
  const log = pino({ base: null }, { write: line => { said.push(JSON.parse(line).msg) } })
  const fleet = new Fleet(['1', '2'].map(id => ({ ...camera, id, name: `Camera ${id}` })), played.parts(log))
  const lines = () => said.filter(msg => msg.includes('slow'))
  fleet.start()
  await turn()
  const viewers = fleet.all.map(({ hub }) => hub.subscribe({ write () {}, end () {} }, { from: 'afar' }))
  const run = (seconds: number, ids: string[]) => {
    for (let second = 0; second < seconds; second++) {
      for (const id of ids) for (let i = 0; i < 5; i++) played.frame(id)
      clock.advance(1_000)
    }
  }
  run(1, [])
  t.same(lines(), [])
  run(3, ['1', '2'])
  t.equal(lines().length, 1)
  t.match(lines()[0], /Camera 1 \(3\), Camera 2 \(3\)/)
  run(56, ['1'])
  t.equal(lines().length, 1)
  for (let i = 0; i < 2; i++) fleet.get('1').noteMovedDown()
  run(2, ['1'])
  t.match(lines()[1], /: Camera 1 \(\d+; moved to a smaller rendition: 2\), Camera 2 \(\d+\)/)
  viewers[0]!.end('stalled')
  run(2, [])
  t.equal(lines().length, 3, 'a disconnected viewer is logged at once')
  t.match(lines()[2], /: Camera 1 \(\d+; let go after 15 s in which they took next to nothing: 1\)\. /)
  const stopped = fleet.stop()
  for (const id of ['1', '2']) played.exit([], id)
  await stopped
  t.equal(clock.pending, 0)
})
