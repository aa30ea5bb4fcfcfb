import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package.js'
import { command, copies, env, image, isIgnored, read, stages, system, textsOf, workdir } from '../dockerfile.js'
import { certificate } from '../tls/certificates.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'

// Tests the Docker files as far as that works without Docker, that is, without its builder and its kernel features.
t.test('the Dockerfile', async t => {
  t.test('copies only files that exist and are not ignored', async t => {
    for (const stage of stages) {
      for (const { from, sources } of copies(stage)) {
        if (from) t.ok(stages.slice(0, stages.indexOf(stage)).some(({ name }) => name === from), `a stage ${from} stands before`)
        else t.same(sources.filter(source => !existsSync(join(packageRoot, source)) || isIgnored(source)), [])
      }
    }
    t.same(['.env', '.git', 'node_modules', 'dist', 'secrets'].filter(path => !isIgnored(path)), [], 'and these are ignored')
  })

  t.test('has one base of an exact version, whose Node camgate runs on', async t => {
    const bases = new Set(stages.map(({ base }) => base.replace(/^--platform=\S+ /, '')).filter(base => base !== 'scratch' && !stages.some(({ name }) => name === base)))
    t.equal(bases.size, 1, 'packages of one stage fit the next')
    const [base = ''] = bases
    const [, major] = /^node:(\d+)\.\d+\.\d+-bookworm-slim$/.exec(base) ?? []
    const [, least] = />=(\d+)/.exec(JSON.parse(read('package.json')).engines.node) ?? []
    t.ok(Number(major) >= Number(least), base)
  })

  t.test('runs as a user without rights', async t => {
    t.match(textsOf('USER').at(-1), /^[1-9]\d*:[1-9]\d*$/)
    t.same(textsOf('RUN'), [], 'and does everything that needs rights before')
  })

  t.test('starts a program that it installs, and no shell', async t => {
    const [init] = command('ENTRYPOINT')
    const installs = textsOf('RUN', system).join(' ')
    for (const name of [init!, 'ffmpeg']) t.match(installs, new RegExp(`apt-get install .*\\b${name}\\b`))
    t.equal(command('CMD')[0], 'node')
  })
})

/** The exit code of the HEALTHCHECK if the container's port is `port`. */
async function checkHealth (port: number): Promise<number> {
  const [program, ...args] = command('HEALTHCHECK')
  t.equal(program, 'node')
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '', PORT: String(port) }, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code as number
}

