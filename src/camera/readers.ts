import type { Clock } from '../clock.js'
import { addressOf } from '../ingest/address.js'
import { HttpReader } from '../ingest/http-reader.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { Session } from '../ingest/session.js'
import type { HttpSource } from '../sources/http.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { LiveCamera } from './attempt.js'

type Open = (events: ReaderEvents) => Reader

export const rtspReader = ({ source, credentials, transport }: LiveCamera<RtspSource>, clock: Clock): Open =>
  events => new Session({ address: whereIs(source), credentials, transport, clock }, events)

export const httpReader = ({ source, credentials, fps }: LiveCamera<HttpSource>, clock: Clock): Open =>
  events => new HttpReader({ address: whereIs(source), credentials, kind: source.type, fps, clock }, events)

const whereIs = ({ url, allowSelfSigned = false }: RtspSource | HttpSource) => addressOf(url, allowSelfSigned)!
