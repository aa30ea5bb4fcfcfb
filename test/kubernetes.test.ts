import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { parseRegistry } from '../src/config/parse.js'
import { packageRoot } from '../src/package.js'
import { env, read, textsOf } from './dockerfile.js'
import { build } from './http/build.js'
import { routesOf } from './http/routes-of.js'
import { passwordHash } from './passwords.js'

interface Probe { httpGet: { path: string, port: string }, timeoutSeconds: number }
interface Mount { name: string, mountPath: string, subPath?: string, readOnly?: boolean }
interface Container { ports: Array<{ name: string, containerPort: number }>, volumeMounts: Mount[], startupProbe: Probe, livenessProbe: Probe, readinessProbe: Probe, securityContext: object }
interface Volume { name: string, configMap?: { name: string }, secret?: { secretName: string, defaultMode: number }, persistentVolumeClaim?: { claimName: string } }
interface Pod { securityContext: { runAsUser: number, fsGroup: number }, containers: [Container], volumes: Volume[] }

const folder = 'docs/deploy/kubernetes'
const manifest = <T>(file: string) => parse(read(join(folder, file))) as T
const { spec } = manifest<{ spec: { replicas: number, strategy: object, selector: { matchLabels: object }, template: { metadata: { labels: object }, spec: Pod } } }>('deployment.yaml')
const pod = spec.template.spec
const [container] = pod.containers

t.test('Kubernetes\' manifests', async t => {
  t.test('are all listed, and belong to one program', async t => {
    const { resources, images } = manifest<{ resources: string[], images: Array<{ name: string, newTag: string }> }>('kustomization.yaml')
    t.same([...resources, 'kustomization.yaml'].sort(), readdirSync(join(packageRoot, folder)).sort())
    for (const file of resources) t.match(manifest(file), { metadata: { name: 'camgate', labels: { 'app.kubernetes.io/name': 'camgate' } } }, file)
    t.match(images, [{ name: 'camgate', newTag: /^\d+\.\d+\.\d+$/ }])
  })
  t.test('choose the pods that the deployment makes', async t => {
    const { labels } = spec.template.metadata
    t.same(spec.selector.matchLabels, labels)
    t.same(manifest<{ spec: { selector: object } }>('service.yaml').spec.selector, labels)
    t.same(manifest<{ spec: { selector: { matchLabels: object } } }>('pdb.yaml').spec.selector.matchLabels, labels)
    t.same(manifest<{ spec: { podSelector: { matchLabels: object } } }>('networkpolicy.yaml').spec.podSelector.matchLabels, labels)
  })
  t.test('never read a camera twice', async t => {
    t.equal(spec.replicas, 1)
    t.same(spec.strategy, { type: 'Recreate' })
  })
  t.test('ask addresses that camgate answers without a login', async t => {
    const routes = await routesOf(t, async () => (await build(t)).app)
    for (const { httpGet: { path, port } } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      t.match(routes.find(({ method, url }) => method === 'GET' && url === path), { scope: 'public' }, path)
      t.equal(String(container.ports.find(({ name }) => name === port)?.containerPort), env['PORT'])
    }
  })
  t.test('mount folders that exist in the image, or that nobody needs there', async t => {
    t.same(container.volumeMounts.map(({ name }) => name).sort(), pod.volumes.map(({ name }) => name).sort())
    t.same(container.volumeMounts.filter(({ subPath }) => subPath !== undefined), [], 'with subPath, a change of the ConfigMap never arrives')
    t.equal(env['CAMGATE_CONFIG'], join(container.volumeMounts.find(({ name }) => name === 'config')!.mountPath, 'cameras.yaml'))
    t.match(pod.volumes, [{ configMap: { name: 'camgate' } }, { secret: { secretName: 'camgate', defaultMode: 0o440 } }, { persistentVolumeClaim: { claimName: 'camgate' } }, {}])
  })
  t.test('run as the image\'s user, who has no rights of root', async t => {
    const { runAsUser, fsGroup } = pod.securityContext
    t.equal(textsOf('USER').at(-1), `${runAsUser}:${fsGroup}`)
    t.match(pod.securityContext, { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    t.same(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
  })
  t.test('have cameras that camgate takes, with secrets from the Secret\'s folder', async t => {
    const { data } = manifest<{ data: { 'cameras.yaml': string } }>('configmap.yaml')
    const names: string[] = []
    const registry = parseRegistry(data['cameras.yaml'], { file: '/config/cameras.yaml', env: {}, readFile: path => { names.push(path); return passwordHash } })
    t.same(registry.warnings, [])
    t.equal(registry.cameras.length, 2)
    const secrets = container.volumeMounts.find(({ name }) => name === 'secrets')!.mountPath
    t.same(names.map(path => path.startsWith(`${secrets}/`)), [true])
    const { rules } = manifest<{ spec: { rules: Array<{ host: string }> } }>('ingress.yaml').spec
    t.same(registry.server.hosts, rules.map(({ host }) => host), 'camgate answers to the name of the Ingress')
  })
})
