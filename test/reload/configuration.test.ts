import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import t, { type Test } from 'tap'
import type { Changes } from '../../src/config/changes.js'
import { parseRegistry } from '../../src/config/parse.js'
import type { Registry } from '../../src/config/registry.js'
import { CamgateError } from '../../src/errors.js'
import { Configuration, type ConfigurationParts } from '../../src/reload/configuration.js'
import type { Content } from '../../src/reload/contents.js'
import { parseContents } from '../../src/reload/parse-contents.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { lines } from '../tls/certificates.js'

const FILE = '/etc/camgate/cameras.yaml'
const SECRET = '/etc/camgate/password'
const POLL_MS = 2_000

const camera = (id: string, rest = '') => `  ${id}: { source: 'rtsp://127.0.0.1/${id}'${rest} }\n`
const file = (...cameras: string[]) => `cameras:\n${cameras.join('')}`
const content = (text: string, links = 1): Content => ({ bytes: Buffer.from(text), links })

/** A configuration on files that a test writes. */
function living (t: Test, text = file(camera('gate')), parts: Partial<ConfigurationParts> = {}) {
  const clock = new FakeClock()
  const { all, log } = lines()
  const files = new Map<string, Content>([[FILE, content(text)]])
  const applied: Array<{ after: Registry, changes: Changes }> = []
  const watched = new Map<string, (name?: string) => void>()
  const env = { NAME: 'value' }
  const readText = (path: string) => Buffer.from((files.get(path) as { bytes: Uint8Array }).bytes).toString()
  const configuration = new Configuration({
    file: FILE,
    registry: parseRegistry(text, { file: FILE, env, readFile: readText }),
    contents: new Map(files),
    env,
    settle: registry => registry,
    apply: async (after, changes) => { applied.push({ after, changes }) },
    clock,
    log,
    read: async paths => new Map([...paths].map(path => [path, files.get(path) ?? { code: 'ENOENT' }])),
    watch (folder, changed) {
      watched.set(folder, changed)
      return () => watched.delete(folder)
    },
    ...parts
  })
  t.teardown(() => configuration.close())
  const write = (text: string, path = FILE) => { files.set(path, content(text)) }
  /** Moves time on in steps, and lets each look come to its end. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(50)
      await until('no look is in progress', () => clock.pending === 1)
    }
  }
  const follow = async () => {
    await configuration.follow()
    await pass(300)
  }
  /** Reloads, and moves time on meanwhile. */
  const reload = async () => {
    let isOver = false
    const result = configuration.reload().finally(() => { isOver = true })
    result.catch(() => {})
    await until('it is reloaded', () => {
      clock.advance(50)
      return isOver
    })
    return await result
  }
  return { configuration, clock, files, applied, all, watched, write, pass, follow, reload }
}

