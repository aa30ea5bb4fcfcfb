import { Buffer } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import { SourceError } from '../../sources/source.js'
import { normalizeUrl } from '../../sources/url.js'
import { durationMs } from '../../text/duration.js'
import type { At, Report } from '../../yaml/diagnostic.js'
import { itemAt, within, type Value } from '../../yaml/value.js'
import { cameraAt, placeIn, placesOf } from './camera-places.js'
import { knownCameras } from '../auth.js'
import { notifyPresets, type TargetKeys } from './schema.js'
import type { NotifyTarget } from './target.js'
import type { Camera } from '../registry.js'

const MAX_AFTER_MS = 24 * 3_600_000
/** What Standard Webhooks allows. */
const [MIN_KEY_BYTES, MAX_KEY_BYTES] = [24, 64]

interface Context {
  /** The value of `notify`. */
  readonly written: Value
  readonly cameras: readonly Camera[]
  /** The ids of the cameras in the file, also of those that are invalid. */
  readonly ids: readonly string[]
  readonly report: Report
}

/** Makes the targets of `notify`, and checks them against each other and against the cameras. */
export function buildNotify (targets: ReadonlyArray<Partial<TargetKeys>>, context: Context): NotifyTarget[] {
  const built = targets.map((keys, index) => buildTarget(keys, index, context))
  for (const [index, target] of built.entries()) {
    const first = built.findIndex(other => isDeepStrictEqual(other, target))
    if (target && first < index) context.report(itemAt(context.written, index), `notify[${index}]: this is notify[${first}] (line ${itemAt(context.written, first).line}) again; everything would be told twice`)
  }
  return built.filter(target => target !== undefined)
}

/** Undefined if its URL is missing or invalid. */
function buildTarget ({ url, on = [...notifyPresets.on], after = notifyPresets.after, cameras, secret }: Partial<TargetKeys>, index: number, { written, cameras: all, ids, report }: Context): NotifyTarget | undefined {
  const item = written.kind === 'list' ? written.items[index] ?? written : written
  const path = `notify[${index}]`
  const place = (key: string): At => within(item, key).at
  const afterMs = durationMs(after) ?? 0
  if (afterMs > MAX_AFTER_MS) report(place('after'), `${path}.after: expected at most ${MAX_AFTER_MS / 3_600_000}h`)
  const sight = knownCameras(cameras, within(item, 'cameras'), path, { cameras: ids, report })
  const key = secret === undefined ? undefined : keyIn(secret)
  if (secret !== undefined && key === undefined) report(place('secret'), `${path}.secret: expected whsec_ and ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes in base64 after it, as echo whsec_$(openssl rand -base64 32) prints`)
  const address = url === undefined ? undefined : addressIn(url, all, problem => report(place('url'), `${path}.url: ${problem}`))
  return address && { ...address, on: [...new Set(on)], afterMs, cameras: sight, ...key !== undefined && { key } }
}

function addressIn (written: string, cameras: readonly Camera[], wrong: (problem: string) => void): Pick<NotifyTarget, 'url' | 'credentials'> | undefined {
  try {
    const address = normalizeUrl(written, { schemes: ['http', 'https'], name: 'an HTTP URL', example: 'https://hooks.example.org/camgate' })
    const place = placeIn(address.url)
    if (!place) throw new SourceError('expected an HTTP URL like https://hooks.example.org/camgate: its host cannot be read')
    const camera = cameraAt(cameras.flatMap(placesOf), place.host, place.port)
    if (camera !== undefined) wrong(`the camera ${camera} has this address, and notifications are never sent to a camera`)
    return address
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    wrong(error.message)
    return undefined
  }
}

/** The base64 in a secret; undefined if it is no base64, or of another length than Standard Webhooks allows. */
function keyIn (secret: string): string | undefined {
  const text = secret.trim().replace(/^whsec_/, '')
  const bytes = Buffer.from(text, 'base64')
  return bytes.length >= MIN_KEY_BYTES && bytes.length <= MAX_KEY_BYTES && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? text : undefined
}
