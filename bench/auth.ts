import { once } from 'node:events'
import { Agent, get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { SignJWT } from 'jose'
import { signLink } from '../src/access/link.js'
import { hashPassword } from '../src/logins/password.js'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Gateway } from './gateway.js'
import { ownCpuNanoseconds } from './processes.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 10)
const ROUNDS = 7
const VIEWERS = 20
const SNAPSHOTS = 8_000
const AT_ONCE = 8
const WARM_UP_MS = 20_000
const SECRET = 'a secret of a benchmark, of forty letters'

/** One way in, at its own gateway. */
interface Way {
  readonly gateway: Gateway
  readonly headers: OutgoingHttpHeaders
  readonly sign: (path: string) => string
}

/** What each kind of proof costs: streams and snapshots for each second of CPU, against a gateway that asks for none. All run at the same time. */
export async function auth (): Promise<string> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Clock', codec: 'mjpeg' }] })
  const ways = await open(simulator.url('1'))
  const viewers = (await Promise.all(Object.values(ways).map(way => Promise.all(Array.from({ length: VIEWERS }, () => watch(way)))))).flat()
  for (const way of Object.values(ways)) await snapshots(way)
  await wait(WARM_UP_MS)
  const streams = await measure(ways, async () => { await wait(SECONDS * 1_000) })
  for (const viewer of viewers) viewer.destroy()
  const single: Array<Record<string, number>> = []
  for (let round = 0; round < ROUNDS; round++) {
    const taken: Record<string, number> = {}
    for (const [name, way] of Object.entries(ways)) taken[name] = (await cpuOf({ [name]: way }, () => snapshots(way)))[name]!
    single.push(taken)
  }
  for (const { gateway } of Object.values(ways)) await gateway.stop()
  await simulator.close()
  const ratio = (rounds: Array<Record<string, number>>, name: string) => quantile(rounds.map(taken => taken.none! / taken[name]!), 0.5).toFixed(2)
  const rows = Object.keys(ways).map(name => [name, ratio(streams, name), ratio(single, name), (SNAPSHOTS / quantile(single.map(taken => taken[name]!), 0.5)).toFixed(0)])
  return `${table(['proof', 'streams a CPU second / none', 'snapshots a CPU second / none', 'snapshots a CPU second'], rows)}

One camera of 960x544 and 20 JPEGs a second, which are passed on. Streams: ${VIEWERS} viewers for each kind, all at the same time, ${ROUNDS} rounds of ${SECONDS} s. Snapshots: ${SNAPSHOTS} for each kind, ${AT_ONCE} at a time, in ${ROUNDS} rounds. Ratios are medians over the rounds, which differ
by a tenth: a snapshot takes 45 µs in all, and a proof one or two. A password's scrypt hash, 0.2 s, is checked once a minute.`
}

async function open (url: string): Promise<Record<string, Way>> {
  const camera = `cameras: { 1: { source: "${url}" } }`
  const closed = `server:
  trustProxy: [127.0.0.1]
  auth:
    users: { anna: { password: "${await hashPassword('correct horse')}" } }
    jwt: { secret: "${SECRET}" }
    links: { keys: { k: "${SECRET}" } }
    proxy: { header: X-Forwarded-User }
${camera}`
  const now = Math.floor(Date.now() / 1_000)
  const token = await new SignJWT({ sub: 'anna', cameras: 'all' }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(now).setExpirationTime(now + 3_600).sign(Buffer.from(SECRET))
  const basic = { authorization: `Basic ${Buffer.from('anna:correct horse').toString('base64')}` }
  const plain = (path: string) => path
  const way = async (yaml: string, headers: OutgoingHttpHeaders, sign = plain): Promise<Way> => {
    const gateway = await Gateway.start(yaml, yaml === closed ? { CAMGATE_AUTH: '' } : {})
    return { gateway, headers, sign }
  }
  const byCookie = await way(closed, {})
  const login = await fetch(`${byCookie.gateway.url}session`, { method: 'POST', headers: basic })
  return {
    none: await way(camera, {}),
    password: await way(closed, basic),
    'session cookie': { ...byCookie, headers: { cookie: login.headers.get('set-cookie')!.split(';')[0]! } },
    token: await way(closed, { authorization: `Bearer ${token}` }),
    link: await way(closed, {}, path => signLink(path, { kid: 'k', sub: 'anna', iat: now, exp: now + 3_600 }, SECRET)),
    proxy: await way(closed, { 'x-forwarded-user': 'anna' })
  }
}

async function watch ({ gateway, headers, sign }: Way): Promise<IncomingMessage> {
  const [response] = await once(get(gateway.url + sign('/camera/1').slice(1), { headers }), 'response') as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`a stream was refused: ${response.statusCode}`)
  return response.resume().on('error', () => {})
}

async function snapshots ({ gateway, headers, sign }: Way): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const url = gateway.url + sign('/camera/1/snapshot').slice(1)
  const one = async () => {
    const [response] = await once(get(url, { headers, agent }), 'response') as [IncomingMessage]
    if (response.statusCode !== 200) throw new Error(`a snapshot was refused: ${response.statusCode}`)
    await once(response.resume(), 'end')
  }
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (let i = 0; i < SNAPSHOTS / AT_ONCE; i++) await one() }))
  agent.destroy()
}

/** CPU seconds of each gateway while `act` runs. */
async function cpuOf (ways: Record<string, Way>, act: () => Promise<void>): Promise<Record<string, number>> {
  const look = () => Object.entries(ways).map(([name, { gateway }]) => [name, ownCpuNanoseconds(gateway.pid) / 1e9] as const)
  const before = look()
  await act()
  const after = new Map(look())
  return Object.fromEntries(before.map(([name, seconds]) => [name, after.get(name)! - seconds]))
}

async function measure (ways: Record<string, Way>, act: () => Promise<void>): Promise<Array<Record<string, number>>> {
  const rounds: Array<Record<string, number>> = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await cpuOf(ways, act))
  return rounds
}
