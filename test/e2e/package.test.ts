import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { packageRoot, version } from '../../src/package.js'
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { isCompiled } from '../../src/setup/compile.mjs'
import { secret } from './credentials.js'
import { until } from './until.js'

const MAX_PACKED_BYTES = 800_000
const MAX_FILES = 900

interface Packed { filename: string, size: number, files: Array<{ path: string }> }
const folder = t.testdir({})
// If the stamp is missing, as after a bare tsc, packing would compile anew under the tests that run beside this one.
const words = ['pack', '--json', '--pack-destination', folder, ...isCompiled() ? [] : ['--ignore-scripts']]
const [packed] = JSON.parse(execFileSync('npm', words, { cwd: packageRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [Packed]

t.test('the package holds what runs, and nothing else', async t => {
  const paths = packed.files.map(({ path }) => path)
  t.same(paths.filter(path => !/^(dist\/[\w/.-]+\.js|src\/dashboard\/[\w/.-]+|src\/stream\/no-picture\.jpg|docs\/cameras\.schema\.json|(cameras\.yaml|package\.json|README\.md|LICENSE))$/.test(path)), [])
  for (const path of ['dist/main.js', 'dist/view/view.js', 'dist/dashboard/main.js', 'src/dashboard/index.html']) t.ok(paths.includes(path), path)
  t.ok(packed.size < MAX_PACKED_BYTES && paths.length < MAX_FILES, `${packed.size} bytes, ${paths.length} files`)
  t.comment(`${packed.filename}: ${packed.size} bytes, ${paths.length} files`)
  const { scripts, private: closed } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string>, private: boolean }
  t.match(scripts['prepack'], /prepack\.mjs$/)
  t.equal(closed, true, 'only its owner publishes it')
})

t.test('installed without the packages of developers, it', async t => {
  const home = join(folder, 'node_modules/camgate')
  mkdirSync(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', home, '--strip-components', '1'])
  linkDependencies(home)
  const program = join(folder, 'node_modules/.bin/camgate')
  mkdirSync(dirname(program))
  symlinkSync('../camgate/dist/main.js', program) // as npm does for `bin`
  chmodSync(join(home, 'dist/main.js'), 0o755)
  const env = { ...process.env, NODE_OPTIONS: '', HOST: '', PORT: '0', CAMGATE_AUTH: '', CAMGATE_CONFIG: '', LOG_LEVEL: 'info', STATE_DIRECTORY: join(folder, 'state'), XDG_CACHE_HOME: dirname(defaultCacheDir()) }
  const camgate = (...args: string[]) => spawnSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: 30_000 })

  t.test('is what npx finds', async t => {
    t.match(spawnSync('npx', ['--no', 'camgate', 'version'], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 }), { status: 0, stdout: new RegExp(`\\b${version.replaceAll('.', '\\.')}\\b`) })
  })

  t.test('writes, checks, probes and completes', async t => {
    t.match(camgate('serve'), { status: 78, stderr: /There is no file .*cameras\.yaml.*camgate init/ })
    t.match(camgate('init', '--camera', `rtsp://admin:${secret('in1t')}@127.0.0.1:1/live`), { status: 0 })
    t.match(camgate('check'), { status: 0, stderr: '' })
    t.match(camgate('check', 'node_modules/camgate/cameras.yaml'), { status: 0, stderr: '' })
    t.match(camgate('probe', 'rtsp://127.0.0.1:1/live'), { status: 69, stdout: /answers/ })
    const { stdout } = camgate('completion', 'bash')
    t.ok(stdout.includes(join(home, 'dist/main.js')))
  })

  t.test('shows its example\'s cameras on its page', async t => {
    const service = spawn(program, ['serve', join(home, 'cameras.yaml')], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => service.kill('SIGKILL'))
    let url = ''
    createInterface(service.stdout).on('line', line => { url ||= /open (http:\S+)"/.exec(line)?.[1] ?? '' })
    await until('it listens', () => url !== '', 60_000)
    for (const [path, type] of [['', 'text/html'], ['view.js', 'javascript'], ['main.js', 'javascript'], ['docs', 'text/html'], ['favicon.svg', 'image/svg']] as const) {
      const answer = await fetch(new URL(path, url))
      t.match([answer.status, answer.headers.get('content-type')], [200, new RegExp(type)], path)
      await answer.arrayBuffer()
    }
    await until('a camera shows a picture', async () => (await fetch(new URL('camera/1/snapshot', url))).status === 200, 30_000, 100)
    service.kill('SIGTERM')
    t.same(await once(service, 'exit'), [0, null])
  })
})

/** Links what npm would install for `camgate` from the clone, so that nothing is downloaded. What only developers need stays out of its sight. */
function linkDependencies (home: string) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Record<'dependencies' | 'optionalDependencies', object>
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const to = join(folder, 'node_modules', name)
    if (!existsSync(join(packageRoot, 'node_modules', name))) continue // an optional one
    mkdirSync(dirname(to), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules', name), to)
  }
}
