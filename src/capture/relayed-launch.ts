import type { Clock } from '../clock.js'
import { Relay } from '../rtsp-client/relay.js'
import { withinTls, type RtspSource } from '../sources/rtsp.js'
import type { Attempt, AttemptEnd, AttemptEvents, Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { whereIs, type AuthMemories } from './readers.js'

/**
 * Attempts at RTSP cameras by ffmpeg, which reads a relay of ours and knows neither the camera nor its password (decision 0020). What the
 * camera says is known here by its status, and the way into TLS is ours.
 */
export function relayedLaunch (byFfmpeg: Launch<RtspSource>, memories: AuthMemories, clock: Clock): Launch<RtspSource> {
  return (camera: LiveCamera<RtspSource>, events: AttemptEvents): Attempt => {
    const { source, credentials, ...rest } = camera
    const ending = new AbortController()
    let reading: Attempt | undefined
    const run = async (): Promise<void> => {
      const relay = await Relay.open({ address: whereIs(source), credentials, auth: memories.optionsFor(camera), clock }, ending.signal)
      if (ending.signal.aborted) await relay.close()
      ending.signal.throwIfAborted()
      const onExit = (end: AttemptEnd) => {
        const error = ending.signal.aborted || ('spawnError' in end && end.spawnError !== undefined) ? undefined : relay.error
        void relay.close().then(() => events.onExit(error ? { error } : end))
      }
      const transport = withinTls(source) && camera.transport === 'auto' ? 'tcp' : camera.transport // datagrams would travel in clear
      reading = byFfmpeg({ ...rest, transport, source: { type: 'rtsp', url: relay.url } }, { ...events, onExit })
    }
    run().catch((error: Error) => events.onExit({ error: ending.signal.aborted ? undefined : error }))
    return {
      get complaint () { return reading?.complaint },
      input: () => reading?.input() ?? null,
      stop () {
        ending.abort()
        reading?.stop()
      }
    }
  }
}
