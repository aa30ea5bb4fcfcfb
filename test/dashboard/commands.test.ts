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
    t.match(wishes.of('1'), { verb: null, problem: '' })
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
      t.match(wishes.of('1'), { verb: null, problem: `Could not stop it: ${why}` })
    }
    wishes.press('restart', '1')
    await clock.pass(15_000)
    learn()
    await settled()
    t.match(wishes.of('1'), { verb: null, problem: 'Could not restart it: camgate took too long to answer' })
  })

  t.test('whose answer was lost is no problem once the camera is as it was wished to be', async t => {
    for (const [verb, before, now] of [
      ['stop', 'running', 'stopped'],
      ['start', 'stopped', 'starting'],
      ['start', 'waiting', 'waiting'],
      ['restart', 'running', 'running']
    ] as const) {
      const { wishes, refuse, learn } = wishing()
      wishes.see('1', { state: before, since: 'then' })
      wishes.press(verb, '1')
      refuse(new TypeError('Failed to fetch'))
      await settled()
      wishes.see('1', { state: now, since: 'now' })
      learn()
      await settled()
      t.match(wishes.of('1'), { verb: null, problem: '' }, `${verb}: ${before}, then ${now}`)
    }
  })

  t.test('that was not granted is a problem until the camera changes', async t => {
    for (const [verb, state] of [['stop', 'running'], ['start', 'stopped'], ['restart', 'running']] as const) {
      const { wishes, refuse, learn } = wishing()
      const camera = { state, since: 'then' }
      wishes.see('1', camera)
      wishes.press(verb, '1')
      refuse(new TypeError('Failed to fetch'))
      await settled()
      wishes.see('1', { ...camera })
      learn()
      await settled()
      for (let i = 0; i < 3; i++) wishes.see('1', { ...camera })
      t.match(wishes.of('1'), { problem: `Could not ${verb} it: camgate does not answer` })
      wishes.see('1', { state: 'starting', since: 'now' })
      wishes.see('1', camera)
      t.match(wishes.of('1'), { problem: '' }, 'and does not come back')
    }
  })
})