t.test('a living configuration', async t => {
  t.test('puts a change in force when it is asked to, and says what it is', async t => {
    const { configuration, applied, all, write, reload } = living(t, file(camera('gate'), camera('yard'), camera('old')))
    let changes = 0
    configuration.on('change', () => { changes++ })
    write(file(camera('yard', ', fps: 3'), camera('gate', ', username: me, password: it'), camera('new')))
    t.same(await reload(), {
      changes: [
        'camera new added', 'camera old removed', 'camera yard: fps changed, its pictures are made anew',
        'camera gate: username or password changed, reconnecting', 'the order of the cameras changed'
      ],
      restartNeeded: []
    })
    t.equal(applied.length, 1)
    t.same(applied[0]!.changes.added, ['new'])
    t.equal(configuration.registry, applied[0]!.after)
    t.same(configuration.registry.cameras.map(({ id }) => id), ['yard', 'gate', 'new'])
    t.equal(changes, 1)
    t.match(all, [/^info: \/etc\/camgate\/cameras\.yaml has changed: camera new added; /])
    t.match(configuration.status, { loadedAt: /^2026-01-01T/, error: null, restartNeeded: [] })
  })

  t.test('has nothing to do for a file that means the same', async t => {
    const { configuration, applied, all, write, reload } = living(t)
    write(`# a comment\n${file(camera('gate'))}`)
    t.same(await reload(), { changes: [], restartNeeded: [] })
    t.same([applied, all], [[], []])
    t.not(configuration.status.loadedAt, new Date(new FakeClock().wall()).toISOString())
  })

  t.test('keeps what is in force if the file is invalid, and says where it is', async t => {
    const { configuration, applied, all, write, reload } = living(t)
    const before = configuration.registry
    write(file(camera('gate', ', fsp: 3')))
    await t.rejects(reload(), { code: 'CONFIG', message: /fsp/ })
    await t.rejects(reload(), { code: 'CONFIG' })
    t.equal(configuration.registry, before)
    t.same(applied, [])
    t.match(configuration.status.error, { line: 2, column: Number, message: String })
    t.match(all, [/^error: The changed configuration is not used, the one before still is\. .*\n.*cameras\.yaml:2:/], 'each content is one line')
    write(file(camera('gate')))
    await reload()
    t.equal(configuration.status.error, null)
    t.match(all[1], /^info: .* can be used again/)
  })

  t.test('counts what is put in force and what is refused', async t => {
    const { configuration, write, reload } = living(t)
    t.same(configuration.reloads, { applied: 0, refused: 0 })
    write(file(camera('gate'), camera('yard')))
    await reload()
    await reload()
    t.same(configuration.reloads, { applied: 2, refused: 0 }, 'unchanged, too')
    write('cameras: [')
    await t.rejects(reload())
    t.same(configuration.reloads, { applied: 2, refused: 1 })
  })

  t.test('does not run a command that the file did not allow when camgate was started', async t => {
    const command = 'server: { allowExec: true }\ncameras: { gate: { source: { type: exec, command: [cat] } } }\n'
    const { configuration, write, reload } = living(t)
    write(command)
    await t.rejects(reload(), { code: 'CONFIG', message: /cameras\.gate\.source: this file did not say .* until camgate is started again/ })
    t.match(configuration.status.error, { line: 2, column: 36 })
    const allowed = living(t, `server: { allowExec: true }\n${file(camera('gate'))}`)
    allowed.write(command)
    t.match(await allowed.reload(), { changes: ['camera gate: source changed, reconnecting'] })
  })

  t.test('says which keys need a restart, until they are as they were', async t => {
    const { configuration, write, reload } = living(t, `server: { port: 5001 }\n${file(camera('gate'))}`)
    write(`server: { port: 5002, maxViewers: 3 }\n${file(camera('gate'))}`)
    t.same(await reload(), { changes: ['server.port: needs a restart', 'server.maxViewers changed'], restartNeeded: ['port'] })
    write(`server: { port: 5002, hosts: [cams.example.org] }\n${file(camera('gate'))}`)
    t.same(await reload(), { changes: ['server.maxViewers changed', 'server.hosts changed'], restartNeeded: ['port'] }, 'still')
    t.same(configuration.status.restartNeeded, ['port'])
    write(`server: { port: 5001 }\n${file(camera('gate'))}`)
    t.same(await reload(), { changes: ['server.port is as it was at the start', 'server.hosts changed'], restartNeeded: [] })
  })

  t.test('refuses what a start would refuse', async t => {
    const { configuration, applied, write, reload } = living(t, undefined, { settle () { throw new CamgateError('CONFIG', 'Others could reach it.') } })
    write(file(camera('gate', ', fps: 3')))
    await t.rejects(reload(), { message: 'Others could reach it.' })
    t.same(configuration.status.error, { line: null, column: null, message: 'Others could reach it.' })
    t.same(applied, [])
  })

  t.test('waits until two readings agree', async t => {
    const texts = [file(camera('gate')).slice(0, 30), file(camera('gate'), camera('yard')).slice(0, 60), file(camera('gate'), camera('yard')), file(camera('gate'), camera('yard'))]
    const { applied, reload } = living(t, undefined, { read: async () => new Map([[resolve(FILE), content(texts.shift()!)]]) })
    t.match(await reload(), { changes: ['camera yard added'] })
    t.equal(applied.length, 1)
  })

  t.test('warns of what is new', async t => {
    const warned = `server: { host: 10.0.0.1 }\n${file(camera('gate'))}`
    const { all, write, reload } = living(t)
    write(warned)
    await reload()
    write(`# moved\n${warned}`)
    await reload()
    t.match(all.filter(line => line.startsWith('warn: ')), [/^warn: \/etc\/camgate\/cameras\.yaml:1:\d+: server\.host/])
    t.equal(all.filter(line => line.startsWith('warn: ')).length, 1)
  })

  t.test('is one reload after the other', async t => {
    let running = 0
    const { clock, configuration, write } = living(t, undefined, {
      async apply () {
        t.equal(++running, 1)
        await new Promise(resolve => setImmediate(resolve))
        running--
      }
    })
    write(file(camera('gate'), camera('yard')))
    const first = configuration.reload()
    await until('it has read the file', () => clock.pending > 0)
    const both = Promise.all([first, configuration.reload()])
    let isOver = false
    void both.finally(() => { isOver = true })
    await until('both are over', () => {
      clock.advance(50)
      return isOver
    })
    t.same((await both).map(({ changes }) => changes), [['camera yard added'], []])
  })
})

