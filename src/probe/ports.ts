import type { Clock } from '../clock.js'
import type { CameraAddress } from '../ingest/address.js'
import { WrongProtocol } from '../ingest/wrong-protocol.js'
import { RtspConnection } from '../rtsp-client/rtsp-connection.js'
import { hostInUrl } from '../text/host.js'
import type { PortReport } from './report.js'

/** Where cameras mostly answer. The first that speaks RTSP is probed. */
const USUAL_PORTS = [554, 8554, 322, 88, 80, 8080, 443, 5000]
/** Ports at which nothing but TLS is expected. */
const TLS_PORTS = new Set([322, 443])

/** Filters drop what is sent to them, so a port that does not answer is given up before the reading of a camera would be. */
const CONNECT_TIMEOUT_MS = 3_500
const ANSWER_TIMEOUT_MS = 1_500

export interface PortParts {
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Asks all usual ports of a host at the same time, but not `except`, or only `port`. No password is sent. The promises are in the order of the ports. */
export function knockAtAll (host: string, port: number | undefined, parts: PortParts, except?: number): Array<Promise<PortReport>> {
  return (port === undefined ? USUAL_PORTS.filter(usual => usual !== except) : [port]).map(each => knock(host, each, parts))
}

/** The ports at which something answers. */
export const thatAnswer = async (reports: ReadonlyArray<Promise<PortReport>>): Promise<PortReport[]> =>
  (await Promise.all(reports)).filter(({ answers }) => answers !== 'closed' && answers !== 'silent')

/** Finds out what answers at a port: it is asked for RTSP's options, which other servers refuse in their own way. Never rejects. */
async function knock (host: string, port: number, { clock, signal }: PortParts): Promise<PortReport> {
  const tls = TLS_PORTS.has(port)
  const url = `${tls ? 'rtsps' : 'rtsp'}://${hostInUrl(host)}:${port}/`
  const address: CameraAddress = { url, host, port, tls, allowSelfSigned: true } // nothing secret is sent
  const giveUp = new AbortController()
  const cancel = clock.after(CONNECT_TIMEOUT_MS, () => giveUp.abort(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
  let connection: RtspConnection | undefined
  try {
    connection = await RtspConnection.open(address, clock, AbortSignal.any([signal, giveUp.signal]), { onPacket () {}, onEnd () {} })
    cancel()
    await connection.request({ method: 'OPTIONS', url, headers: {} }, ANSWER_TIMEOUT_MS)
    return { port, answers: tls ? 'rtsps' : 'rtsp' }
  } catch (error) {
    return { port, answers: connection ? spokenIn(error as Error, tls) : closedBy(error as NodeJS.ErrnoException) }
  } finally {
    cancel()
    await connection?.close()
  }
}

function spokenIn (error: Error, tls: boolean): PortReport['answers'] {
  if (!(error instanceof WrongProtocol)) return 'unknown'
  switch (error.spoken) {
    case 'HTTP': return tls ? 'https' : 'http'
    case 'TLS': return 'tls'
    default: return 'unknown'
  }
}

/** A port that accepts connections but does not begin TLS has been reached. */
function closedBy ({ code = '' }: NodeJS.ErrnoException): PortReport['answers'] {
  if (code === 'ECONNREFUSED') return 'closed'
  return code === 'TLS_SILENT' || /SSL|EPROTO/.test(code) ? 'unknown' : 'silent'
}
