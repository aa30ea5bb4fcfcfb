import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { packageRoot } from '../../src/package.js'
import { command, env, read } from '../dockerfile.js'
import { basicAuth, passwordHash } from '../passwords.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'
import { until } from './until.js'

const folder = 'docs/deploy/kubernetes'
const validator = join(defaultCacheDir(), 'kubernetes-validate/bin/kubernetes-validate')

t.test('Kubernetes takes the manifests', { skip: existsSync(validator) ? false : `NOT TESTED: there is no ${validator}. Run node test/setup.mjs, which prints what it lacks.` }, async t => {
  const files = readdirSync(join(packageRoot, folder)).filter(file => file !== 'kustomization.yaml').map(file => join(packageRoot, folder, file))
  execFileSync(validator, ['--strict', ...files], { stdio: ['ignore', 'ignore', 'inherit'] })
  const wrong = join(t.testdir({ 'deployment.yaml': read(join(folder, 'deployment.yaml')).replace('periodSeconds', 'periodseconds') }), 'deployment.yaml')
  t.throws(() => execFileSync(validator, ['--strict', wrong], { stdio: 'ignore' }), /Command failed/, 'and would not take a word that it does not know')
})

/**
 * Runs a command as a container of the manifests would, as far as that works without one: as its user, without rights, the whole file system read-only but for
 * the volumes. $1 is an empty folder, $2 what becomes /app. Then come volumes, where they are mounted and ro or rw, up to `--`.
 */
const CONTAINER = `set -e
unset NODE_OPTIONS # in which tap names a file that is not there if the clone is in /tmp
mount --make-rprivate /
root=$1/root; mount -t tmpfs tmpfs "$1"; mkdir "$1/upper" "$1/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$root"
mount --rbind /proc "$root/proc"; mount --rbind /dev "$root/dev"
mkdir -p "$root/app"; mount --bind "$2" "$root/app"; mount -o remount,ro,bind "$root/app"; shift 2
while [ "$1" != -- ]; do mkdir -p "$root$2"; mount --bind "$1" "$root$2"; mount -o "remount,$3,bind" "$root$2"; shift 3; done; shift
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all sh -c 'cd /app; exec "$@"' sh "$@"`

/** Prints the status of an answer, or 0. */
const ASK = `const [method, url] = process.argv.slice(1)
const headers = { authorization: ${JSON.stringify(basicAuth('anna', 'correct horse'))} }
console.log(await fetch(url, { method, headers }).then(({ status }) => status, () => 0))`

interface Pod { containers: [{ volumeMounts: Array<{ name: string, mountPath: string, readOnly?: boolean }>, readinessProbe: { httpGet: { path: string } } }] }

t.test('camgate runs as the manifests say, and writes only to their volumes', { skip: noNamespaces }, async t => {
  const { spec: { template: { spec } } } = parse(read(join(folder, 'deployment.yaml'))) as { spec: { template: { spec: Pod } } }
  const [{ volumeMounts, readinessProbe }] = spec.containers
  const { data } = parse(read(join(folder, 'configmap.yaml'))) as { data: Record<string, string> }
  const home = t.testdir({ root: {}, config: data, secrets: { anna: passwordHash }, state: {}, tmp: {} })
  for (const name of ['state', 'tmp']) chownSync(join(home, name), 1000, 1000)
  const volumes = volumeMounts.flatMap(({ name, mountPath, readOnly }) => [join(home, name), mountPath, readOnly ? 'ro' : 'rw'])
  const network = new NetworkNamespace(t)
  const [enter, ...words] = network.enter
  const service = spawn(enter, [...words, 'unshare', '--mount', 'sh', '-c', CONTAINER, 'sh', join(home, 'root'), packageRoot, ...volumes, '--', process.execPath, ...command('CMD').slice(1)], {
    env: { ...env, PATH: `${env['PATH']}:${process.env['PATH']}`, HOME: '/home/node' }, stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => service.kill('SIGKILL'))
  const log: Array<{ level: number, msg: string }> = []
  createInterface(service.stdout).on('line', line => { log.push(JSON.parse(line)) })
  const url = (path: string) => `http://127.0.0.1:${env['PORT']}${path}`
  const ask = async (method: string, path: string) => {
    const { stdout } = await promisify(execFile)(enter, [...words, process.execPath, '--input-type=module', '-e', ASK, method, url(path)], { env: { ...process.env, NODE_OPTIONS: '' } })
    return Number(stdout)
  }
  await until('it says that it shows cameras', () => service.exitCode !== null || log.some(({ msg }) => msg.includes('camgate shows 2 cameras')), 60_000)
  t.equal(await ask('GET', readinessProbe.httpGet.path), 200)
  for (const camera of ['entrance', 'yard']) await until(`${camera} shows a picture`, async () => await ask('GET', `/camera/${camera}/snapshot`) === 200, 30_000)
  t.equal(await ask('POST', '/stop/yard'), 200)
  t.ok(readdirSync(join(home, 'state')).length > 0, 'what it remembers is in the claim')
  t.ok(readdirSync(join(home, 'tmp'), { recursive: true }).some(file => String(file).endsWith('.mjpeg')), 'and clips are in the emptyDir')
  service.kill('SIGTERM')
  t.same(await once(service, 'exit'), [0, null])
  t.same(log.filter(({ level }) => level > 30), [], 'and nothing was forbidden to it')
})
