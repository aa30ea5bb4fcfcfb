import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { secret } from './credentials.js'
import { startService, type Service, type ServiceStatus } from './service.js'
import { until } from './until.js'

const canUnshare = spawnSync('unshare', ['-m', '-U', '-r', 'true'], { timeout: 10_000 }).status === 0
const skip = !canUnshare && 'NOT TESTED: no user and mount namespaces can be made.'

/** A camera that is not read: what it is called shows which file is in force. */
const yaml = (name: string, more = '') => `cameras:\n  gate: { source: 'rtsp://127.0.0.1/', enabled: false, name: ${name}${more} }\n`
const nameIn = ({ cameras }: ServiceStatus) => cameras.gate?.name

/** None if it has been closed meanwhile. */
function linkOf (path: string): string[] {
  try {
    return [readlinkSync(path)]
  } catch {
    return []
  }
}

async function reloads (service: Service) {
  const answer = await fetch(new URL('config/reload', service.url), { method: 'POST' })
  return { status: answer.status, body: await answer.json() as { changes?: string[], message?: string, diagnostics?: object[] } }
}

/** Saves, and prints how long it took until it was in force. */
async function isInForce (t: Test, service: Service, what: string, name: string, save: () => void) {
  const saved = performance.now()
  save()
  await service.until(status => nameIn(status) === name, `${what} is in force`)
  t.comment(`${what}: in force after ${Math.round(performance.now() - saved)} ms`)
  t.equal((await service.status()).config.error, null, what)
}

t.test('cameras.yaml, saved while camgate runs', async t => {
  const folder = t.testdir({ 'cameras.yaml': yaml('first') })
  const config = join(folder, 'cameras.yaml')
  const service = await startService(t, { config })
  const saves = (what: string, name: string, save: () => void) => isInForce(t, service, what, name, save)

  await t.test('is in force after each way of saving it', async t => {
    await saves('a save in place', 'in-place', () => writeFileSync(config, yaml('in-place')))
    await saves('a rename over it', 'renamed', () => {
      writeFileSync(`${config}.tmp`, yaml('renamed'))
      renameSync(`${config}.tmp`, config)
    })
    await saves('a save by vim, which renames the old one first', 'vim', () => {
      renameSync(config, `${config}~`)
      writeFileSync(config, yaml('vim'))
      rmSync(`${config}~`)
    })
    await saves('the second of two saves within a second', 'twice', () => {
      writeFileSync(config, yaml('once'))
      writeFileSync(config, yaml('twice'))
    })
    truncateSync(config, 0)
    t.equal((await reloads(service)).status, 422, 'asked for, it is not waited for')
    await saves('a save after it was cut', 'whole', () => writeFileSync(config, yaml('whole')))
    rmSync(config)
    await saves('a new file', 'new', () => writeFileSync(config, yaml('new')))
  })

  await t.test('names a file whose content counts, too', async () => {
    const password = join(folder, 'password')
    const [first, second] = [secret('first'), secret('second')]
    writeFileSync(password, `${first}\n`)
    await saves('a password in a file', 'secret', () => writeFileSync(config, yaml('secret', ", username: me, password: '${file:password}'"))) // eslint-disable-line no-template-curly-in-string
    writeFileSync(`${password}.new`, `${second}\n`)
    renameSync(`${password}.new`, password)
    await until('the new password is in force', () => service.log.some(({ msg }) => /camera gate: username or password( and secrets)? changed, reconnecting$/.test(msg)))
  })

  await t.test('changes nothing if it is invalid, and says what is wrong', async t => {
    writeFileSync(config, 'cameras:\n  gate: { source: rtsp://127.0.0.1/, fsp: 3 }\n')
    const { config: { error }, cameras } = await service.until(({ config }) => config.error !== null, 'the mistake is in /status')
    t.match(error, { line: 2, column: 38, message: /fsp/ })
    t.equal(cameras.gate?.name, 'secret')
    t.match(await reloads(service), { status: 422, body: { diagnostics: [{ line: 2, column: 38 }] } })
    t.equal(service.log.filter(({ msg }) => msg.startsWith('The changed configuration is not used')).length, 2, 'once for each content: the empty one, and this')
    await saves('a mended file', 'mended', () => writeFileSync(config, yaml('mended')))
  })

  await t.test('cannot bring a command that it did not allow at the start', async t => {
    writeFileSync(config, `server: { allowExec: true }\ncameras: { gate: { source: { type: exec, command: [touch, ${join(folder, 'ran')}] } } }\n`)
    t.match(await reloads(service), { status: 422, body: { message: /until camgate is started again/ } })
  })

  await t.test('cannot open the door by mistake', async t => {
    writeFileSync(config, `server: { trustProxy: [127.0.0.1] }\n${yaml('open')}`)
    t.match(await reloads(service), { status: 409, body: { message: /nothing says who may see and stop the cameras/ } })
    t.equal((await service.status()).cameras.gate?.name, 'mended')
  })

  await t.test('is read at once on SIGHUP and POST /config/reload', async t => {
    await saves('SIGHUP', 'hangup', () => {
      writeFileSync(config, yaml('hangup'))
      process.kill(service.pid, 'SIGHUP')
    })
    writeFileSync(config, `${yaml('posted')}  yard: { source: 'rtsp://127.0.0.1/yard', enabled: false }\n`)
    t.same((await reloads(service)).body.changes, ['camera yard added', 'camera gate: name changed'])
    t.same(Object.keys((await service.status()).cameras), ['gate', 'yard'])
    writeFileSync(config, `server: { port: 1 }\n${yaml('posted')}`)
    t.match(await reloads(service), { body: { changes: ['camera yard removed'], restartNeeded: [] } }, 'the command line says which port')
  })
})

