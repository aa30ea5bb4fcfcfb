import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { WatchedFiles } from '../../src/watch/watched-files.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'

const POLL_MS = 2_000

async function follow (t: Test, paths: string[]) {
  const clock = new FakeClock()
  const watched = new Map<string, (name?: string) => void>()
  const ended: string[] = []
  let looks = 0
  let soon: number | undefined
  const files = new WatchedFiles({
    clock,
    async look () {
      looks++
      return soon
    },
    pollIntervalMs: POLL_MS,
    watch (folder, changed) {
      watched.set(folder, changed)
      return () => { ended.push(folder) }
    }
  })
  t.teardown(() => files.close())
  await files.follow(paths)
  /** Moves time on, and waits until the look, if there was one, is over. */
  const pass = async (ms: number) => {
    clock.advance(ms)
    await until('no look is in progress', () => clock.pending === 1)
    return looks - first
  }
  let first = 0
  first = await pass(200)
  t.equal(first, 1, 'they may have changed since they were read')
  return { files, clock, watched, ended, pass, lookAgainIn (ms: number | undefined) { soon = ms } }
}

t.test('files that are watched', async t => {
  t.test('are looked at every few seconds, and after the last of several changes', async t => {
    const folder = t.testdir({ 'cameras.yaml': '', log: '' })
    const { watched, pass } = await follow(t, [join(folder, 'cameras.yaml')])
    t.equal(await pass(POLL_MS - 1), 0)
    t.equal(await pass(1), 1)
    for (let i = 0; i < 3; i++) {
      watched.get(folder)!('cameras.yaml')
      t.equal(await pass(199), 1)
    }
    t.equal(await pass(1), 2)
    t.equal(await pass(POLL_MS - 1), 2)
    t.equal(await pass(1), 3)
  })

  t.test('are not looked at for another file of the folder', async t => {
    const folder = t.testdir({ 'cameras.yaml': '', log: '' })
    const { watched, pass } = await follow(t, [join(folder, 'cameras.yaml')])
    watched.get(folder)!('log')
    t.equal(await pass(POLL_MS - 1), 0)
    watched.get(folder)!() // a system that gives no names
    t.equal(await pass(200), 1)
  })

  t.test('are looked at once a second if they never rest', async t => {
    const folder = t.testdir({ 'cameras.yaml': '' })
    const { watched, pass } = await follow(t, [join(folder, 'cameras.yaml')])
    let looks = 0
    for (let i = 0; i < 30; i++) {
      watched.get(folder)!('cameras.yaml')
      looks = await pass(100)
    }
    t.ok(looks >= 2 && looks <= 3, `${looks} looks in three seconds`)
  })

  t.test('are looked at again as soon as the look asks for it', async t => {
    const folder = t.testdir({ 'cameras.yaml': '' })
    const { pass, lookAgainIn } = await follow(t, [join(folder, 'cameras.yaml')])
    lookAgainIn(50)
    t.equal(await pass(POLL_MS), 1)
    lookAgainIn(undefined)
    t.equal(await pass(50), 2)
    t.equal(await pass(50), 2)
  })

  t.test('are watched wherever a link on their way may be replaced', async t => {
    const folder = t.testdir({ '..1': { 'cameras.yaml': '' }, '..2': { 'cameras.yaml': '' } })
    symlinkSync('..1', join(folder, '..data'))
    symlinkSync('..data/cameras.yaml', join(folder, 'cameras.yaml'))
    const { watched, ended, pass } = await follow(t, [join(folder, 'cameras.yaml')])
    t.ok(watched.has(folder) && watched.has(join(folder, '..1')))
    watched.get(folder)!('..data')
    t.equal(await pass(200), 1, 'a link in front of the file counts')
    symlinkSync('..2', join(folder, '..next'))
    renameSync(join(folder, '..next'), join(folder, '..data'))
    watched.get(folder)!('..data')
    await pass(200)
    t.ok(watched.has(join(folder, '..2')), 'where it leads now')
    t.same(ended, [join(folder, '..1')], 'and where it led before no longer')
  })

  t.test('are watched in a folder that has taken the place of another', async t => {
    const folder = join(t.testdir({ etc: { 'cameras.yaml': '' } }), 'etc')
    const { watched, ended, pass } = await follow(t, [join(folder, 'cameras.yaml')])
    const old = watched.get(folder)
    renameSync(folder, `${folder}.old`)
    mkdirSync(folder)
    await pass(POLL_MS)
    t.not(watched.get(folder), old)
    t.same(ended, [folder])
  })

  t.test('that link to themselves are followed to no end', async t => {
    const folder = t.testdir()
    symlinkSync('loop', join(folder, 'loop'))
    const { watched } = await follow(t, [join(folder, 'loop')])
    t.ok(watched.has(folder))
  })

  t.test('are left alone once closed', async t => {
    const folder = t.testdir({ 'cameras.yaml': '' })
    const { files, clock, watched, ended } = await follow(t, [join(folder, 'cameras.yaml')])
    files.close()
    watched.get(folder)!()
    t.equal(clock.pending, 0)
    t.same(ended, [folder])
  })

  t.test('are watched for real', async t => {
    const folder = t.testdir({ 'cameras.yaml': 'one' })
    const file = join(folder, 'cameras.yaml')
    const clock = new FakeClock()
    let looks = 0
    const files = new WatchedFiles({
      clock,
      async look () {
        looks++
        return undefined
      },
      pollIntervalMs: 1e9
    })
    t.teardown(() => files.close())
    await files.follow([file])
    const isSeen = async (change: () => void) => {
      const before = looks
      change()
      await until('the change is seen', () => {
        clock.advance(20)
        return looks > before
      })
    }
    await isSeen(() => writeFileSync(file, 'two'))
    await isSeen(() => {
      writeFileSync(`${file}~`, 'three')
      renameSync(`${file}~`, file)
    })
    await isSeen(() => rmSync(file))
    await isSeen(() => writeFileSync(file, 'four'))
  })
})
