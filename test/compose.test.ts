import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { withEnvironment } from '../src/config/environment.js'
import { packageRoot } from '../src/package.js'
import { parse as parseCameras } from './config/fixtures/read.js'
import { env, isIgnored, read, system, textsOf } from './dockerfile.js'

interface Compose {
  volumes: Record<string, unknown>
  services: Record<string, { image: string, volumes: string[], tmpfs?: string[], read_only?: boolean, cap_drop?: string[], security_opt?: string[], ports: string[], environment: Record<string, string>, sysctls: Record<string, number>, secrets?: string[], devices?: string[], group_add?: string[], depends_on?: Record<string, { condition: string }> }>
  secrets?: Record<string, { file: string }>
}

t.test('compose.yaml of the example for Django', async t => {
  const folder = 'docs/examples/django'
  const text = read(`${folder}/compose.yaml`)
  const { services, volumes } = parse(text) as Compose
  const [camgate, django] = [services['camgate']!, services['django']!]

  t.test('mounts files that are there, and volumes that are declared', async t => {
    for (const { volumes: mounts } of [camgate, django]) {
      for (const [source, target] of mounts.map(mount => mount.split(':'))) t.ok(source!.startsWith('./') ? existsSync(join(packageRoot, folder, source!)) : source! in volumes, target!)
    }
    t.ok(camgate.volumes.some(mount => mount.endsWith(`:${/^const SYSTEM_FOLDER = '(.*)'$/m.exec(read('src/state-folder.ts'))?.[1]}`)))
  })
  t.test('needs no variable that keys.sh does not make, and gives both all that they ask for', async t => {
    const copy = t.testdir({ 'keys.sh': read(`${folder}/keys.sh`) })
    const keys = () => {
      t.equal(spawnSync('sh', ['keys.sh'], { cwd: copy }).status, 0)
      return readFileSync(join(copy, '.env'), 'utf8')
    }
    const written = keys()
    t.equal(keys(), written, 'those that are there are kept')
    t.equal(statSync(join(copy, '.env')).mode & 0o777, 0o600)
    const made = [...written.matchAll(/^(\w+)=[0-9a-f]{64}$/gm)].map(([, name]) => name)
    t.same([...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))].sort(), made.sort())
    const asked = [...read(`${folder}/house/settings.py`).matchAll(/os\.environ\["(\w+)"\]/g)].map(([, name]) => name!)
    t.same(asked.filter(name => !(name in django.environment)), [])
    t.same([...read(`${folder}/cameras.yaml`).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!).filter(name => !(name in camgate.environment)), [])
  })
  t.test('adds one name by https, for services that it has', async t => {
    const { services: added, volumes: more } = parse(read(`${folder}/compose.https.yaml`)) as Compose
    t.same(Object.keys(added).filter(name => name !== 'caddy'), Object.keys(services))
    for (const [source, target] of added['caddy']!.volumes.map(mount => mount.split(':'))) t.ok(source!.startsWith('./') ? existsSync(join(packageRoot, folder, source!)) : source! in more, target!)
    const asked = [...read(`${folder}/Caddyfile`).matchAll(/\{\$(\w+)(?::(\S+))?\}/g)].map(([, name, value]) => [name, value])
    t.same(asked, [['SITE', undefined], ['CAMGATE', new URL(django.environment['CAMGATE_URL']!).host], ['DJANGO', `django:${django.ports[0]!.split(':').at(-1)}`]])
    t.same(Object.keys(added['caddy']!.environment), ['SITE'])
  })
  t.test('publishes both for this machine only, where browsers and camgate expect them', async t => {
    t.equal(camgate.ports[0], `127.0.0.1:${new URL(django.environment['CAMGATE_PUBLIC_URL']!).port}:${env['PORT']}`)
    const port = django.ports[0]!.split(':')[1]
    t.equal(camgate.environment['CAMGATE_ORIGINS'], `http://localhost:${port},http://127.0.0.1:${port}`)
    t.equal(new URL(django.environment['CAMGATE_URL']!).host, `camgate:${env['PORT']}`)
  })
})