t.test('a thousand reloads at a time are two', async t => {
  let parsed = 0
  const { clock, configuration, applied, write } = living(t, undefined, {
    parse (request) {
      parsed++
      return parseContents(request)
    }
  })
  const first = configuration.reload()
  await until('the first has read the file', () => clock.pending > 0)
  write(file(camera('gate'), camera('yard')))
  const others = Array.from({ length: 1_000 }, () => configuration.reload())
  let isOver = false
  const reports = Promise.all([first, ...others]).finally(() => { isOver = true })
  await until('all are answered', () => {
    clock.advance(50)
    return isOver
  })
  t.same((await reports).flatMap(({ changes }) => changes).filter((change, index, all) => all.indexOf(change) === index), ['camera yard added'])
  t.equal(applied.length, 1)
  t.equal(parsed, 2)
})

t.test('files that are followed', async t => {
  t.test('are taken in after each change: by a watch, or by looking every two seconds', async t => {
    const { applied, watched, write, pass, follow } = living(t)
    await follow()
    t.same(applied, [], 'nothing has changed at the start')
    write(file(camera('gate', ', fps: 3')))
    watched.get('/etc/camgate')?.('cameras.yaml')
    await pass(300)
    t.equal(applied.length, 1)
    write(file(camera('gate', ', fps: 4')))
    await pass(POLL_MS + 50)
    t.equal(applied.length, 2)
  })

  t.test('are taken in if they changed before they were watched', async t => {
    const { applied, write, follow } = living(t)
    write(file(camera('gate', ', fps: 3')))
    await follow()
    t.equal(applied.length, 1)
  })

  t.test('are not parsed again at the start, those that the file names included', async t => {
    const text = file(camera('gate', `, username: me, password: '\${file:${SECRET}}'`))
    let parsed = 0
    const { applied, watched, write, pass, follow } = living(t, undefined, {
      contents: new Map([[FILE, content(text)], [SECRET, content('one\n')]]),
      parse (request) {
        parsed++
        return parseContents(request)
      }
    })
    write(text)
    write('one\n', SECRET)
    await follow()
    await pass(POLL_MS)
    t.equal(parsed, 0)
    write('two\n', SECRET)
    watched.get('/etc/camgate')?.('password')
    await pass(300)
    t.equal(applied.at(-1)?.after.cameras[0]?.credentials?.password, 'two')
    t.equal(parsed, 1)
  })

  t.test('include those that the file names, from the reload on that names them first', async t => {
    const { configuration, applied, files, write, pass, follow } = living(t)
    await follow()
    const text = file(camera('gate', `, username: me, password: '\${file:${SECRET}}'`))
    write('one\n', SECRET)
    write(text)
    await pass(POLL_MS + 50)
    t.equal(configuration.registry.cameras[0]!.credentials?.password, 'one')
    write('two\n', SECRET)
    await pass(POLL_MS + 50)
    t.equal(configuration.registry.cameras[0]!.credentials?.password, 'two')
    t.equal(applied.length, 2)
    files.delete(SECRET)
    await pass(1_900)
    t.equal(configuration.status.error, null, 'it may be replaced just now')
    await pass(POLL_MS)
    t.match(configuration.status.error, { line: 2, message: /cannot read the file "\/etc\/camgate\/password" \(ENOENT\)/ })
    write('three', SECRET)
    await pass(POLL_MS + 50)
    t.equal(configuration.registry.cameras[0]!.credentials?.password, 'three')
  })

  t.test('may be missing, or empty, for a moment', async t => {
    const { configuration, applied, all, files, write, pass, follow } = living(t)
    await follow()
    for (const [index, leave] of [() => files.delete(FILE), () => write('')].entries()) {
      leave()
      await pass(POLL_MS)
      write(file(camera('gate', `, fps: ${index + 2}`)))
      await pass(POLL_MS + 50)
      t.equal(applied.length, index + 1)
      t.ok(all.every(line => line.startsWith('info: ')))
    }
    files.delete(FILE)
    await pass(2 * POLL_MS + 100)
    t.match(configuration.status.error, { line: null, message: /^There is no file/ })
    t.match(all.at(-1), /^error: The changed configuration is not used/)
    write(file(camera('gate', ', fps: 3')))
    await pass(POLL_MS + 50)
    t.equal(configuration.status.error, null)
  })

  t.test('are taken in at once when a mistaken name in them is mended', async t => {
    const { configuration, applied, write, pass, follow } = living(t)
    await follow()
    write(file(camera('gate', ", username: me, password: '${file:/etc/camgate/typo}'"))) // eslint-disable-line no-template-curly-in-string
    await pass(2 * POLL_MS + 100)
    t.match(configuration.status.error, { message: /typo/ })
    write(file(camera('gate', ', fps: 3')))
    await pass(POLL_MS + 50)
    t.equal(applied.length, 1)
  })

  t.test('are complained of once, for as long as they stay the same', async t => {
    const { applied, all, write, pass, follow } = living(t)
    await follow()
    write('cameras: [')
    await pass(3 * POLL_MS)
    t.equal(all.length, 1)
    write('cameras: {')
    await pass(POLL_MS + 50)
    t.equal(all.length, 2)
    t.same(applied, [])
  })

  t.test('say so if one was mounted alone and replaced on the host', async t => {
    const { configuration, all, files, pass, follow, reload } = living(t)
    await follow()
    files.set(FILE, content(file(camera('gate')), 0))
    await pass(2 * POLL_MS)
    t.match(configuration.status.error, { line: null, message: /cameras\.yaml has been replaced on the host.*mount the directory instead/ })
    t.match(all, [/^error: \/etc\/camgate\/cameras\.yaml has been replaced on the host/], 'once')
    await t.rejects(reload(), { code: 'CONFIG', message: /mount the directory instead/ })
    files.set(FILE, content(file(camera('gate'))))
    await pass(POLL_MS)
    t.equal(configuration.status.error, null)
  })

  t.test('are left alone if camgate was given a pipe', async t => {
    const { all, files, pass, follow } = living(t)
    files.set(FILE, { code: 'NO_FILE' })
    await follow()
    await pass(3 * POLL_MS)
    t.same(all, [])
  })
})

