import { createServer } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { parseOptions } from '../../src/cli/options.js'
import { options, simulate as simulateWith, usage } from '../../src/commands/simulate.js'
import { Client } from '../simulator/client.js'
import { captured } from './streams.js'

const ffmpegPath = findFfmpeg()!
const simulate = async (args: string[], io = captured()) => await simulateWith(parseOptions(args, options, usage, false).values, ffmpegPath, io)
const tiny = ['--width', '256', '--height', '64', '--fps', '1']

/** Two consecutive free ports. */
async function freePorts (): Promise<number> {
  for (;;) {
    const servers = [createServer().listen(0, '127.0.0.1')]
    await once(servers[0]!, 'listening')
    const { port } = servers[0]!.address() as { port: number }
    const free = port < 65_535 && await new Promise<boolean>(resolve => {
      servers.push(createServer().once('error', () => resolve(false)).listen(port + 1, '127.0.0.1', () => resolve(true)))
    })
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
    if (free) return port
  }
}

t.test('camgate simulate', async t => {
  t.before(() => { process.env['XDG_CACHE_HOME'] = t.testdir() })
  const run = async (t: Pick<typeof import('tap').t, 'teardown'>, ...args: string[]) => {
    for (;;) {
      const port = await freePorts()
      const io = captured()
      const simulator = await simulate([...tiny, '--port', String(port), ...args], io)
        .catch((error: { code?: string }) => {
          if (error.code !== 'PORT_BUSY') throw error // another program may have taken one
        })
      if (!simulator) continue
      t.teardown(() => simulator.close())
      return { port, printed: io.printed() }
    }
  }
  t.test('prints an address for each camera, on consecutive ports', async t => {
    const { port, printed } = await run(t, '--cameras', '2', '--fault', '2=busy')
    t.match(printed, `Camera 1: rtsp://127.0.0.1:${port}/1\n`)
    t.match(printed, `Camera 2: rtsp://127.0.0.1:${port + 1}/2\n`)
    const setup = async (id: number) => {
      const client = await Client.connect(`rtsp://127.0.0.1:${port + id - 1}/${id}`)
      const { status } = await client.ask('SETUP', { Transport: 'RTP/AVP/TCP' })
      client.close()
      return status
    }
    t.equal(await setup(1), 200)
    t.equal(await setup(2), 453)
  })
  t.test('gives its cameras quirks', async t => {
    const { printed } = await run(t, '--quirk', 'redirect', '--quirk', 'bare-lf')
    t.match(printed, /Camera 1: \S+\/1\/old\n/)
  })
  t.test('prints a password only if the command line gave it', async t => {
    t.match((await run(t, '--auth', 'digest', '--username', 'me', '--password', 'a:@/')).printed, '//me:a%3A%40%2F@127.0.0.1')
    const { printed } = await run(t, '--auth', 'digest')
    t.match(printed, ' rtsp://127.0.0.1')
    t.notMatch(printed, 'camgate')
  })
  t.test('reports what it expected', async t => {
    const wrong: Array<[args: string[], message: RegExp]> = [
      [['--cameras', '0'], /--cameras: expected a whole number from 1 to 500, received "0"/],
      [['--port', 'x'], /--port: expected/],
      [['--codec', 'h266'], /--codec: expected h264, h265, mjpeg; received "h266"/],
      [['--auth', 'yes'], /--auth: expected none, basic, digest/],
      [['--fps', '0.25'], /--fps: expected a number from 0.1 to 60 with at most one decimal, received "0.25"/],
      [['--fps', '61'], /--fps: expected/],
      [['--fault', 'stal:5'], /--fault: expected refuse, /],
      [['--fault', '2=busy'], /--fault: expected a whole number from 1 to 1, received "2"/],
      [['--quirk', 'sha-1'], /--quirk: expected keep-alive-refused, .*; received "sha-1"/],
      [['--speed', '5'], /--speed[^]*--cameras N/],
      [['stray'], /stray/]
    ]
    for (const [args, message] of wrong) await t.rejects(simulate(args), { code: 'USAGE', message }, args.join(' '))
  })
})
