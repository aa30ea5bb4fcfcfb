import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'

const folder = join(packageRoot, 'src/dashboard')

t.test('no module of the page asks for its own address, which is another in the bundle', async t => {
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
  t.ok(modules.length > 20)
  t.same(modules.filter(file => readFileSync(join(folder, file), 'utf8').includes('import.meta')), [])
})
