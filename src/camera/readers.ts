import type { Clock } from '../clock.js'
import { addressOf } from '../ingest/address.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { Session } from '../ingest/session.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { LiveCamera } from './attempt.js'

/** Begins to read a camera. */
export type Open = (events: ReaderEvents) => Reader

export const rtspReader = ({ source, credentials, transport }: LiveCamera<RtspSource>, clock: Clock): Open => events => {
  const session = new Session({ address: addressOf(source.url, source.allowSelfSigned ?? false)!, credentials, transport, clock }, events)
  return {
    report: () => session.report(),
    get complaint () { return waitsForKey(session) },
    stop: () => session.stop()
  }
}

const waitsForKey = (session: Session): string | undefined =>
  (session.report()?.bitsPerSecond ?? 0) > 0 ? 'packets come, but no picture that can be decoded by itself (a key picture, or I-frame); have the camera send them more often' : undefined
