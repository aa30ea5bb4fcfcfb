import { noBrowser } from '../test/e2e/browser.js'
import { LiveBrowser } from './live/browser.js'
import { first } from './live/first.js'
import { link } from './live/link.js'
import { paths } from './live/paths.js'
import { server } from './live/server.js'
import { stop } from './live/stop.js'
import { wall } from './live/wall.js'
import { slowWall } from './slow-wall.js'
import { webSockets } from './web-sockets.js'

const SECONDS = Number(process.env.SECONDS ?? 4)
/** Longer ones would not say more. Only memory is watched for as long as is asked for. */
const ROW_SECONDS = Math.min(SECONDS, 10)
const MEMORY_SECONDS = 4 * SECONDS

/** Only these parts, with commas between them; the page then keeps its section. */
const PARTS = process.env.PARTS?.split(',')

const inBrowser = { paths, first, wall, stop }
const onLink = { link: () => link(ROW_SECONDS, MEMORY_SECONDS), slowWall: () => slowWall(ROW_SECONDS) }

/** Live video in real pages: its age, its first picture, what many tiles cost, a slow link and the stop button; then what the server does alone. */
export async function live (): Promise<string> {
  const results: string[] = []
  const measure = async (name: string, part: () => Promise<string>) => {
    if (!PARTS || PARTS.includes(name)) results.push(await part().catch((error: unknown) => notMeasured(name, error)))
  }
  for (const [name, part] of Object.entries(inBrowser)) {
    await measure(name, async () => {
      if (noBrowser) throw new Error(noBrowser)
      const browser = await LiveBrowser.open()
      return await part(browser, ROW_SECONDS).finally(() => browser.close())
    })
  }
  for (const [name, part] of Object.entries(onLink)) {
    await measure(name, async () => {
      if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error('it needs Linux and root, for a network namespace of its own')
      return await part()
    })
  }
  await measure('server', () => server(ROW_SECONDS))
  await measure('webSockets', webSockets)
  return results.join('\n\n')
}

/** The other parts are measured all the same. */
function notMeasured (name: string, error: unknown): string {
  process.exitCode = 1
  process.stderr.write(`NOT MEASURED: ${name}: ${error instanceof Error ? error.stack : String(error)}\n`)
  return `Not measured: ${name}.`
}
