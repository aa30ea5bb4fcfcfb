import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import t from 'tap'
import { packageRoot } from '../src/package.js'

/** What each room, or file at the top of src/, may import. Imports point one way. */
const mayImport: Record<string, readonly string[]> = {
  errors: [],
  clock: [],
  libc: [],
  package: [],
  credentials: [],
  text: ['credentials'],
  'picture-size': ['errors'],
  'atomic-file': [],
  'state-folder': ['atomic-file', 'errors'],
  failure: ['errors', 'text'],
  wire: ['failure'],
  view: ['clock', 'picture-size', 'wire'],
  'json-schema': [],
  yaml: ['errors', 'text'],
  xml: ['errors', 'text'],
  sites: ['text'],
  access: ['errors', 'text'],
  tokens: ['errors', 'clock', 'text', 'access'],
  logins: ['errors', 'clock', 'credentials', 'text', 'access'],
  jpeg: ['errors', 'picture-size'],
  'http-auth': ['errors', 'credentials'],
  codec: ['errors', 'picture-size'],
  rtp: ['errors'],
  depacketizer: ['errors', 'picture-size', 'jpeg', 'codec', 'rtp'],
  rtsp: ['errors', 'text', 'codec', 'rtp'],
  faults: ['errors', 'rtsp'],
  v4l2: [],
  sources: ['errors', 'credentials', 'text', 'picture-size', 'failure', 'faults', 'v4l2'],
  config: ['errors', 'credentials', 'text', 'yaml', 'access', 'tokens', 'logins', 'sources'],
  watch: ['clock'],
  reload: ['errors', 'clock', 'config', 'watch', 'yaml'],
  importers: ['errors', 'text', 'yaml', 'sources', 'config'],
  edit: ['atomic-file', 'errors', 'text', 'config', 'yaml'],
  frames: ['clock'],
  coded: ['clock', 'codec', 'frames'],
  live: ['clock', 'codec', 'coded', 'frames', 'picture-size'],
  multipart: ['errors', 'jpeg', 'frames'],
  adaptive: ['clock', 'frames'],
  processes: ['clock', 'libc', 'text'],
  ffmpeg: ['errors', 'clock', 'picture-size', 'failure', 'sources', 'config', 'processes'],
  cli: ['errors', 'clock', 'credentials', 'libc', 'text', 'yaml', 'logins', 'v4l2', 'sources', 'ffmpeg'],
  ingest: ['errors', 'clock', 'text', 'failure', 'codec', 'rtsp', 'frames'],
  'rtsp-client': ['errors', 'clock', 'credentials', 'text', 'failure', 'http-auth', 'codec', 'rtp', 'depacketizer', 'rtsp', 'frames', 'ingest'],
  'http-client': ['errors', 'clock', 'credentials', 'text', 'picture-size', 'failure', 'jpeg', 'http-auth', 'codec', 'rtsp', 'ingest'],
  onvif: ['errors', 'clock', 'credentials', 'text', 'failure', 'xml', 'http-auth', 'sources', 'ingest', 'http-client'],
  discovery: ['errors', 'clock', 'credentials', 'text', 'xml', 'yaml', 'http-auth', 'ingest', 'onvif'],
  lifecycle: ['clock', 'text', 'failure', 'json-schema'],
  transcode: ['clock', 'jpeg', 'codec', 'config', 'frames', 'coded', 'ffmpeg'],
  decoder: ['clock', 'failure', 'json-schema', 'jpeg', 'codec', 'config', 'coded', 'ffmpeg', 'lifecycle', 'transcode'],
  capture: ['clock', 'text', 'picture-size', 'failure', 'json-schema', 'jpeg', 'http-auth', 'codec', 'v4l2', 'sources', 'config', 'coded', 'processes', 'ffmpeg', 'ingest', 'rtsp-client', 'http-client', 'transcode', 'decoder'],
  probe: ['clock', 'credentials', 'text', 'yaml', 'failure', 'json-schema', 'http-auth', 'codec', 'depacketizer', 'rtsp', 'sources', 'config', 'coded', 'ffmpeg', 'ingest', 'rtsp-client', 'capture'],
  stream: ['errors', 'clock', 'package', 'text', 'picture-size', 'failure', 'json-schema', 'jpeg', 'config', 'frames', 'coded', 'multipart', 'ffmpeg', 'lifecycle', 'decoder', 'capture'],
  renditions: ['errors', 'clock', 'picture-size', 'failure', 'jpeg', 'config', 'frames', 'multipart', 'adaptive', 'ffmpeg', 'lifecycle', 'decoder', 'stream'],
  camera: ['errors', 'clock', 'text', 'state-folder', 'failure', 'wire', 'access', 'jpeg', 'http-auth', 'sources', 'config', 'frames', 'coded', 'ingest', 'onvif', 'lifecycle', 'live', 'decoder', 'capture', 'stream', 'renditions'],
  doctor: ['errors', 'clock', 'libc', 'package', 'state-folder', 'failure', 'json-schema', 'yaml', 'sources', 'config', 'ffmpeg', 'cli', 'rtsp-client', 'lifecycle', 'probe', 'stream', 'camera'],
  events: ['clock', 'stream'],
  notify: ['clock', 'credentials', 'package', 'text', 'access', 'config', 'lifecycle', 'stream', 'events'],
  tls: ['errors', 'clock', 'state-folder', 'config', 'watch'],
  http2: ['clock'],
  viewers: ['errors', 'clock', 'libc', 'access', 'jpeg', 'config', 'frames', 'multipart', 'adaptive'],
  door: ['errors', 'clock', 'text', 'wire', 'sites', 'access', 'tokens', 'logins', 'stream', 'camera'],
  metrics: ['clock', 'failure', 'package', 'reload', 'frames', 'lifecycle', 'camera', 'viewers'],
  wall: ['errors', 'clock', 'picture-size', 'jpeg', 'wire', 'frames', 'adaptive', 'lifecycle', 'live', 'stream', 'renditions', 'camera'],
  http: ['errors', 'clock', 'credentials', 'package', 'text', 'sources', 'probe', 'json-schema', 'reload', 'sites', 'access', 'logins', 'yaml', 'config', 'edit', 'adaptive', 'onvif', 'lifecycle', 'stream', 'renditions', 'camera', 'events', 'http2', 'viewers', 'door', 'metrics', 'wire', 'wall', 'doctor'],
  clips: ['errors', 'package', 'jpeg', 'codec', 'rtp', 'rtsp', 'faults', 'processes'],
  simulator: ['errors', 'clock', 'credentials', 'xml', 'http-auth', 'rtp', 'rtsp', 'faults', 'onvif', 'clips'],
  simulated: ['config', 'simulator'],
  app: ['clock', 'doctor', 'text', 'reload', 'sites', 'access', 'stream', 'camera', 'events', 'http2', 'viewers', 'door', 'edit', 'metrics', 'http', 'tls'],
  'app-settings': ['clock', 'sites', 'access', 'config', 'door', 'app'],
  serve: ['errors', 'text', 'reload', 'app-settings', 'clock', 'state-folder', 'access', 'config', 'ffmpeg', 'cli', 'lifecycle', 'transcode', 'decoder', 'capture', 'stream', 'renditions', 'camera', 'events', 'notify', 'door', 'edit', 'metrics', 'http', 'tls', 'simulated', 'app'],
  commands: ['errors', 'clock', 'credentials', 'package', 'text', 'failure', 'sources', 'discovery', 'probe', 'yaml', 'access', 'faults', 'config', 'reload', 'importers', 'ffmpeg', 'cli', 'tls', 'simulator', 'notify', 'serve', 'doctor', 'http'],
  main: ['errors', 'cli', 'commands']
}
/** The rooms that may import a library. */
const libraryRooms: Record<string, readonly string[]> = {
  'fluent-ffmpeg': ['ffmpeg'],
  'p-queue': ['logins', 'lifecycle', 'stream', 'clips', 'doctor', 'commands'],
  jose: ['tokens'],
  'prom-client': ['metrics'],
  '@fastify/websocket': ['http'],
  fastify: ['http', 'door', 'app'],
  'pino-pretty': ['cli'],
  yaml: ['yaml'],
  sax: ['xml'],
  'sdp-transform': ['rtsp'],
  selfsigned: ['tls'],
  'node:child_process': ['processes', 'ffmpeg', 'clips']
}

