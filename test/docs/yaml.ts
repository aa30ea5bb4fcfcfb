import { parseAllDocuments } from 'yaml'
import { editorSchema } from '../../src/config/editor-schema.js'
import { parseRegistry } from '../../src/config/parse.js'
import { messageOf } from '../../src/errors.js'
import { importCameras } from '../../src/importers/import.js'
import type { Block } from './blocks.js'

const schema = editorSchema() as unknown as { properties: object, $defs?: object }
/** Keys at the top of cameras.yaml. */
const TOP = Object.keys(schema.properties)
const CAMERA = new Set([...JSON.stringify(schema).matchAll(/"(source|substream|username|password|name|onvif|rotate|overlay|crop)":/g)].map(([, key]) => key!))
/** Of other programs that `camgate import` reads. */
const IMPORTED = ['streams', 'paths', 'mqtt']
/** Of a password that nobody has. */
const HASH = '$scrypt$ln=15,r=8,p=3$bm90IGEgcmVhbCBzYWx0$bm90IGEgcmVhbCBoYXNoIG9mIGFueXRoaW5n'
const ADDRESS = 'rtsp://192.0.2.1/stream1'

const keysAtTop = (text: string) => [...text.matchAll(/^(?:"([^"]+)"|([^\s#:-][^:]*)):(?:\s|$)/gm)].map(([, quoted, plain]) => quoted ?? plain!)

/** What a value from the environment or a file is: a secret as `openssl rand` makes them, and an address or a hash where the name asks for one. */
function valueOf (name: string): string {
  if (/LINK$/.test(name)) return 'http://camgate.local:5000/camera/2?exp=1&kid=k1&sub=anna&sig=x'
  return name === 'BOB' ? HASH : 'whsec_Zm9yIHRlc3RzIG9ubHksIGFuZCBsb25nIGVub3VnaCE'
}

const env = new Proxy<Record<string, string>>({}, { get: (_, name) => typeof name === 'string' ? valueOf(name) : undefined, has: () => true })

/** A whole cameras.yaml of what a page shows of it. */
export function wholeFile (text: string): string {
  const shown = text.replaceAll('"$scrypt$…"', `"${HASH}"`)
  const keys = keysAtTop(shown)
  if (keys.includes('cameras')) return shown
  const indented = (spaces: number, lines: string) => lines.replace(/^(?=.)/gm, ' '.repeat(spaces))
  if (keys.some(key => TOP.includes(key) || key.startsWith('x-'))) {
    const named = [...shown.matchAll(/cameras: \[([^\]]*)\]/g)].flatMap(([, ids]) => ids!.split(/, */))
    return `${shown}\ncameras:\n${[...new Set(['entrance', ...named])].map(id => `  ${id}: ${ADDRESS}\n`).join('')}`
  }
  if (!keys.some(key => CAMERA.has(key))) return `cameras:\n${indented(2, shown)}`
  // Lines of a camera; those with the same key are alternatives.
  const cameras = keys.length === new Set(keys).size ? [shown] : shown.split(/^(?=\S)/m)
  return `cameras:\n${cameras.map((lines, index) => {
    const own = keysAtTop(lines)
    const more = [...own.includes('source') ? [] : [`source: ${ADDRESS}`], ...own.includes('password') && !own.includes('username') ? ['username: admin'] : []]
    return `  c${index}:\n${indented(4, `${more.join('\n')}\n${lines}`)}\n`
  }).join('')}`
}

/** What is wrong with a block of YAML. */
export function yamlFault ({ text }: Block): string | undefined {
  const dedented = text.replace(new RegExp(`^ {${Math.min(...text.split('\n').filter(line => line.trim() !== '').map(line => /^ */.exec(line)![0].length))}}`, 'gm'), '')
  const keys = keysAtTop(dedented)
  try {
    if (keys.some(key => IMPORTED.includes(key))) {
      importCameras({ path: 'theirs.yaml', text: dedented, open: () => undefined, list: () => [] })
      return undefined
    }
    const foreign = FOREIGN.find(({ key }) => keys.includes(key))
    if (foreign) return foreign.fault(parseAllDocuments(dedented).map(document => document.toJS()))
    parseRegistry(wholeFile(dedented), { file: '/srv/cameras.yaml', env, readFile: valueOf })
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** Files of other programs, by a key that only they have. Their own tests run whole files; here the shape of a part is checked. */
const FOREIGN: ReadonlyArray<{ key: string, fault: (documents: any[]) => string | undefined }> = [
  { key: 'services', fault: ([{ services }]) => Object.values<any>(services).every(({ image, build, ports, volumes, environment }) => image || build || ports || volumes || environment) ? undefined : 'a service of Compose has an image or a build, or shows a part of it' },
  { key: 'triggers', fault: ([{ triggers, actions }]) => triggers.every((part: any) => part.trigger) && actions.every((part: any) => part.action) ? undefined : 'an automation of Home Assistant has triggers and actions' },
  { key: 'apiVersion', fault: documents => documents.every(({ apiVersion, kind, metadata }) => apiVersion && kind && metadata?.name) ? undefined : 'an object of Kubernetes has apiVersion, kind and metadata.name' }
]
