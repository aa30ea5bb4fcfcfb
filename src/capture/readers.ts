import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import type { Target } from '../failure/target.js'
import type { AuthorizerOptions } from '../http-auth/authorizer.js'
import { httpFailure } from '../http-client/failure.js'
import { HttpReader } from '../http-client/http-reader.js'
import { addressOf } from '../ingest/address.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { rtspFailure } from '../rtsp-client/failure.js'
import { Session } from '../rtsp-client/session.js'
import type { HttpSource } from '../sources/http.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { CameraMemory } from './camera-memory.js'

type Open = (events: ReaderEvents<Failure>) => Reader

export const rtspReader = (camera: LiveCamera<RtspSource>, memory: CameraMemory, clock: Clock): Open => events => {
  const { source, credentials, transport } = camera
  return new Session({ address: cameraAddress(source), credentials, auth: authOptions(camera, memory), transport, clock }, endingWith(rtspFailure, memory.target, events))
}

export const httpReader = (camera: LiveCamera<HttpSource>, memory: CameraMemory, clock: Clock): Open => events => {
  const { source, credentials, fps } = camera
  return new HttpReader({ address: cameraAddress(source), credentials, token: source.token, auth: authOptions(camera, memory), kind: source.type, fps, clock }, endingWith(httpFailure, memory.target, events))
}

export const authOptions = ({ auth }: Pick<LiveCamera, 'auth'>, memory: CameraMemory): AuthorizerOptions => ({ memory: memory.auth, allowBasic: auth === 'basic' })

export const cameraAddress = ({ url, allowSelfSigned = false }: RtspSource | HttpSource) => addressOf(url, allowSelfSigned)!

/** Converts the error that ends a reader to a failure. */
function endingWith (failureOf: (error: Error, hadPictures: boolean, target: Target) => Failure, target: Target, events: ReaderEvents<Failure>): ReaderEvents {
  let hadPictures = false
  return {
    ...events,
    onPicture (picture) {
      hadPictures = true
      events.onPicture(picture)
    },
    onEnd: error => events.onEnd(error && failureOf(error, hadPictures, target))
  }
}
