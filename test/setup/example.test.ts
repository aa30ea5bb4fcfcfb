import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadRegistry } from '../../src/config/load.js'
import { parseRegistry } from '../../src/config/parse.js'
import { packageRoot } from '../../src/package.js'
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { whyPrivate } from '../../src/setup/example.mjs'

const parsed = (yaml: string) => parseRegistry(yaml, { file: 'cameras.yaml', env: {}, readFile: () => '' })
const simulated = 'cameras: { 1: { source: { type: simulated } } }'

t.test('what everybody may read', async t => {
  t.equal(whyPrivate(loadRegistry(join(packageRoot, 'cameras.yaml'), {})), undefined, 'the example of the clone')
  t.equal(whyPrivate(parsed(simulated)), undefined)
  t.match(whyPrivate(parsed('cameras: { gate: rtsp://admin:pass@192.168.1.20/live, 1: { source: { type: simulated } } }')), /\(gate\)/)
  t.match(whyPrivate(parsed(`server: { auth: { jwt: { secret: ${'a'.repeat(32)} } } }\n${simulated}`)), /server\.auth/)
  t.match(whyPrivate(parsed(`notify: [{ url: https://hooks.example.org/camgate }]\n${simulated}`)), /notify/)
})

t.test('the image of the Django example holds neither keys nor cameras', async t => {
  const ignored = readFileSync(join(packageRoot, 'docs/examples/django/.dockerignore'), 'utf8').split('\n')
  for (const name of ['.env', 'cameras.yaml', 'db.sqlite3']) t.ok(ignored.includes(name), name)
})

t.test('git does not see what the docs tell people to write into their clone', async t => {
  const ignored = readFileSync(join(packageRoot, '.gitignore'), 'utf8').split('\n')
  const docs = ['docs/deploy/docker.md', 'docs/guide/passwords.md', 'docs/guide/running.md', 'README.md'].map(file => readFileSync(join(packageRoot, file), 'utf8')).join('')
  for (const [line, words] of [['.env', '>> .env'], ['/secrets/', './secrets/'], ['/config/', 'mkdir config'], ['.camgate/', '`.camgate`'], ['cameras.yaml.old', '`cameras.yaml.old`']] as const) {
    t.ok(ignored.includes(line), line)
    t.ok(docs.includes(words), `the docs still say ${words}`)
  }
})
