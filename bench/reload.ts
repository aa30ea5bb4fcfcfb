import { linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Gateway } from './gateway.js'
import { quantile, table } from './table.js'

const CAMERAS = 500
const RELOADS = Number(process.env.RELOADS ?? 20)
/** What a reload leaves behind, garbage for example, is collected within this time. */
const SETTLE_MS = 1_000

/** What a reload of one camera of many costs the event loop, and how long it takes until it is in force. */
export async function reload (): Promise<string> {
  const rows: string[][] = []
  for (const [how, save] of Object.entries({ 'a rename, as editors save': replaced, 'in place, which only the poll sees': unseen })) {
    const gateway = await Gateway.start(yamlOf(0))
    await wait(3_000)
    const news = await Names.of(gateway)
    const rest = await cpuMs(gateway.pid, () => wait(2_000 + SETTLE_MS))
    const [took, cpu]: number[][] = [[], []]
    for (let time = 1; time <= RELOADS; time++) {
      const since = performance.now()
      let inForce = 0
      cpu!.push(await cpuMs(gateway.pid, async () => {
        const told = news.next(`Gate ${time}`)
        save(gateway.config, yamlOf(time))
        await told
        inForce = performance.now() - since
        await wait(2_000 + SETTLE_MS - inForce)
      }) - rest)
      took!.push(inForce)
    }
    rows.push([how, ...[took!, cpu!].flatMap(values => [0.5, 1].map(share => `${quantile(values, share).toFixed(0)} ms`))])
    news.end()
    await gateway.stop()
  }
  return `${table(['saved by', 'in force after, median', 'at most', 'time of the main thread, median', 'at most'], rows)}

${CAMERAS} cameras on demand, of which one gets another name, ${RELOADS} times. The time of the main thread is CPU time in the three seconds after the file was saved, without what the process takes at rest.`
}

const yamlOf = (time: number) => `defaults: { onDemand: true }
cameras:
${Array.from({ length: CAMERAS }, (_, i) => `  c${i}:
    source: rtsp://127.0.0.1/c${i}
    name: ${i === CAMERAS / 2 ? `Gate ${time}` : `Camera ${i}`}
`).join('')}`

function replaced (file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

/** Writes by a name in another folder, so that the watch of the file's own folder sees nothing. */
function unseen (file: string, text: string): void {
  const folder = join(dirname(file), 'elsewhere')
  const other = join(folder, 'cameras.yaml')
  if (mkdirSync(folder, { recursive: true }) !== undefined) linkSync(file, other)
  writeFileSync(other, text)
}

/** CPU time of a process's main thread while `act` runs, in milliseconds. */
async function cpuMs (pid: number, act: () => Promise<unknown>): Promise<number> {
  const now = () => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6
  const before = now()
  await act()
  return now() - before
}

/** The names of cameras, as /events tells them. */
class Names {
  readonly #response: IncomingMessage
  #text = ''

  static async of (gateway: Gateway): Promise<Names> {
    const [response] = await once(get(`${gateway.url}events`), 'response') as [IncomingMessage]
    return new Names(response)
  }

  private constructor (response: IncomingMessage) {
    this.#response = response
    response.setEncoding('utf8').on('data', (text: string) => { this.#text += text }).on('error', () => {})
  }

  /** Resolves when a camera has this name. */
  async next (name: string): Promise<void> {
    while (!this.#text.includes(`"name":"${name}"`)) await once(this.#response, 'data')
    this.#text = ''
  }

  end (): void { this.#response.destroy() }
}
