import { realpath } from 'node:fs/promises'
import { listFormats } from '../ffmpeg/device.js'
import { neverSpawned } from '../ffmpeg/process.js'
import type { Ffmpeg } from '../ffmpeg/toolchain.js'
import type { Trouble } from '../sources/source.js'
import { turned } from '../sources/turn.js'
import { chooseMode, parseFormats } from '../sources/v4l2-formats.js'
import { automatic, busy, nothingToShow, v4l2Trouble, worstOf, type V4l2Source } from '../sources/v4l2.js'
import type { Attempt, AttemptEnd, Launch, LiveCamera } from './attempt.js'

/**
 * Attempts at devices: each is asked what it can do, and read by ffmpeg in the mode that is nearest to what is wanted. `auto` leaves
 * alone what other cameras of the registry name, or use.
 */
export function v4l2Launch (toolchain: { locate (): Promise<Pick<Ffmpeg, 'path'>> }, byFfmpeg: Launch<V4l2Source>, cameras: readonly LiveCamera[], list = listFormats): Launch<V4l2Source> {
  const used = new Set<string>() // by attempts of ours, from before they ask until they are gone
  const named = cameras.flatMap(({ source }) => source.type === 'v4l2' && source.device !== 'auto' ? [source.device] : [])

  return (camera, events) => {
    const stopping = new AbortController()
    const { signal } = stopping
    let current: Attempt | undefined

    const search = async (): Promise<AttemptEnd> => {
      const { device: wanted } = camera.source
      const { path } = await toolchain.locate()
      const reserved = wanted === 'auto' ? await Promise.all(named.map(own)) : []
      const troubles: Trouble[] = []
      for (const device of wanted === 'auto' ? automatic : [wanted]) {
        const itself = await own(device)
        if (signal.aborted) break
        if (reserved.includes(itself)) continue
        if (used.has(itself)) {
          troubles.push(busy({ ...camera.source, device }))
          continue
        }
        used.add(itself)
        const { end, pictures } = await read({ ...camera, source: { ...camera.source, device } }, path).finally(() => used.delete(itself))
        if (!('trouble' in end) || pictures) return end
        troubles.push(end.trouble)
      }
      if (signal.aborted) return { error: undefined }
      return { trouble: wanted === 'auto' ? worstOf(troubles) : troubles[0]! }
    }

    const read = async (camera: LiveCamera<V4l2Source>, path: string): Promise<{ end: AttemptEnd, pictures: boolean }> => {
      const { source } = camera
      const { width, height } = asCaptured(camera)
      const said = await list(path, source.device, signal)
      const mode = chooseMode(parseFormats(said), { width, height })
      if (!mode) return { end: { trouble: v4l2Trouble(source, said.split('\n')) ?? nothingToShow(source) }, pictures: false }
      if (signal.aborted) return { end: { error: undefined }, pictures: false }
      const { size = { width: Infinity, height: Infinity } } = mode
      const fits = camera.crop === undefined && size.width <= (width ?? Infinity) && size.height <= (height ?? Infinity)
      const { width: _, height: __, ...unscaled } = camera
      let pictures = false
      return await new Promise(resolve => {
        current = byFfmpeg({ ...fits ? unscaled : camera, source: { ...source, mode } }, {
          ...events,
          onData (chunk) {
            pictures = true
            events.onData(chunk)
          },
          onExit: end => resolve({ end, pictures })
        })
      })
    }

    void search().catch((error: NodeJS.ErrnoException): AttemptEnd => signal.aborted ? { error: undefined } : neverSpawned(error))
      .then(end => events.onExit(end))
    return {
      get complaint () { return current?.complaint },
      input: () => current?.input() ?? null,
      stop () {
        stopping.abort()
        current?.stop()
      }
    }
  }
}

/** The size that is wanted of the device, before its picture is cropped and turned. */
function asCaptured ({ width, height, crop, rotate }: Pick<LiveCamera, 'width' | 'height' | 'crop' | 'rotate'>) {
  if (crop) return { width: crop.x + crop.width, height: crop.y + crop.height }
  return turned({ width, height }, rotate)
}

/** The device itself, of a path that may be another name of it. */
const own = (device: string): Promise<string> => realpath(device).catch(() => device)
