import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { StateFolder } from '../src/state-folder.js'

function folderOf (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-state-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}
const modeOf = (path: string) => statSync(path).mode & 0o777

t.test('the state folder', async t => {
  t.test('is the first of those that can be written to', async t => {
    const root = folderOf(t)
    const system = join(root, 'system')
    const HOME = join(root, 'home')
    const pathOf = async (env: NodeJS.ProcessEnv) => (await StateFolder.open(undefined, env, system)).path
    t.equal(await pathOf({ HOME }), join(HOME, '.local/state/camgate'), 'the one for the machine is not made')
    t.equal(await pathOf({ HOME, XDG_STATE_HOME: join(root, 'xdg') }), join(root, 'xdg/camgate'))
    t.equal(await pathOf({ HOME, XDG_STATE_HOME: 'relative' }), join(HOME, '.local/state/camgate'), 'a relative one does not count')
    mkdirSync(system)
    t.equal(await pathOf({ HOME }), system)
    t.equal((await StateFolder.open(join(root, 'configured/below'), { HOME, STATE_DIRECTORY: join(root, 'systemd') }, system)).path, join(root, 'configured/below'))
    t.equal(await pathOf({ HOME, STATE_DIRECTORY: `${join(root, 'systemd')}:/elsewhere` }), join(root, 'systemd'))
    writeFileSync(join(root, 'file'), '')
    t.equal(await pathOf({ HOME: join(root, 'file'), XDG_STATE_HOME: join(root, 'xdg') }), system)
    for (const made of ['home/.local/state/camgate', 'xdg/camgate', 'systemd']) t.equal(modeOf(join(root, made)), 0o700)
  })
  t.test('is the working folder\'s if nothing else can be used', async t => {
    const root = folderOf(t)
    const before = process.cwd()
    t.teardown(() => process.chdir(before))
    process.chdir(root)
    writeFileSync(join(root, 'file'), '')
    t.equal((await StateFolder.open(undefined, { HOME: join(root, 'file') }, join(root, 'none'))).path, join(process.cwd(), '.camgate'))
    t.equal((await StateFolder.open(undefined, {}, join(root, 'none'))).path, join(process.cwd(), '.camgate'))
  })
  t.test('that cannot be used is named', async t => {
    const root = folderOf(t)
    writeFileSync(join(root, 'file'), '')
    await t.rejects(StateFolder.open(undefined, { STATE_DIRECTORY: join(root, 'file') }), { code: 'STATE', message: `camgate has no folder to keep its state in: ${root}/file is not a folder, or is below a file. Make one of them writable for the user that camgate runs as, or name another with server.stateDir.` })
    await t.rejects(StateFolder.open(undefined, { STATE_DIRECTORY: join(root, 'file/below') }), { code: 'STATE', message: /file\/below is not a folder, or is below a file/ })
    if (process.getuid?.() === 0) return
    chmodSync(root, 0o500)
    await t.rejects(StateFolder.open(undefined, { STATE_DIRECTORY: join(root, 'new') }), { code: 'STATE', message: /may not be used by this user/ })
  })
  t.test('keeps texts that only its user may read, and replaces them at once', async t => {
    const folder = await StateFolder.open(undefined, { STATE_DIRECTORY: folderOf(t) })
    t.equal(await folder.read('a'), undefined)
    await folder.write('a', 'one')
    const before = statSync(join(folder.path, 'a')).ino
    await folder.write('a', 'two')
    t.equal(await folder.read('a'), 'two')
    t.not(statSync(join(folder.path, 'a')).ino, before, 'another file takes its place')
    t.equal(modeOf(join(folder.path, 'a')), 0o600)
    t.same(readdirSync(folder.path), ['a'])
  })
  t.test('keeps the old text if the new one cannot be written', async t => {
    const folder = await StateFolder.open(undefined, { STATE_DIRECTORY: folderOf(t) })
    mkdirSync(join(folder.path, 'a'))
    await t.rejects(folder.write('a', 'new'), { code: 'STATE', message: new RegExp(`^${folder.path}/a `) })
    await t.rejects(folder.read('a'), { code: 'STATE' })
    t.same(readdirSync(folder.path), ['a'], 'and leaves nothing behind')
    await t.rejects(folder.write('none/b', 'new'), { code: 'STATE', message: /none\/b is not there/ })
  })
})
