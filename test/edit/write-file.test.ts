import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeConfiguration } from '../../src/edit/write-file.js'

const failing = (code: string) => async () => { throw Object.assign(new Error(code), { code }) }

t.test('writing a configuration file', async t => {
  t.test('replaces it at once, with its mode', async t => {
    const folder = t.testdir({ 'cameras.yaml': 'old' })
    const file = join(folder, 'cameras.yaml')
    chmodSync(file, 0o640)
    const { ino } = statSync(file)
    await writeConfiguration(file, 'new')
    t.equal(readFileSync(file, 'utf8'), 'new')
    t.not(statSync(file).ino, ino)
    t.equal(statSync(file).mode & 0o777, 0o640)
    t.same(readdirSync(folder), ['cameras.yaml'], 'nothing is left beside it')
  })
  t.test('replaces the target of a symbolic link', async t => {
    const folder = t.testdir({ real: { 'cameras.yaml': 'old' } })
    symlinkSync('real/cameras.yaml', join(folder, 'cameras.yaml'))
    await writeConfiguration(join(folder, 'cameras.yaml'), 'new')
    t.ok(lstatSync(join(folder, 'cameras.yaml')).isSymbolicLink())
    t.equal(readFileSync(join(folder, 'real/cameras.yaml'), 'utf8'), 'new')
  })
  t.test('writes in place where no other file can take its place', async t => {
    for (const code of ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS']) {
      const file = join(t.testdir({ 'cameras.yaml': 'much longer than the new one' }), 'cameras.yaml')
      const { ino } = statSync(file)
      await writeConfiguration(file, 'new', failing(code))
      t.equal(readFileSync(file, 'utf8'), 'new', code)
      t.equal(statSync(file).ino, ino)
    }
  })
  t.test('writes in place if the file has other names', async t => {
    const folder = t.testdir({ 'cameras.yaml': 'old' })
    linkSync(join(folder, 'cameras.yaml'), join(folder, 'other.yaml'))
    await writeConfiguration(join(folder, 'cameras.yaml'), 'new')
    t.equal(readFileSync(join(folder, 'other.yaml'), 'utf8'), 'new')
  })
  t.test('says why it cannot, and what to do', async t => {
    const file = join(t.testdir({ 'cameras.yaml': 'old' }), 'cameras.yaml')
    await t.rejects(writeConfiguration(file, 'new', failing('ENOSPC')), { code: 'NOT_WRITABLE', message: `camgate cannot change ${file}: the disk is full.` })
    await t.rejects(writeConfiguration(`${file}.not`, 'new'), { code: 'NOT_WRITABLE', message: /it is not there/ })
    t.equal(readFileSync(file, 'utf8'), 'old')
  })
  t.test('leaves a file alone that its user may not write', { skip: process.getuid?.() === 0 && 'root may write everything' }, async t => {
    const file = join(t.testdir({ 'cameras.yaml': 'old' }), 'cameras.yaml')
    chmodSync(file, 0o400)
    await t.rejects(writeConfiguration(file, 'new'), { code: 'NOT_WRITABLE', message: /chown or chmod/ })
  })
})
