import type { Camera } from '../config/registry.js'
import { isSame } from '../yaml/edit/nodes.js'
import { isPlainMap, type Plain, type PlainMap } from '../yaml/edit/plain.js'
import type { Fault } from './refusals.js'
import { hostOf, splitUrl } from './url.js'

/** A camera as the file has it, and what it means. */
export interface Version { readonly written: PlainMap, readonly camera: Camera }

/** Sources that read this machine, or run something on it. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['exec', 'file', 'v4l2', 'picamera'] satisfies Array<Camera['source']['type']>)

/** What a file may say, but no change by the API: it would give an administrator more than the cameras. */
export function unsafeFaults (before: Version | undefined, after: Version): Fault[] {
  const { type } = after.camera.source
  if (OF_THIS_MACHINE.has(type) && !isSame(before?.written.source, after.written.source)) {
    return [{ pointer: '/source', message: `a source of this machine (${type}) is written into the file itself: whoever may change cameras by HTTP should not reach the machine with it` }]
  }
  const host = before && newHost(before.camera, after.camera)
  if (host === undefined || !keepsSecret(before!.written, after.written)) return []
  return [{ pointer: '/password', message: `give the password again, or remove it: it was for another host, and is not sent to ${host} otherwise` }]
}

function newHost (before: Camera, after: Camera): string | undefined {
  const known = hostsOf(before)
  return hostsOf(after).find(host => !known.includes(host))
}

const hostsOf = ({ source, substream }: Camera): string[] =>
  [source, substream].flatMap(stream => stream && 'url' in stream ? hostOf(stream.url) : [])

/** Whether the camera keeps a secret of its own, which was not sent. One of `defaults` is for every camera. */
function keepsSecret (before: PlainMap, after: PlainMap): boolean {
  return secretsOf(after).some((secret, index) => secret !== undefined && secret !== '' && isSame(secret, secretsOf(before)[index]))
}

function secretsOf ({ password, source }: PlainMap): Array<Plain | undefined> {
  const [address, token] = isPlainMap(source) ? [source.url, source.token] : [source]
  return [password, token, typeof address === 'string' ? splitUrl(address).userinfo : undefined]
}
