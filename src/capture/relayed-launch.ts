import type { Clock } from '../clock.js'
import type { Failure } from '../failure/failure.js'
import { unlessAborted } from '../ingest/unless-aborted.js'
import { rtspFailure } from '../rtsp-client/failure.js'
import { Relay } from '../rtsp-client/relay.js'
import { withinTls, type RtspSource } from '../sources/rtsp.js'
import type { Attempt, Launch } from './attempt.js'
import { authOptions, cameraAddress } from './readers.js'

/**
 * Attempts with ffmpeg at RTSP cameras. ffmpeg reads from our relay, and gets neither the camera's address nor its password (decision 0020). The
 * relay sees the status of each answer, and handles TLS.
 */
export const relayedLaunch = (byFfmpeg: Launch<RtspSource>, clock: Clock): Launch<RtspSource> => (camera, events, memory) => {
  const { source, credentials, ...rest } = camera
  const ending = new AbortController()
  let reading: Attempt | undefined
  let hadPictures = false
  const failureOf = (error: Error): Failure | undefined => {
    const failure = rtspFailure(error, hadPictures, memory.target)
    return failure.locks || !ending.signal.aborted ? failure : undefined // a stop does not undo a refused login
  }
  const run = async (): Promise<void> => {
    const relay = await unlessAborted(ending.signal, Relay.open({ address: cameraAddress(source), credentials, auth: authOptions(camera, memory), clock }, ending.signal))
    const transport = withinTls(source) && camera.transport === 'auto' ? 'tcp' : camera.transport // UDP would not be encrypted
    reading = byFfmpeg({ ...rest, transport, source: { type: 'rtsp', url: relay.url } }, {
      ...events,
      onPicture (picture) {
        hadPictures = true
        events.onPicture(picture)
      },
      onExit (failure) {
        const { error } = relay
        const why = error && failure?.code !== 'no-ffmpeg' ? failureOf(error) : failure
        void relay.close().then(() => events.onExit(why))
      }
    }, memory)
  }
  run().catch((error: Error) => events.onExit(failureOf(error)))
  return {
    get lastFailure () { return reading?.lastFailure },
    input: () => reading?.input() ?? null,
    stop () {
      ending.abort()
      reading?.stop()
    }
  }
}
