import { isDeepStrictEqual } from 'node:util'
import type { Camera } from '../config/registry.js'
import { isSame } from '../yaml/edit/nodes.js'
import { isPlainMap, type PlainMap } from '../yaml/edit/plain.js'
import type { Fault } from './refusals.js'
import { hostOf } from './url.js'

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
  if (host === undefined || !keepsSecret(before!, after)) return []
  return [{ pointer: '/password', message: `give the password again, or remove it: it was for another host, and is not sent to ${host} otherwise` }]
}

function newHost (before: Camera, after: Camera): string | undefined {
  const known = hostsOf(before)
  return hostsOf(after).find(host => !known.includes(host))
}

const hostsOf = ({ source, substream }: Camera): string[] =>
  [source, substream].flatMap(stream => stream && 'url' in stream ? hostOf(stream.url) : [])

/** Whether the camera has a secret of its own that was not sent. One of `defaults` is for every camera. */
function keepsSecret (before: Version, after: Version): boolean {
  const token = ({ source }: Camera) => 'token' in source ? source.token : undefined
  if (token(after.camera) !== undefined && token(after.camera) === token(before.camera)) return true
  const isOwn = after.written.password !== undefined || addressHasCredentials(after.written)
  return isOwn && after.camera.credentials !== undefined && after.camera.credentials.password !== '' && isDeepStrictEqual(before.camera.credentials?.password, after.camera.credentials.password)
}

function addressHasCredentials ({ source }: PlainMap): boolean {
  const url = isPlainMap(source) ? source.url : source
  return typeof url === 'string' && /^[a-z]+:\/\/[^/?#]*@/i.test(url)
}
