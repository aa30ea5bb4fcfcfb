import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { StoppedCamerasFile } from '../../src/camera/stopped-cameras.js'
import { StateFolder } from '../../src/state-folder.js'

async function folderOf (t: Test) {
  const path = mkdtempSync(join(tmpdir(), 'camgate-stopped-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return await StateFolder.open(path)
}

/** What camgate remembers when it starts with this folder. */
async function opened (folder: StateFolder, config = '/etc/camgate/cameras.yaml', known = ['1', 'gate', 'yard']) {
  const lines: string[] = []
  const log = { warn: (line: string) => { lines.push(line) }, error: (line: string) => { lines.push(line) } }
  const stopped = await StoppedCamerasFile.open(folder, { config, known, log: log as never })
  return { stopped, lines, stoppedOnes: () => known.filter(id => stopped.has(id)) }
}

t.test('which cameras are stopped', async t => {
  t.test('is remembered for each configuration', async t => {
    const folder = await folderOf(t)
    const { stopped, stoppedOnes } = await opened(folder)
    t.same(stoppedOnes(), [])
    await stopped.note('1', true)
    await stopped.note('yard', true)
    await stopped.note('1', false)
    t.same(stoppedOnes(), ['yard'])
    t.same((await opened(folder)).stoppedOnes(), ['yard'])
    t.same((await opened(folder, '/home/anna/cameras.yaml')).stoppedOnes(), [])
    t.same((await opened(folder, undefined, ['1'])).stoppedOnes(), [])
  })
  t.test('is on the disk once a note resolves, however many come at the same time', async t => {
    const folder = await folderOf(t)
    const { stopped } = await opened(folder)
    const notes = Array.from({ length: 21 }, (_, i) => stopped.note(['1', 'gate', 'yard'][i % 3]!, i % 2 === 0))
    await notes[20]
    const last = ['1', 'yard'] // the notes 18, 19 and 20
    t.same((await opened(folder)).stoppedOnes(), last)
    await Promise.all(notes)
    t.same((await opened(folder)).stoppedOnes(), last)
    const again = [stopped.note('gate', true), stopped.note('gate', true)]
    await again[1]
    t.same((await opened(folder)).stoppedOnes(), ['1', 'gate', 'yard'], 'also for a note that changes nothing')
    t.equal(readdirSync(folder.path).length, 1, 'nothing unfinished is left')
  })
  t.test('is forgotten, with a warning, if its file is damaged; the file is kept', async t => {
    for (const damage of ['', '{"stopped":["1"', '{"stopped":[1]}', '[]', 'null', '{"stopped":"1"}']) {
      const folder = await folderOf(t)
      await (await opened(folder)).stopped.note('1', true)
      const [name = ''] = readdirSync(folder.path)
      writeFileSync(join(folder.path, name), damage)
      const { stopped, lines, stoppedOnes } = await opened(folder)
      t.same(stoppedOnes(), [])
      t.match(lines, [`${join(folder.path, name)}.damaged is damaged, and was set aside`])
      t.equal(readFileSync(join(folder.path, `${name}.damaged`), 'utf8'), damage)
      await stopped.note('gate', true)
      t.same((await opened(folder)).stoppedOnes(), ['gate'])
    }
  })
  t.test('holds for this process although the disk fails, which is said once', async t => {
    const folder = await folderOf(t)
    const { stopped, lines, stoppedOnes } = await opened(folder)
    await rm(folder.path, { recursive: true })
    writeFileSync(folder.path, '') // also root cannot write below a file
    await stopped.note('1', true)
    await stopped.note('gate', true)
    t.same(stoppedOnes(), ['1', 'gate'])
    t.equal(lines.length, 1)
    t.match(lines[0], /^Which cameras are stopped cannot be remembered: .* is not a folder, or is below a file\. They start again when camgate does\.$/)
  })
})