t.test('a text can be checked before it is written', async t => {
  const { configuration, applied } = living(t, file(camera('gate')), {
    settle: registry => {
      if (registry.cameras.length > 2) throw new CamgateError('CONFIG', 'Too many.')
      return registry
    }
  })
  t.same(configuration.check(file(camera('gate'), camera('yard'))).cameras.map(({ id }) => id), ['gate', 'yard'])
  t.throws(() => configuration.check(file(camera('gate', ', fps: 0'))), { code: 'CONFIG', message: /above 0/ })
  t.throws(() => configuration.check(file(camera('a'), camera('b'), camera('c'))), { message: 'Too many.' })
  t.throws(() => configuration.check('server: { allowExec: true }\ncameras: { run: { source: { type: exec, command: [x] } } }'), { message: /did not say/ }, 'not when it was started')
  t.same(applied, [])
})

t.test('a text whose secret has become a pipe is refused, and not waited for', async t => {
  const { configuration } = living(t)
  const pipe = join(t.testdir(), 'password')
  execFileSync('mkfifo', [pipe])
  const text = file(camera('gate', `, username: me, password: '\${file:${pipe}}'`))
  t.throws(() => configuration.check(text), { code: 'CONFIG', message: /cannot read the file .* \(NO_FILE\)/ })
})
