import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import t from 'tap'
import { packageRoot } from '../src/package.js'

/** What each room, or file at the top of src/, imports beside itself, and nothing else. Imports point one way. */
const mayImport: Record<string, readonly string[]> = {
  errors: [],
  clock: [],
  libc: [],
  package: [],
  nearest: [],
  options: ['errors', 'nearest'],
  'known-secrets': [],
  redact: ['known-secrets'],
  'picture-size': ['errors'],
  rtsp: ['errors', 'redact', 'picture-size'],
  simulator: ['errors', 'clock', 'options', 'rtsp', 'processes'],
  sources: ['errors', 'redact', 'picture-size'],
  config: ['errors', 'nearest', 'sources'],
  frames: ['errors', 'clock', 'picture-size'],
  ingest: ['errors', 'clock', 'redact', 'rtsp', 'frames'],
  processes: ['clock', 'redact', 'libc'],
  ffmpeg: ['errors', 'clock', 'picture-size', 'sources', 'config', 'processes'],
  camera: ['errors', 'clock', 'package', 'redact', 'picture-size', 'rtsp', 'sources', 'config', 'frames', 'ingest', 'processes', 'ffmpeg'],
  http: ['errors', 'clock', 'libc', 'package', 'config', 'frames', 'camera'],
  devices: ['sources', 'ffmpeg'],
  log: [],
  shutdown: [],
  simulated: ['config', 'camera', 'simulator'],
  app: ['clock', 'camera', 'http'],
  serve: ['errors', 'clock', 'config', 'ffmpeg', 'camera', 'http', 'app', 'simulated', 'shutdown'],
  main: ['errors', 'package', 'nearest', 'options', 'config', 'ffmpeg', 'devices', 'serve', 'shutdown', 'log', 'simulator']
}
/** What one room alone knows. */
const known: Record<string, readonly string[]> = {
  'fluent-ffmpeg': ['ffmpeg'],
  'p-queue': ['camera'],
  fastify: ['http', 'app'],
  'pino-pretty': ['log'],
  yaml: ['config'],
  'sdp-transform': ['rtsp'],
  'node:child_process': ['processes', 'ffmpeg', 'simulator']
}

const src = join(packageRoot, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(normalize)
const roomOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')
const importsOf = (file: string) => {
  const found = readFileSync(join(src, file), 'utf8').matchAll(/(?:^import|^export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)
  return [...found].map(([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!)
}
const targets = (file: string) => importsOf(file).filter(name => name.startsWith('.'))
  .map(name => relative(src, join(src, dirname(file), name)).replace(/\.js$/, '.ts'))

t.test('the house', async t => {
  t.test('has no room that this test does not know', async t => {
    t.same([...new Set(files.map(roomOf))].filter(room => !mayImport[room]), [])
    t.ok(files.length > 50)
  })
  t.test('imports one way', async t => {
    const wrong = files.flatMap(file => targets(file).map(target => ({ file, target, from: roomOf(file), to: roomOf(target) })))
      .filter(({ from, to }) => from !== to && !mayImport[from]?.includes(to))
    t.same(wrong.map(({ file, target }) => `${file} imports ${target}`), [])
  })
  t.test('allows no room what it does not need', async t => {
    const used = new Set(files.flatMap(file => targets(file).map(target => `${roomOf(file)} ${roomOf(target)}`)))
    const unused = Object.entries(mayImport).flatMap(([from, rooms]) => rooms.map(to => `${from} ${to}`)).filter(pair => !used.has(pair))
    t.same(unused, [])
    const users = files.flatMap(file => importsOf(file).map(name => `${name} ${roomOf(file)}`))
    t.same(Object.entries(known).flatMap(([name, rooms]) => rooms.map(room => `${name} ${room}`)).filter(pair => !users.includes(pair)), [])
  })
  t.test('has no circle of files', async t => {
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
  t.test('keeps each library in its room', async t => {
    const wrong = files.flatMap(file => importsOf(file).filter(name => known[name] && !known[name].includes(roomOf(file))).map(name => `${file} imports ${name}`))
    t.same(wrong, [])
  })
  t.test('has ffmpeg read nothing without a bound for the size of its pictures', async t => {
    const bypass = files.filter(file => file !== 'ffmpeg/arguments.ts' && /'-i'/.test(readFileSync(join(src, file), 'utf8')))
    t.same(bypass, [], 'inputArguments() of ffmpeg/arguments.ts writes it')
  })
  t.test('starts no program with the whole environment, which holds passwords', async t => {
    const starting = files.filter(file => /import \{[^}]*\b(spawn|execFile)/.test(readFileSync(join(src, file), 'utf8')))
    t.same(starting.filter(file => file !== 'processes/child.ts' && !readFileSync(join(src, file), 'utf8').includes('env: ffmpegEnvironment()')), [])
  })
  t.test('has files of one idea', async t => {
    const long = files.map(file => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length })).filter(({ lines }) => lines > 250)
    t.same(long, [])
  })
})