t.test('the HEALTHCHECK', async t => {
  const asked: Array<string | undefined> = []
  const server = createServer(({ url }, response) => {
    response.statusCode = asked.push(url) === 1 ? 200 : 503
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  t.equal(await checkHealth(port), 0, 'an answer of 200 is health')
  t.equal(await checkHealth(port), 1, 'one of 503 is not')
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  t.equal(await checkHealth(port), 1, 'no answer is not either')
  t.same(asked, ['/health/ready', '/health/ready'])
  const encrypted = createTlsServer(await certificate({ from: Date.now() }), (_request, response) => { response.end() })
  await once(encrypted.listen(0, '127.0.0.1'), 'listening')
  t.equal(await checkHealth((encrypted.address() as AddressInfo).port), 0, 'https is asked too, whoever has signed its certificate')
  encrypted.closeAllConnections()
  await new Promise(resolve => encrypted.close(resolve))
})

/** A folder with the files of the image's working directory and the clone's packages. */
function assemble (folder: string): string {
  for (const { from, sources, target } of copies(image)) {
    if (from === 'system' || from === 'clips') continue
    for (const source of sources) {
      const name = source.replace(new RegExp(`^${workdir}/`), '')
      const to = join(folder, target.endsWith('/') ? join(target, basename(name)) : target)
      mkdirSync(join(to, '..'), { recursive: true })
      if (from && name === 'node_modules') symlinkSync(join(packageRoot, name), to)
      else cpSync(join(packageRoot, name), to, { recursive: true })
    }
  }
  return folder
}

t.test('the image', async t => {
  const folder = assemble(t.testdir({}))
  const inside = { ...process.env, NODE_OPTIONS: '', CAMGATE_AUTH: '', CAMGATE_ORIGINS: '', ...env, HOST: '127.0.0.1', PORT: '0', CAMGATE_CONFIG: join(folder, env['CAMGATE_CONFIG']!), XDG_CACHE_HOME: folder }
  const camgate = command('CMD').slice(1)
  const file = inside.CAMGATE_CONFIG

  t.test('has a valid configuration', async t => {
    t.match(spawnSync(process.execPath, [camgate[0]!, 'check'], { cwd: folder, env: inside, encoding: 'utf8' }), { status: 0, stderr: '' })
  })

  t.test('serves the page and is healthy with another cameras.yaml', async t => {
    writeFileSync(file, 'cameras: { 1: { source: "rtsp://127.0.0.1:1/", enabled: false } }\n')
    const child = spawn(process.execPath, camgate, { cwd: folder, env: inside, stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    let url: string | undefined
    for await (const line of createInterface(child.stdout)) {
      url = /open (http:\S+)"/.exec(line)?.[1]
      if (url) break
    }
    child.stdout.resume()
    t.equal((await fetch(url!)).status, 200)
    t.equal(await checkHealth(Number(new URL(url!).port)), 0)
    child.kill('SIGTERM')
    t.same(await once(child, 'exit'), [0, null])
  })

  const exposed = { ...inside, HOST: env['HOST']! }
  t.test('does not start until somebody says who may look, and asks no camera before', async t => {
    let connections = 0
    const camera = createServer().on('connection', () => { connections++ })
    t.teardown(() => camera.close())
    await once(camera.listen(0, '127.0.0.1'), 'listening')
    const cameras = `cameras: { 1: { source: "rtsp://127.0.0.1:${(camera.address() as AddressInfo).port}/" }, 2: { source: { type: simulated } } }\n`
    for (const [server, variables, wanted] of [
      ['', {}, /^camgate does not start: on 0\.0\.0\.0:0 others could reach it[^]*camgate password[^]*127\.0\.0\.1[^]*CAMGATE_AUTH=none/],
      ['', { HOST: '::' }, /^camgate does not start/],
      ['', { HOST: '0' }, /^camgate does not start/],
      ['', { CAMGATE_AUTH: 'yes' }, /^CAMGATE_AUTH may only be none/],
      ['server: { auth: { users: { anna: {} } } }\n', { CAMGATE_AUTH: 'none' }, /^CAMGATE_AUTH=none lets everybody in, but cameras\.yaml has server: auth:/]
    ] as const) {
      writeFileSync(file, server + cameras)
      const child = spawn(process.execPath, camgate, { cwd: folder, env: { ...exposed, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] })
      t.teardown(() => child.kill('SIGKILL'))
      const [end, out, problem] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
      t.same(end, [78, null])
      t.match(problem, wanted)
      t.notMatch(out, /camera/, 'the log names no camera')
    }
    t.equal(connections, 0)
  })

  t.test('starts as README and compose.yaml run it, and warns', { skip: noNamespaces }, async t => {
    const { environment } = (parse(read('compose.yaml')) as { services: Record<string, { environment: Record<string, string> }> }).services['camgate']!
    t.match(read('README.md'), / -e CAMGATE_AUTH=none /)
    t.match(read('README.md'), / -p 127\.0\.0\.1:5000:5000 /)
    writeFileSync(file, 'cameras: { 1: { source: "rtsp://127.0.0.1:1/", enabled: false } }\n')
    const [enter, ...words] = new NetworkNamespace(t).enter
    const child = spawn(enter, [...words, process.execPath, ...camgate], { cwd: folder, env: { ...exposed, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (line.includes('open http')) break
    }
    t.match(lines, [/"level":40,.*Everybody who reaches 0\.0\.0\.0:\d+ can see every camera, and start, stop and restart it/, /open http:\/\/localhost:/])
    child.stdout.resume()
    child.kill('SIGTERM')
    t.same(await once(child, 'exit'), [0, null])
  })
})
