import { repeatRandomly } from './repeat.js'
import { ffmpegsOf } from './ffmpegs.js'
import type { Random } from './random.js'
import type { Service } from '../e2e/service.js'
import type { Tally } from './tally.js'

const BUTTON_INTERVAL_MS = [1_000, 10_000] as const
const KILL_INTERVAL_MS = [200, 2_000] as const

/** For /stop: 2 s until SIGKILL, and time for a busy machine. */
const ANSWER_TIMEOUT_MS = 10_000

/** Presses buttons of each camera at random, and checks that the answers are true. */
export async function pressButtons (service: Service, ids: readonly string[], random: Random, tally: Tally, signal: AbortSignal): Promise<void> {
  await Promise.all(ids.map(id => {
    const own = random.fork(`buttons ${id}`)
    return repeatRandomly(own, BUTTON_INTERVAL_MS, signal, async () => {
      const verb = own.pick(['start', 'start', 'stop', 'restart'])
      tally.count(`button ${verb}`)
      const state = await press(service, verb, id)
      if ((verb === 'stop') !== (state === 'stopped')) tally.violate(`/${verb}/${id} was answered ${state}`)
    })
  }))
}

/** Presses a button and returns the state in the answer. */
export async function press (service: Service, verb: string, id: string): Promise<string> {
  const answer = await fetch(new URL(`${verb}/${id}`, service.url), { method: 'POST', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
  return (await answer.json() as { state: string }).state
}

/** Kills random processes with SIGKILL. */
export async function killRandomly (service: Service, random: Random, tally: Tally, signal: AbortSignal): Promise<void> {
  await repeatRandomly(random, KILL_INTERVAL_MS, signal, async () => {
    const victims = ffmpegsOf(service.pid)
    if (victims.length > 0) kill(random.pick(victims), tally)
  })
}

/** Kills this many ffmpegs as soon as they exist. Starts each camera again at once, as a user would. */
export async function killMany (service: Service, ids: readonly string[], count: number, tally: Tally, signal: AbortSignal): Promise<void> {
  const killed = new Set<number>()
  while (killed.size < count && !signal.aborted) {
    for (const pid of ffmpegsOf(service.pid).filter(pid => !killed.has(pid)).slice(0, count - killed.size)) {
      killed.add(pid)
      kill(pid, tally)
    }
    await Promise.all(ids.map(id => press(service, 'start', id)))
  }
}

function kill (pid: number, tally: Tally): void {
  try {
    process.kill(pid, 'SIGKILL')
    tally.count('kill ffmpeg')
  } catch {
    // It ended first.
  }
}