t.test('the compose files of examples mount cameras.yaml, or its folder, where the image reads it', t => {
  for (const file of ['docs/examples/django/compose.yaml', 'docs/monitoring/compose.yaml']) {
    t.ok((parse(read(file)) as Compose).services['camgate']!.volumes.some(mount => mount.endsWith(`cameras.yaml:${env['CAMGATE_CONFIG']}:ro`) || mount.endsWith(`:${dirname(env['CAMGATE_CONFIG']!)}`)), file)
  }
  t.end()
})

t.test('compose.yaml', async t => {
  const text = read('compose.yaml')
  const { services } = parse(text) as Compose
  const camgate = services['camgate']!

  const { volumes } = parse(text) as Compose
  const mounts = camgate.volumes.map(volume => /^(.+):(\/[^:]+)(?::(.*))?$/.exec(volume)!.slice(1))

  t.test('mounts the folder of the cameras, so that changes arrive and the page can make some', async t => {
    const [source, target, mode] = mounts[0]!
    t.equal(target, dirname(env['CAMGATE_CONFIG']!))
    t.equal(mode, undefined)
    const [, preset] = /^\$\{CAMGATE_FOLDER:-(\w+)\}$/.exec(source!)!
    t.ok(preset! in volumes, 'a name that is not declared would be refused')
    t.ok(textsOf('RUN', system).some(command => command.includes(`install -d -o node -g node ${target}`)), 'a new volume gets its files and their owner from the image')
  })
  t.test('keeps the state folder in a volume of its own, which camgate\'s user may write to', async t => {
    const [name, target, mode] = mounts[1]!
    t.ok(name! in volumes)
    t.equal(target, /^const SYSTEM_FOLDER = '(.*)'$/m.exec(read('src/state-folder.ts'))?.[1])
    t.ok(textsOf('RUN', system).some(command => command.includes(`install -d -o node -g node -m 700 ${target}`)), 'a new volume gets owner and mode from the image')
    t.equal(mode, undefined)
  })
  t.test('lets camgate write nowhere else, and gives it no right of root\'s', async t => {
    t.match(camgate, { read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  })
  t.test('runs an image that was built elsewhere', async t => {
    t.equal(camgate.image, '${CAMGATE_IMAGE:-camgate}') // eslint-disable-line no-template-curly-in-string -- as in compose.yaml
  })
  t.test('keeps a slow viewer\'s backlog small', async t => {
    t.equal(camgate.sysctls['net.ipv4.tcp_notsent_lowat'], 16_384)
    t.notOk('network_mode' in camgate, 'Docker refuses sysctls with the host\'s network')
  })
  t.test('opens camgate\'s port to this machine only', async t => {
    t.same(camgate.ports.map(String), [`127.0.0.1:5000:${env['PORT']}`])
    t.equal(textsOf('EXPOSE').at(-1), env['PORT'])
    t.equal(env['HOST'], '0.0.0.0')
  })
  t.test('asks for no password, in words, and names the pages of Django', async t => {
    const [address, port] = services['django']!.ports[0]!.split(':')
    t.same(camgate.environment, { CAMGATE_AUTH: 'none', CAMGATE_ORIGINS: `http://localhost:${port},http://${address}:${port}` })
    t.same(withEnvironment(parseCameras(read('cameras.yaml')).server, camgate.environment).origins, camgate.environment['CAMGATE_ORIGINS']!.split(','), 'spelled as browsers spell them')
  })
  t.test('lets other services wait until the image is healthy', async t => {
    for (const [name, { condition }] of Object.values(services).flatMap(({ depends_on: on = {} }) => Object.entries(on))) {
      t.ok(services[name])
      t.equal(condition, 'service_healthy')
    }
  })
  t.test('has a secret and a device that work once their lines are uncommented', async t => {
    const { services, secrets } = parse(text.replace(/^( *)# (?=secrets:|devices:|group_add:| {2})/gm, '$1')) as Compose
    const [name] = services['camgate']!.secrets!
    t.same(Object.keys(secrets!), [name])
    t.match(services['camgate'], { devices: ['/dev/video0'], group_add: [/^\d+$/] })
    t.match(text, `\${file:/run/secrets/${name}}`)
    t.ok(isIgnored(secrets![name!]!.file.replace('./', '')))
  })
})
