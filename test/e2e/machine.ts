import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { startFarSimulator } from './far-simulator.js'
import type { Service } from './service.js'

/** For tests that mostly wait, in a file with `t.jobs = 3`. */
export const SIDE_BY_SIDE = { buffered: true, timeout: 120_000 }
export const FPS = 10

/** Cameras of a simulator that only tests of a machine need, and files that name some of them. */
export async function simulateMachine (t: Test, ids: readonly string[]) {
  const camera = await startFarSimulator(t, ids.map(id => (
    { id, name: 'Machine', width: 320, height: 176, fps: FPS, ...id === 'silent' && { fault: { kind: 'silent' as const } } })))
  const folder = t.testdir({})
  let configs = 0
  /** A new cameras.yaml with these cameras of the simulator. */
  const config = (...entries: Array<string | [id: string, more: string]>): string => {
    const file = join(folder, `${++configs}.yaml`)
    writeFileSync(file, `defaults: { fps: ${FPS}, decode: always }\ncameras:\n` + entries.map(entry => {
      const [id, more] = typeof entry === 'string' ? [entry, ''] : entry
      return `  ${id}: { source: '${camera(id)}' ${more} }\n`
    }).join(''))
    return file
  }
  return { folder, config }
}

/** A camera that runs is not decoded yet: a viewer who comes then may see a status frame first. */
export const running = (...wanted: string[]) => ({ cameras }: { cameras: Readonly<Record<string, { state: string, fps: number }>> }) => wanted.every(id => cameras[id]!.state === 'running' && cameras[id]!.fps > 0)
export const post = async (service: { url: string }, action: string, id: string) => await (await fetch(new URL(`${action}/${id}`, service.url), { method: 'POST' })).json() as { state: string }
export const stream = (service: Service, id: string) => new URL(`camera/${id}`, service.url)
export const warnings = ({ log }: Service) => log.filter(({ level }) => level >= 40)
