import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { scripted } from '../rtsp-client/camera.js'
import { small } from '../simulator/small.js'
import { secret } from './credentials.js'
import { startService } from './service.js'

const username = secret('admin')
const password = secret('p@ss "w/o:rd')
const ffmpeg = findFfmpeg()!

/** An ffmpeg that records its arguments, its environment and the script on stdin. */
const recorder = (folder: string) => `#!/bin/sh
printf '%s\\n' "$@" > '${folder}'/args.$$
env > '${folder}'/env.$$
case " $* " in *' concat '*) cat > '${folder}'/stdin.$$; exec '${ffmpeg}' "$@" < '${folder}'/stdin.$$;; esac
exec '${ffmpeg}' "$@"
`

t.test('ffmpeg reads cameras through a relay', { timeout: 120_000 }, async t => {
  const folder = t.testdir({ kept: {} })
  const kept = join(folder, 'kept')
  const program = join(folder, 'ffmpeg')
  writeFileSync(program, recorder(kept), { mode: 0o755 })
  const lock = { auth: 'digest', username, password } as const
  const simulator = await startSimulator({ ffmpegPath: ffmpeg, cameras: [{ ...small, ...lock, id: 'tcp' }, { ...small, ...lock, id: 'udp' }, { ...small, ...lock, id: 'jpegs', codec: 'mjpeg' }, { ...small, ...lock, id: 'tls', tls: true }] })
  t.teardown(() => simulator.close())

  const stolen: string[] = []
  const thief = createServer(socket => socket.on('error', () => {}).on('data', bytes => { stolen.push(bytes.toString('latin1')) })).listen(0, '127.0.0.9')
  await once(thief, 'listening')
  t.teardown(() => thief.close())
  const elsewhere = `rtsp://127.0.0.9:${(thief.address() as AddressInfo).port}/stolen`
  const unknown = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n'
  /** A camera that camgate does not understand at first. It gives this answer to the reader that takes over. */
  const trap = async (then: string) => {
    let described = 0
    return await scripted(t, ({ method, headers }, socket) => {
      const proven = headers.has('authorization')
      const answer = method !== 'DESCRIBE'
        ? '200 OK\r\n'
        : !proven ? '401 No\r\nWWW-Authenticate: Digest realm="x", nonce="1"\r\n' : described++ === 0 ? `200 OK\r\nContent-Type: application/sdp\r\nContent-Length: ${unknown.length}\r\n` : then
      socket.write(`RTSP/1.0 ${answer}CSeq: ${headers.get('cseq')}\r\n\r\n${answer.startsWith('200 OK\r\nContent') ? unknown : ''}`)
    })
  }
  const away = await trap(`302 Moved\r\nLocation: ${elsewhere}\r\n`)
  const weak = await trap('401 No\r\nWWW-Authenticate: Basic realm="x"\r\n')

  const of = { username, password, ingest: 'ffmpeg' }
  const cameras = {
    tcp: { ...of, source: simulator.url('tcp'), transport: 'tcp' },
    udp: { ...of, source: simulator.url('udp'), transport: 'udp' },
    jpegs: { ...of, source: simulator.url('jpegs') },
    tls: { ...of, source: { type: 'rtsp', url: simulator.url('tls'), allowSelfSigned: true } },
    strict: { ...of, source: simulator.url('tls') },
    wrong: { ...of, source: simulator.url('tcp'), password: secret('wrong') },
    missing: { ...of, source: simulator.url('tcp').replace(/tcp$/, 'nobody') },
    away: { username, password, source: away.url },
    weak: { username, password, source: weak.url }
  }
  const config = join(folder, 'cameras.yaml')
  writeFileSync(config, JSON.stringify({ cameras }))
  const service = await startService(t, { config, env: { FFMPEG_PATH: program } })
  const playing = ['tcp', 'udp', 'jpegs', 'tls']
  const { cameras: seen } = await service.until(({ cameras }) => playing.every(id => cameras[id]!.state === 'running') &&
    ['strict', 'wrong', 'missing', 'away', 'weak'].every(id => cameras[id]!.failure), 'four run, the others have failed', 60_000)

  for (const id of playing) t.match(seen[id], { width: 320, height: 240, input: { ingest: 'ffmpeg' } }, id)
  t.match(seen.strict!.failure, { code: 'unsupported', message: /certificate is not trusted/ })
  t.match(seen.wrong!.failure, { code: 'auth', message: /refuses this username or password/ })
  t.match(seen.missing!.failure, { code: 'not-found' })
  t.match(seen.away!.failure, { code: 'unsupported', message: /redirects to another host \(127\.0\.0\.9\)/ })
  t.match(seen.weak!.failure, { code: 'unsupported', message: /asked for Digest before/ })
  t.same(stolen, [], 'no other host is contacted')
  t.notOk([...away.asked, ...weak.asked].some(({ headers }) => headers.get('authorization')?.[0]?.startsWith('Basic')))

  await service.until(({ cameras }) => playing.every(id => cameras[id]!.framesTotal > 20), 'pictures flow')
  await service.end()
  const files = readdirSync(kept)
  t.ok(files.some(name => name.startsWith('stdin.')), 'ffmpeg got scripts')
  for (const name of files) {
    const text = readFileSync(join(kept, name), 'latin1')
    for (const forbidden of [password, encodeURIComponent(password), username, new URL(simulator.url('tcp').replace('rtsp', 'http')).port]) {
      t.notOk(text.includes(forbidden), `${name} reveals nothing about the camera`)
    }
  }
})
