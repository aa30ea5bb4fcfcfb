import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { command, env, read, textsOf } from '../dockerfile.js'

/** What the Dockerfile's commands and the stand-ins are made of. */
const PROGRAMS = ['sh', 'mkdir', 'rm', 'cp', 'install', 'find']

/** What the builder calls to install and to compile. These leave traces instead, because the base, Debian's packages and npm's take minutes. */
const STAND_INS: Readonly<Record<string, string>> = {
  'apt-get': 'for word; do case $word in -*) ;; *) echo installed > "/usr/bin/$word";; esac; done',
  dpkg: 'exit 0',
  'dpkg-deb': 'exit 0',
  npm: 'case $1 in ci) mkdir -p node_modules/fluent-ffmpeg/coverage; echo "$@" > node_modules/words;; run) mkdir dist; cp src/main.ts dist/main.js; echo > dist/main.js.map;; esac',
  node: 'test -e dist/main.js -a -e node_modules/words -a -e cameras.yaml -a -e src/stream/no-picture.jpg && mkdir -p "$XDG_CACHE_HOME/camgate" && echo clip > "$XDG_CACHE_HOME/camgate/clip-1.h264"'
}

/** A folder with this machine's own programs, the stand-ins, and what the image is to be rid of. */
function standInBase (folder: string): string {
  for (const path of ['bin', 'usr/bin', 'usr/local/sbin', 'usr/local/include', 'usr/local/lib/node_modules/npm', 'usr/local/bin', 'etc', 'tmp', 'var/lib/apt/lists', 'proc', 'sys', 'dev']) mkdirSync(join(folder, path), { recursive: true })
  for (const name of PROGRAMS) {
    const program = `/bin/${name}`
    copyFileSync(program, join(folder, program))
    for (const [library] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
      mkdirSync(join(folder, dirname(library)), { recursive: true })
      copyFileSync(library, join(folder, library))
    }
  }
  for (const [name, text] of Object.entries(STAND_INS)) {
    writeFileSync(join(folder, 'usr/local/sbin', name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'usr/local/sbin', name), 0o755)
  }
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nnode:x:1000:\n')
  return folder
}

t.test('buildah builds the Dockerfile', {
  skip: (process.getuid?.() !== 0 || spawnSync('buildah', ['--version']).status !== 0) && 'NOT TESTED: there is no buildah (apt-get install buildah), or this is not root'
}, async t => {
  const storage = t.testdir({ base: {}, root: {}, run: {} })
  const buildah = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('buildah', ['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs', ...words], { cwd: packageRoot, encoding: 'utf8', timeout: 120_000 })
    if (status !== 0) throw new Error(`buildah ${words.join(' ')}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const [, base] = /(node:\S+) AS system/.exec(read('Dockerfile'))!
  const blank = buildah('from', 'scratch')
  buildah('add', '--quiet', blank, standInBase(join(storage, 'base')), '/')
  buildah('config', '--env', `PATH=${env['PATH']}`, blank)
  buildah('commit', '--quiet', blank, `docker.io/library/${base}`)
  buildah('bud', '--isolation', 'chroot', '--pull-never', '--format', 'docker', '--build-arg', 'VERSION=1.2.3', '--build-arg', 'PACKAGES=driver', '--tag', 'camgate', '.')

  t.test('with what the Dockerfile says about it', async t => {
    const { Docker: { config } } = JSON.parse(buildah('inspect', '--type', 'image', 'camgate')) as { Docker: { config: Record<string, unknown> & { Env: string[] } } }
    t.match(config, {
      User: '1000:1000',
      WorkingDir: '/app',
      Entrypoint: command('ENTRYPOINT'),
      Cmd: command('CMD'),
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['CMD', ...command('HEALTHCHECK')] },
      ExposedPorts: { [`${textsOf('EXPOSE').at(-1)}/tcp`]: {} },
      Labels: { 'org.opencontainers.image.version': '1.2.3', 'org.opencontainers.image.licenses': 'MIT' }
    })
    t.same(Object.entries(env).map(pair => pair.join('=')).filter(pair => !config.Env.includes(pair)), [])
  })

  t.test('with what runs, and without what only builds', async t => {
    const root = buildah('mount', buildah('from', '--pull-never', 'camgate')) // of vfs: a folder
    const at = (path: string) => join(root, path)
    t.same(readdirSync(at('app')).sort(), ['clips', 'dist', 'node_modules', 'package.json', 'src'])
    t.same(readdirSync(at('app/dist')), ['main.js'])
    t.same(readdirSync(at('app/clips')), ['clip-1.h264'])
    t.match(readFileSync(at('app/node_modules/words'), 'utf8'), /^ci --omit=dev --ignore-scripts .*--os=linux --libc=glibc --cpu=(x64|arm64)$/m)
    for (const name of ['ffmpeg', 'tini', 'driver']) t.ok(existsSync(at(`usr/bin/${name}`)), name)
    for (const path of ['app/node_modules/fluent-ffmpeg/coverage', 'usr/local/lib/node_modules', 'usr/local/include', 'tmp/no-mesa']) t.notOk(existsSync(at(path)), path)
    t.match(statSync(at('config/cameras.yaml')), { uid: 1000, gid: 1000 })
    t.match([statSync(at('config')), statSync(at('var/lib/camgate'))].map(({ uid, mode }) => [uid, mode & 0o777]), [[1000, 0o755], [1000, 0o700]])
  })
})