/** Exports that src/ itself does not use, and the reason for each. */
const unusedInSource: Record<string, string> = {
  'clips/strip.ts readFrameNumber': 'tests and benchmarks read with it what src/ writes into pictures',
  'config/editor-schema.ts editorSchema': 'npm run schema'
}

const src = join(packageRoot, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(normalize)
const code = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => /\.(ts|js|mjs)$/.test(file))
const textsIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(join(folder, file), 'utf8'))
/** Exported values. Types may be exported for the signatures that name them. */
const EXPORT = /^export (?:async |abstract )?(?:const|let|function\*?|class) (\w+)/gm
/** A file's lines with their numbers, without imports, comments and lines with only brackets. */
const codeLines = (text: string) => text.split('\n').map((line, index) => ({ number: index + 1, text: line.trim().replace(/\s+/g, ' ') }))
  .filter(({ text }) => /\w/.test(text) && !/^(import\b|export .* from |\/[/*]|\*)/.test(text))
const roomOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')
const importsOf = (file: string) => {
  const found = readFileSync(join(src, file), 'utf8').matchAll(/(?:^import|^export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)
  return [...found].map(([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!)
}
const targets = (file: string) => importsOf(file).filter(name => name.startsWith('.'))
  .map(name => relative(src, join(src, dirname(file), name)).replace(/\.js$/, '.ts'))

t.test('the house', async t => {
  t.test('has only rooms listed here', async t => {
    t.same([...new Set(files.map(roomOf))].filter(room => !mayImport[room]), [])
    t.ok(files.length > 50)
  })
  t.test('is listed in docs/architecture.md in the order of its imports', async t => {
    const [, table = ''] = /^## Rooms$(.*?)^Some libraries/ms.exec(readFileSync(join(packageRoot, 'docs/architecture.md'), 'utf8')) ?? []
    const rooms = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, names]) => [...names!.matchAll(/`([\w-]+)(?:\/|\.ts)`/g)].map(([, room]) => room!))
    t.same(Object.keys(mayImport).filter(room => !rooms.includes(room)), [], 'has no row')
    const below = Object.entries(mayImport).flatMap(([from, all]) => all.filter(to => rooms.indexOf(to) > rooms.indexOf(from)).map(to => `${from} imports ${to}, which is below it`))
    t.same(below, [])
  })
  t.test('imports one way', async t => {
    const wrong = files.flatMap(file => targets(file).map(target => ({ file, target, from: roomOf(file), to: roomOf(target) })))
      .filter(({ from, to }) => from !== to && !mayImport[from]?.includes(to))
    t.same(wrong.map(({ file, target }) => `${file} imports ${target}`), [])
  })
  t.test('allows no unused import', async t => {
    const used = new Set(files.flatMap(file => targets(file).map(target => `${roomOf(file)} ${roomOf(target)}`)))
    const unused = Object.entries(mayImport).flatMap(([from, rooms]) => rooms.map(to => `${from} ${to}`)).filter(pair => !used.has(pair))
    t.same(unused, [])
    const users = files.flatMap(file => importsOf(file).map(name => `${name} ${roomOf(file)}`))
    t.same(Object.entries(libraryRooms).flatMap(([name, rooms]) => rooms.map(room => `${name} ${room}`)).filter(pair => !users.includes(pair)), [])
  })
  t.test('has no import cycles', async t => {
    const done = new Set<string>()
    const visit = (file: string, path: string[]): string[] => {
      if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')]
      if (done.has(file)) return []
      const circles = targets(file).flatMap(target => visit(target, [...path, file]))
      done.add(file)
      return circles
    }
    t.same(files.flatMap(file => visit(file, [])), [])
  })
  t.test('gives browsers no library', async t => {
    t.same(files.filter(file => ['view', 'wire', 'clock'].includes(roomOf(file))).flatMap(importsOf).filter(name => !name.startsWith('.')), [])
  })
  t.test('keeps each library in its room', async t => {
    const wrong = files.flatMap(file => importsOf(file).filter(name => libraryRooms[name] && !libraryRooms[name].includes(roomOf(file))).map(name => `${file} imports ${name}`))
    t.same(wrong, [])
  })
  t.test('limits the picture size of everything that ffmpeg reads', async t => {
    const bypass = files.filter(file => file !== 'ffmpeg/arguments.ts' && /'-i'/.test(readFileSync(join(src, file), 'utf8')))
    t.same(bypass, [], 'inputArguments() of ffmpeg/arguments.ts writes it')
  })
  t.test('starts no program with the whole environment, which contains passwords', async t => {
    const starting = files.filter(file => /import \{[^}]*\b(spawn|execFile)/.test(readFileSync(join(src, file), 'utf8')))
    t.same(starting.filter(file => file !== 'processes/child.ts' && !readFileSync(join(src, file), 'utf8').includes('env: ffmpegEnvironment()')), [])
  })
  t.test('has rooms of one idea', async t => {
    const counts = new Map<string, number>()
    for (const file of readdirSync(src, { recursive: true, withFileTypes: true })) {
      if (file.isFile() && file.parentPath !== src) counts.set(file.parentPath, (counts.get(file.parentPath) ?? 0) + 1)
    }
    t.same([...counts].filter(([, count]) => count > 15), [])
  })
  t.test('contains every file that scripts import from dist/', async t => {
    const scripts = ['src/setup', 'test', 'bench'].flatMap(folder => readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.mjs')).map(file => join(folder, file)))
    const named = [...scripts, 'package.json'].flatMap(file => [...readFileSync(join(packageRoot, file), 'utf8').matchAll(/\bdist\/([\w/-]+)\.js\b/g)]
      .map(([, compiled]) => ({ file, source: `${compiled}.ts` })))
    t.ok(named.length > 3)
    t.same(named.filter(({ source }) => !files.includes(source)), [], 'no compiler sees these imports of compiled files')
  })
  t.test('has files of one idea', async t => {
    const long = files.map(file => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length })).filter(({ lines }) => lines > 250)
    t.same(long, [])
  })
  t.test('has no block of six lines twice', async t => {
    const seen = new Map<string, string>()
    const twice: string[] = []
    for (const file of code) {
      const lines = codeLines(readFileSync(join(src, file), 'utf8'))
      for (let at = 0; at + 6 <= lines.length; at++) {
        const block = lines.slice(at, at + 6).map(({ text }) => text).join('\n')
        const place = `${file}:${lines[at]!.number}`
        const first = seen.get(block)
        if (first) twice.push(`${first} and ${place}`)
        else seen.set(block, place)
      }
    }
    t.same(twice, [])
  })
  t.test('has no unused exports', async t => {
    const source = new Map(files.map(file => [file, readFileSync(join(src, file), 'utf8')]))
    const elsewhere = ['test', 'bench'].flatMap(folder => textsIn(join(packageRoot, folder))).join('\n')
    const uses = (text: string, name: string) => text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0
    const found = [...source].flatMap(([file, text]) => [...text.matchAll(EXPORT)].map(([, name]) => {
      const others = [...source].some(([other, its]) => other !== file && uses(its, name!) > 0)
      return { name: `${file} ${name}`, imported: others || uses(elsewhere, name!) > 0, used: others || uses(text, name!) > 1 }
    }))
    t.ok(found.length > 300)
    t.same(found.filter(({ imported }) => !imported).map(({ name }) => name), [], 'export')
    t.same(found.filter(({ used }) => !used).map(({ name }) => name).sort(), Object.keys(unusedInSource))
  })
})
