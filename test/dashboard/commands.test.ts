import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { Commands } from '../../src/dashboard/commands.js'
import { settled, StillClock } from './still-clock.js'

function wishing () {
  const clock = new StillClock()
  const asked: string[] = []
  const signals: AbortSignal[] = []
  let answer = () => {}
  let refuse = (_error: unknown) => {}
  let learned = () => {}
  const commands = new Commands((verb: string, id: string, signal: AbortSignal) => new Promise<void>((resolve, reject) => {
    asked.push(`${verb} ${id}`)
    signals.push(signal)
    answer = resolve
    refuse = reject
    signal.addEventListener('abort', () => reject(signal.reason))
  }), () => new Promise<void>(resolve => { learned = resolve }), () => {}, 15_000, clock)
  return { commands, clock, asked, signals, answer: () => answer(), refuse: (error: unknown) => refuse(error), refresh: () => learned() }
}

t.test('a command', async t => {
  t.test('is pending from the press until a new status has arrived', async t => {
    const { commands, answer, refresh } = wishing()
    commands.press('stop', '1')
    t.same(commands.of('1'), { verb: 'stop', problem: '' })
    answer()
    await settled()
    t.same(commands.of('1'), { verb: 'stop', problem: '' })
    refresh()
    await settled()
    t.match(commands.of('1'), { verb: null, problem: '' })
  })

  t.test('is done once the camera is told to be as was asked, although neither answer nor status comes', async t => {
    const { commands, asked, signals, refuse } = wishing()
    commands.update('1', { state: 'running', since: 'then' })
    commands.press('stop', '1')
    commands.update('1', { state: 'stopping', since: 'now' })
    await settled()
    t.same(commands.of('1'), { verb: 'stop', problem: '' })
    commands.update('1', { state: 'stopped', since: 'later' })
    await settled()
    t.match(commands.of('1'), { verb: null, problem: '' })
    t.equal(signals[0]!.aborted, true, 'a request that waits for a connection never leaves')
    commands.press('start', '1')
    t.same(asked, ['stop 1', 'start 1'])
    refuse(new Error('No.'))
    await settled()
    commands.update('1', { state: 'waiting', since: 'now' })
    await settled()
    t.match(commands.of('1'), { verb: null, problem: '' })
  })

  t.test('is sent once, however often the button is pressed, and other cameras have their own', async t => {
    const { commands, asked } = wishing()
    commands.press('stop', '1')
    commands.press('stop', '1')
    commands.press('start', '1')
    commands.press('stop', '2')
    t.same(asked, ['stop 1', 'stop 2'])
  })

  t.test('that failed shows why', async t => {
    const { commands, clock, refuse, refresh } = wishing()
    for (const [error, why] of [
      [new Error('There is no camera 9.'), 'There is no camera 9.'],
      [new TypeError('Failed to fetch'), 'camgate does not answer']
    ] as const) {
      commands.press('stop', '1')
      refuse(error)
      await settled()
      refresh()
      await settled()
      t.match(commands.of('1'), { verb: null, problem: `Could not stop it: ${why}` })
    }
    commands.press('restart', '1')
    await clock.pass(15_000)
    refresh()
    await settled()
    t.match(commands.of('1'), { verb: null, problem: 'Could not restart it: camgate took too long to answer' })
  })

  t.test('whose answer was lost is no problem once the camera is in the state asked for', async t => {
    for (const [verb, before, now] of [
      ['stop', 'running', 'stopped'],
      ['start', 'stopped', 'starting'],
      ['start', 'waiting', 'waiting'],
      ['restart', 'running', 'running']
    ] as const) {
      const { commands, refuse, refresh } = wishing()
      commands.update('1', { state: before, since: 'then' })
      commands.press(verb, '1')
      refuse(new TypeError('Failed to fetch'))
      await settled()
      commands.update('1', { state: now, since: 'now' })
      refresh()
      await settled()
      t.match(commands.of('1'), { verb: null, problem: '' }, `${verb}: ${before}, then ${now}`)
    }
  })

  t.test('that failed is a problem until the camera changes', async t => {
    for (const [verb, state] of [['stop', 'running'], ['start', 'stopped'], ['restart', 'running']] as const) {
      const { commands, refuse, refresh } = wishing()
      const camera = { state, since: 'then' }
      commands.update('1', camera)
      commands.press(verb, '1')
      refuse(new TypeError('Failed to fetch'))
      await settled()
      commands.update('1', { ...camera })
      refresh()
      await settled()
      for (let i = 0; i < 3; i++) commands.update('1', { ...camera })
      t.match(commands.of('1'), { problem: `Could not ${verb} it: camgate does not answer` })
      commands.update('1', { state: 'starting', since: 'now' })
      commands.update('1', camera)
      t.match(commands.of('1'), { problem: '' }, 'and does not return')
    }
  })
})
