/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import { HIDDEN } from '../text/redact.js'
import { isSame } from '../yaml/edit/nodes.js'
import { isPlainMap, own, type Plain, type PlainMap } from '../yaml/edit/plain.js'
import { literal } from '../yaml/substitute.js'
import { InvalidCamera, pointerOf, type Fault } from './refusals.js'
import { givesPassword } from './safety.js'
import { isHidden, isSet, type WrittenCamera } from './shown.js'
import { addressOf, hostOf, splitUrl } from './url.js'

/** A camera that the file does not have. */
export const ABSENT: WrittenCamera = { written: {}, shown: {}, isShort: true }

/**
 * What the file is to say about a camera. Where the client sent what it was shown, the file's own text stays, with its secrets and `${…}`. Any other
 * text is literal: otherwise an administrator could read files and the environment of the machine by the address of a camera.
 *
 * @throws {InvalidCamera}
 */
export function wantedCamera (id: string, { written, shown }: WrittenCamera, sent: PlainMap): PlainMap {
  const faults: Fault[] = []
  const wanted = wantedValue([], written, shown, sent) as PlainMap
  if (faults.length > 0) throw new InvalidCamera(id, faults)
  return wanted

  function wantedValue (path: readonly string[], before: Plain | undefined, seen: Plain | undefined, after: Plain): Plain {
    const fault = (message: string) => { faults.push({ pointer: pointerOf(path), message }) }
    if (before !== undefined && isSame(seen, after)) return before
    if (isHidden(path) && isSet(after)) fault('nothing is set that could stay: send the value itself')
    if (Array.isArray(after)) return after.map(item => wantedValue(path, undefined, undefined, item))
    if (isPlainMap(after)) return Object.fromEntries(Object.entries(after).map(([key, value]) => [key, wantedValue([...path, key], own(before, key), own(seen, key), value)]))
    if (typeof after !== 'string') return after
    if (typeof seen === 'string' && seen.includes(HIDDEN) && after.includes(HIDDEN)) fault(`${HIDDEN} stands for what is not shown: write the whole text, or leave it as it was`)
    if (!isHidden(path) && typeof before === 'string' && /(?<!\$)\$\{/.test(before) && after.includes('${')) fault('a ${…} is filled in only where somebody wrote it into the file: change it there, or write the value itself')
    const { scheme, userinfo: typed, rest } = splitUrl(after)
    if (typed !== '' && ['substream', 'onvif'].includes(path[0]!) && !givesPassword(sent)) fault('leave out the username and password: they are those of the source') // whether they are would tell a guess
    const userinfo = keptUserinfo(path, after)
    return userinfo === '' ? literal(after) : scheme + userinfo + literal(rest)
  }

  /** An address at the same host keeps the credentials that it had, unless others are sent beside it. */
  function keptUserinfo (path: readonly string[], after: string): string {
    const isAddress = path.length === 1 || (path.length === 2 && path[1] === 'url')
    const before = isAddress ? addressOf(own(written, path[0]!)) : undefined
    if (before === undefined || sent.username !== undefined || sent.password !== undefined) return ''
    return splitUrl(after).userinfo === '' && hostOf(before) !== '' && hostOf(before) === hostOf(after) ? splitUrl(before).userinfo : ''
  }
}
