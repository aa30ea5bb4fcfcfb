import t from 'tap'
import { Failures } from '../../../src/view/paths/failures.js'
import { Ladder, type LadderParts } from '../../../src/view/paths/ladder.js'
import { FakeClock } from '../../fake-clock.js'

const parts: LadderParts = { decodes: [], plays: ['h264'], isSecure: false, savesData: false, opens: { socket: true, stream: true, snapshot: true }, forced: undefined }

function setUp (given: LadderParts = parts) {
  const clock = new FakeClock()
  const paths: unknown[] = []
  const improved: unknown[] = []
  const socket = { opens: false, asked: 0 }
  const choose = () => {
    const choice = ladder.choose(given)
    paths.push(typeof choice === 'object' ? choice.path : choice)
  }
  const ladder = new Ladder(clock, new Failures('http://a/', '1', clock, () => { throw new Error('no storage') }), {
    changed: choose,
    improved () {
      choose()
      improved.push(paths.at(-1))
    },
    async socketOpens () {
      socket.asked++
      return socket.opens
    }
  })
  choose()
  return { clock, ladder, paths, improved, socket }
}

t.test('a ladder of paths', async t => {
  t.test('is stepped down with each failure, and climbed again after a minute', async t => {
    const { clock, ladder, paths, improved } = setUp()
    ladder.failed('mse', 'It broke.')
    t.same(paths, ['mse', 'jpeg'])
    clock.advance(59_999)
    t.same(paths, ['mse', 'jpeg'])
    clock.advance(1)
    t.same(paths, ['mse', 'jpeg', 'mse'])
    t.same(improved, ['mse'], 'while the other still shows pictures')
    ladder.failed('mse', 'Still.')
    ladder.failed('jpeg', 'It broke, too.')
    t.same(paths.slice(3), ['jpeg', 'img'])
  })
  t.test('is not touched where there is nothing better', async t => {
    const { clock, ladder, paths } = setUp()
    ladder.failed('img', 'No stream.')
    clock.advance(60_000)
    t.same(paths, ['mse', 'mse'])
  })
  t.test('is climbed to the socket once that opens, and the picture stays until then', async t => {
    const { clock, ladder, paths, socket } = setUp()
    const minutes = async (count: number) => {
      clock.advance(count * 60_000)
      await new Promise(resolve => { setImmediate(resolve) })
    }
    ladder.failed('socket', 'A proxy.')
    await minutes(1)
    t.same([paths, socket.asked], [['mse', 'img'], 1])
    await minutes(1)
    t.equal(socket.asked, 1, 'it waits twice as long')
    await minutes(1)
    t.equal(socket.asked, 2)
    socket.opens = true
    await minutes(4)
    t.same(paths, ['mse', 'img', 'mse'])
  })
  t.test('is begun again when nothing works, soon, and as if nothing had been', async t => {
    const { clock, ladder, paths } = setUp()
    ladder.failed('socket', 'A proxy.')
    ladder.failed('img', 'Gone.')
    ladder.failed('snapshots', 'Gone.')
    t.same(paths, ['mse', 'img', 'snapshots', 'later'])
    clock.advance(2_000)
    t.same(paths.at(-1), 'mse')
    ladder.failed('mse', 'It broke.')
    clock.advance(60_000)
    t.same(paths.slice(-2), ['jpeg', 'mse'])
  })
  t.test('has one step if a path is forced', async t => {
    const { clock, ladder, paths } = setUp({ ...parts, forced: 'jpeg' })
    ladder.failed('jpeg', 'It broke.')
    clock.advance(3_600_000)
    t.same(paths, ['jpeg', 'jpeg'])
    t.same(setUp({ ...parts, forced: 'webcodecs' }).paths, [undefined])
  })
  t.test('is left alone when it is closed', async t => {
    const { clock, ladder, paths } = setUp()
    ladder.failed('mse', 'It broke.')
    ladder.close()
    clock.advance(3_600_000)
    t.same(paths, ['mse', 'jpeg'])
  })
})
