import type { Camera } from '../config/registry.js'
import { isSame } from '../yaml/edit/nodes.js'
import { own, type Plain, type PlainMap } from '../yaml/edit/plain.js'
import type { Fault } from './refusals.js'
import { isSet } from './shown.js'
import { addressOf, hostOf, splitUrl } from './url.js'

/** A camera as the file has it, and what it means. */
export interface Version { readonly written: PlainMap, readonly camera: Camera }

/** Sources that read this machine, or run something on it. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['exec', 'file', 'v4l2', 'picamera'] satisfies Array<Camera['source']['type']>)

/**
 * What is wrong with a change that somebody may write into the file, but not make by HTTP: it would give an administrator more than the cameras.
 *
 * @param all the cameras that the file has now, by id
 * @param sent what the client wants, with `{ set: true }` for secrets that stay
 */
export function unsafeFaults (id: string, all: ReadonlyMap<string, Version>, after: Version, sent: PlainMap): Fault[] {
  const before = all.get(id)
  const { type } = after.camera.source
  if (OF_THIS_MACHINE.has(type) && !isSame(before?.written.source, after.written.source)) {
    return [{ pointer: '/source', message: `a source of this machine (${type}) is written into the file itself: whoever may change cameras by HTTP should not reach the machine with it` }]
  }
  const message = wrongHost(before, after, [...all.values()], sent)
  return message === undefined ? [] : [{ pointer: '/password', message }]
}

/** Why a secret that was not sent must not go to the camera's new host; undefined if it may. */
function wrongHost (before: Version | undefined, after: Version, all: readonly Version[], sent: PlainMap): string | undefined {
  const { source, credentials } = after.camera
  if ('token' in source && source.token !== undefined) {
    const isElsewhere = hostsOf(after.camera)[0] !== (before && hostsOf(before.camera)[0])
    return isElsewhere && !isGiven(own(sent.source, 'token')) ? elsewhere(hostOf(source.url)) : undefined
  }
  if (!credentials?.password || givesPassword(sent)) return undefined
  const isOwn = hasOwnPassword(after)
  const mayKnow = isOwn ? before ? [before] : [] : all.filter(version => version.camera.credentials && !hasOwnPassword(version))
  const known = new Set(mayKnow.flatMap(({ camera }) => hostsOf(camera)))
  const host = hostsOf(after.camera).find(host => !known.has(host))
  if (host === undefined) return undefined
  return isOwn ? elsewhere(host) : `give a username and a password: those of defaults are not sent to ${host}, where no camera of the file uses them`
}

const elsewhere = (host: string) => `give the password again, or remove it: it was for another host, and is not sent to ${host} otherwise`

/** The hosts that its password goes to. */
const hostsOf = ({ source, substream, onvif }: Camera): string[] =>
  [...[source, substream].flatMap(stream => stream && 'url' in stream ? stream.url : []), ...onvif === undefined ? [] : [onvif]].map(hostOf)

/** Otherwise it has that of `defaults`. */
const hasOwnPassword = ({ written }: Version): boolean => written.password !== undefined || hasUserinfo(written)

const hasUserinfo = ({ source }: PlainMap): boolean => splitUrl(addressOf(source) ?? '').userinfo !== ''

/** Whether the client sends a password rather than keep the one that is set. */
export const givesPassword = (sent: PlainMap): boolean => isGiven(sent.password) || hasUserinfo(sent)

const isGiven = (secret: Plain | undefined): boolean => secret !== undefined && !isSet(secret)
