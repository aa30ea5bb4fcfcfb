import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks it, types and all
import { Wishes } from '../../src/dashboard/wishes.js'
import { settled, StillClock } from './still-clock.js'

function wishing () {
  const clock = new StillClock()
  const asked: string[] = []
  let answer = () => {}
  let refuse = (_error: unknown) => {}
  let learned = () => {}
  const wishes = new Wishes((verb: string, id: string, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    asked.push(`${verb} ${id}`)
    answer = resolve
    refuse = reject
    signal.addEventListener('abort', () => reject(signal.reason))
  }), () => new Promise<void>(resolve => { learned = resolve }), () => {}, 15_000, clock)
  return { wishes, clock, asked, answer: () => answer(), refuse: (error: unknown) => refuse(error), learn: () => learned() }
}

t.test('a wish', async t => {
  t.test('is open from the press until it is known what became true', async t => {
    const { wishes, answer, learn } = wishing()
    wishes.press('stop', '1')
    t.same(wishes.of('1'), { verb: 'stop', problem: '' })
    answer()
    await settled()
    t.same(wishes.of('1'), { verb: 'stop', problem: '' })
    learn()
    await settled()
    t.same(wishes.of('1'), { verb: null, problem: '' })
  })

  t.test('is sent once, however often the button is pressed, and other cameras may be wished for', async t => {
    const { wishes, asked } = wishing()
    wishes.press('stop', '1')
    wishes.press('stop', '1')
    wishes.press('start', '1')
    wishes.press('stop', '2')
    t.same(asked, ['stop 1', 'stop 2'])
  })

  t.test('that was not granted says why', async t => {
    const { wishes, clock, refuse, learn } = wishing()
    for (const [error, why] of [
      [new Error('There is no camera 9.'), 'There is no camera 9.'],
      [new TypeError('Failed to fetch'), 'camgate does not answer']
    ] as const) {
      wishes.press('stop', '1')
      refuse(error)
      await settled()
      learn()
      await settled()
      t.same(wishes.of('1'), { verb: null, problem: `Could not stop it: ${why}` })
    }
    wishes.press('restart', '1')
    await clock.pass(15_000)
    learn()
    await settled()
    t.same(wishes.of('1'), { verb: null, problem: 'Could not restart it: camgate took too long to answer' })
  })
})