t.test('cameras.yaml in a volume of Kubernetes', async t => {
  const folder = t.testdir({ '..1': { 'cameras.yaml': yaml('one') } })
  symlinkSync('..1', join(folder, '..data'))
  symlinkSync('..data/cameras.yaml', join(folder, 'cameras.yaml'))
  const service = await startService(t, { config: join(folder, 'cameras.yaml') })
  await isInForce(t, service, 'a swap of ..data', 'two', () => {
    mkdirSync(join(folder, '..2'))
    writeFileSync(join(folder, '..2', 'cameras.yaml'), yaml('two'))
    symlinkSync('..2', join(folder, '..next'))
    renameSync(join(folder, '..next'), join(folder, '..data'))
    rmSync(join(folder, '..1'), { recursive: true })
  })
})

t.test('cameras.yaml, mounted alone, where no program is told of changes', { skip }, async t => {
  const folder = t.testdir({ host: { 'cameras.yaml': yaml('first') }, 'cameras.yaml': yaml('first') })
  const [host, config] = [join(folder, 'host', 'cameras.yaml'), join(folder, 'cameras.yaml')]
  const mounted = `mount --bind ${host} ${config} && echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"`
  const service = await startService(t, { config, prefix: ['unshare', '-m', '-U', '-r', 'sh', '-c', mounted, 'sh'] })
  const open = readdirSync(`/proc/${service.pid}/fd`).flatMap(fd => linkOf(`/proc/${service.pid}/fd/${fd}`))
  t.ok(open.length > 10)
  t.notOk(open.includes('anon_inode:inotify'), 'nothing is watched')
  await isInForce(t, service, 'a save on the host, found by polling', 'polled', () => writeFileSync(host, yaml('polled')))
  copyFileSync(host, `${host}.new`)
  renameSync(`${host}.new`, host)
  const { config: { error } } = await service.until(({ config }) => config.error !== null, 'it is said that the file was replaced')
  t.match(error, { message: /has been replaced on the host.*mount the directory instead/ })
  t.match(await reloads(service), { status: 409, body: { message: /mount the directory instead/ } })
})
