import t from 'tap'
import { open, viewersOf } from './open-wall.js'

t.test('a wall leaves nothing when it ends', async t => {
  const wall = open()
  await wall.run()
  for (let id = 0; id < 5; id++) wall.tile(id, { accept: id % 2 ? ['jpeg'] : ['h264'] })
  const before = wall.supervisor.listenerCount('change')
  wall.wall.end()
  t.equal(wall.supervisor.listenerCount('change'), before - 5)
  t.same([wall.seats, ...viewersOf(wall.supervisor)], [0, 0, 0])
  const { length } = wall.pictures
  await wall.send(2_000)
  t.equal(wall.pictures.length, length)

  const { clock, wall: empty } = open()
  t.equal(clock.pending, 1)
  empty.end()
  t.equal(clock.pending, 0, 'nor its timer')
})
