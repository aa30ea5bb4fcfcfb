import t from 'tap'
import { Failures } from '../../../src/view/paths/failures.js'
import { Ladder, type LadderParts } from '../../../src/view/paths/ladder.js'
import { FakeClock } from '../../fake-clock.js'

const parts: LadderParts = { decodes: [], plays: ['h264'], isSecure: false, savesData: false, opens: { socket: true, stream: true, snapshot: true }, forced: undefined }

function setUp (given: LadderParts = parts) {
  const clock = new FakeClock()
  const paths: unknown[] = []
  const choose = () => {
    const choice = ladder.choose(given)
    paths.push(typeof choice === 'object' ? choice.path : choice)
  }
  const ladder = new Ladder(clock, new Failures('http://a/', '1', clock, () => { throw new Error('no storage') }), choose)
  choose()
  return { clock, ladder, paths }
}

t.test('a ladder of paths', async t => {
  t.test('is stepped down with each failure, and climbed again after a minute', async t => {
    const { clock, ladder, paths } = setUp()
    ladder.failed('mse', 'It broke.')
    t.same(paths, ['mse', 'jpeg'])
    clock.advance(59_000)
    ladder.failed('jpeg', 'It broke, too.')
    t.same(paths, ['mse', 'jpeg', 'img'])
    clock.advance(1_000)
    t.same(paths, ['mse', 'jpeg', 'img', 'mse'])
    ladder.failed('mse', 'Still.')
    t.same(paths.at(-1), 'img')
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
