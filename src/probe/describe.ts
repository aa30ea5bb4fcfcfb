import type { Credentials } from '../credentials.js'
import type { Clock } from '../clock.js'
import type { ReceivedTrack } from '../codec/track.js'
import { depacketizerOf } from '../depacketizer/depacketizer-of.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { CameraAddress } from '../ingest/address.js'
import { readSdp } from '../rtsp/sdp-reader.js'
import { accepted, RtspClient, RtspRefusal } from '../rtsp-client/rtsp-client.js'
import { RtspConnection } from '../rtsp-client/rtsp-connection.js'

/** For all descriptions together. */
const DESCRIBING_TIMEOUT_MS = 2_500
const ANSWER_TIMEOUT_MS = 1_500

export interface DescribeParts {
  readonly credentials: Credentials | undefined
  readonly auth: AuthorizerOptions
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** A stream as the camera describes it. `track` is undefined if camgate cannot read it. */
export interface Described<Of> {
  readonly of: Of
  readonly track: ReceivedTrack | undefined
  readonly format: ReturnType<typeof depacketizerOf>['format']
  readonly sound: readonly string[]
}

/** Streams that exist, and the error that ended the asking; a path that does not exist is no error. */
export interface Descriptions<Of> { readonly found: ReadonlyArray<Described<Of>>, readonly error: Error | undefined }

/**
 * Asks a camera to describe the streams at these URLs, one after the other and mostly over one connection, without playing any. Ends with the first
 * refused login, or when `enough` says so. Never rejects.
 */
export async function describeStreams<Of extends { readonly url: string }> (
  address: CameraAddress, wanted: readonly Of[], parts: DescribeParts, enough: (found: Described<Of>) => boolean = () => false
): Promise<Descriptions<Of>> {
  const found: Array<Described<Of>> = []
  const giveUp = new AbortController()
  const cancel = parts.clock.after(DESCRIBING_TIMEOUT_MS, () => giveUp.abort(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
  const signal = AbortSignal.any([parts.signal, giveUp.signal])
  let connected: Connected | undefined
  /** Many cameras hang up after an address that they do not know: then the next one is asked for over another connection. */
  const ask = async (url: string): Promise<string | undefined> => {
    const kept = connected
    connected ??= await connect(address, parts, signal)
    const { connection, client } = connected
    try {
      return accepted('DESCRIBE', await client.ask('DESCRIBE', url, { Accept: 'application/sdp' }, ANSWER_TIMEOUT_MS)).body.toString('latin1')
    } catch (error) {
      if (isFinal(error as Error)) throw error
      if (error instanceof RtspRefusal) return undefined
      await connection.close()
      connected = undefined
      return kept ? await ask(url) : undefined
    }
  }
  try {
    for (const of of wanted) {
      signal.throwIfAborted()
      const sdp = await ask(of.url)
      if (sdp === undefined) continue
      const stream = { of, ...readStream(sdp) }
      found.push(stream)
      if (enough(stream)) break
    }
    return { found, error: undefined }
  } catch (error) {
    return { found, error: error as Error }
  } finally {
    cancel()
    await connected?.connection.close()
  }
}

interface Connected { readonly connection: RtspConnection, readonly client: RtspClient }

async function connect (address: CameraAddress, { credentials, auth, clock }: DescribeParts, signal: AbortSignal): Promise<Connected> {
  const connection = await RtspConnection.open(address, clock, signal, { onPacket () {}, onEnd () {} })
  return { connection, client: new RtspClient(connection, new Authorizer(credentials, auth)) }
}

/** Whether to ask nothing more: cameras lock accounts, and a silent one does not become better. */
function isFinal (error: Error & { code?: string }): boolean {
  if (error instanceof RtspRefusal) return error.status === 401 || error.status === 403
  return ['RTSP_SILENT', 'NO_PROOF', 'DOWNGRADE', 'WRONG_PROTOCOL'].includes(error.code ?? '')
}

/** Something that camgate cannot read is a stream all the same. */
function readStream (sdp: string): Omit<Described<never>, 'of'> {
  try {
    const { tracks: [track], sound } = readSdp(sdp)
    return { track, format: track && depacketizerOf(track).format, sound }
  } catch {
    return { track: undefined, format: undefined, sound: [] }
  }
}
