import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
// @ts-ignore: plain JavaScript, because it runs before there is TypeScript
import { transpile } from './transpile.mjs'

const register = join(packageRoot, 'test/loader/register.mjs')
const run = (file: string) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--enable-source-maps', `--import=${register}`, file], { encoding: 'utf8' })
  return stdout + stderr
}

t.test('TypeScript that Node runs', async t => {
  t.test('is never older than its file', async t => {
    const folder = t.testdir({
      'main.ts': "import { value } from './imported.js'\nconst text: string = value\nconsole.log(text)\n",
      'imported.ts': "export const value = 'first'\n"
    })
    t.equal(run(join(folder, 'main.ts')), 'first\n')
    writeFileSync(join(folder, 'imported.ts'), "export const value = 'later'\n")
    t.equal(run(join(folder, 'main.ts')), 'later\n')
  })

  t.test('reports errors at its own lines', async t => {
    const folder = t.testdir({ 'main.ts': "interface Gone {\n  a: string\n}\nconst gone: Gone = { a: 'x' }\nthrow new Error(gone.a)\n" })
    t.match(run(join(folder, 'main.ts')), /main\.ts:5:7/)
  })

  t.test('is the same from the cache', async t => {
    const url = pathToFileURL(join(t.testdir({ 'a.ts': 'export const a: number = 1\n' }), 'a.ts'))
    const first = await transpile(url)
    t.match(first, /^export const a = 1;\n/)
    t.equal(await transpile(url), first)
  })
})
