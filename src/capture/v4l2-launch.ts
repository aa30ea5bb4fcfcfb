import { realpath } from 'node:fs/promises'
import { listFormats } from '../ffmpeg/device.js'
import { neverSpawned } from '../ffmpeg/process.js'
import type { Ffmpeg } from '../ffmpeg/install.js'
import type { Trouble } from '../sources/source.js'
import { turned } from '../sources/turn.js'
import { chooseMode, parseFormats, type Mode } from '../v4l2/formats.js'
import { listNodes, lookAt } from '../v4l2/nodes.js'
import { automatic, nodeTrouble, noWebcam, nothingToShow, taken, v4l2Trouble, worstOf, type V4l2Source } from '../sources/v4l2.js'
import type { Attempt, AttemptEnd, Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'

/** How a machine is asked for its devices; tests have machines of their own. */
export interface Devices {
  readonly list: typeof listNodes
  readonly lookAt: typeof lookAt
  readonly listFormats: typeof listFormats
}

/**
 * Attempts at devices. The file system is asked first, at no cost; what is there is asked what it can do, and read by ffmpeg in the mode
 * that is nearest to what is wanted. `auto` leaves alone what other cameras of the registry name, or use.
 */
export function v4l2Launch (
  toolchain: { locate (): Promise<Pick<Ffmpeg, 'path'>> }, byFfmpeg: Launch<V4l2Source>, cameras: readonly LiveCamera[], devices: Devices = { list: listNodes, lookAt, listFormats }
): Launch<V4l2Source> {
  const used = new Set<string>() // by attempts of ours, from before they ask until they are gone
  const asking = new Map<string, Promise<void>>() // whether it stays in use is not known yet
  const named = cameras.flatMap(({ source }) => source.type === 'v4l2' && source.device !== 'auto' ? [source.device] : [])

  return (camera, events) => {
    const stopping = new AbortController()
    const { signal } = stopping
    let current: Attempt | undefined

    const search = async (): Promise<AttemptEnd> => {
      const { device: wanted } = camera.source
      const reserved = wanted === 'auto' ? await Promise.all(named.map(own)) : []
      const candidates = wanted === 'auto' ? await present() : [wanted]
      const troubles: Trouble[] = []
      const others: string[] = []
      for (const device of candidates) {
        const source = { ...camera.source, device }
        const itself = await own(device)
        const node = await devices.lookAt(device)
        const trouble = node === 'device' ? undefined : nodeTrouble(source, node, await devices.list())
        while (asking.has(itself)) await asking.get(itself)
        if (signal.aborted) break
        if (reserved.includes(itself) || used.has(itself)) {
          others.push(device)
          continue
        }
        if (trouble) {
          troubles.push(trouble)
          continue
        }
        const { end, pictures } = await read({ ...camera, source }, itself)
        if (!('trouble' in end) || pictures) return end
        troubles.push(end.trouble)
      }
      if (signal.aborted) return { error: undefined }
      if (wanted !== 'auto') return { trouble: troubles[0] ?? taken(others) }
      if (candidates.length === 0) return { trouble: noWebcam(await devices.list()) }
      return { trouble: worstOf(troubles, candidates, others) }
    }

    const present = async () => {
      const nodes = await Promise.all(automatic.map(async device => ({ device, node: await devices.lookAt(device) })))
      return nodes.filter(({ node }) => node !== 'missing').map(({ device }) => device)
    }

    const read = async (camera: LiveCamera<V4l2Source>, itself: string): Promise<{ end: AttemptEnd, pictures: boolean }> => {
      used.add(itself)
      try {
        const asked = ask(camera)
        asking.set(itself, asked.then(({ mode }) => { if (!mode) used.delete(itself) }, () => { used.delete(itself) }).then(() => { asking.delete(itself) }))
        const { mode, said } = await asked
        if (!mode) return { end: { trouble: v4l2Trouble(camera.source, said.split('\n')) ?? nothingToShow(camera.source) }, pictures: false }
        return signal.aborted ? { end: { error: undefined }, pictures: false } : await show(camera, mode)
      } finally {
        used.delete(itself)
      }
    }

    const ask = async (camera: LiveCamera<V4l2Source>) => {
      const { path } = await toolchain.locate()
      const said = await devices.listFormats(path, camera.source.device, signal)
      return { said, mode: chooseMode(parseFormats(said), asCaptured(camera)) }
    }

    const show = async (camera: LiveCamera<V4l2Source>, mode: Mode): Promise<{ end: AttemptEnd, pictures: boolean }> => {
      const { width, height } = asCaptured(camera)
      const { size = { width: Infinity, height: Infinity } } = mode
      const fits = camera.crop === undefined && size.width <= (width ?? Infinity) && size.height <= (height ?? Infinity)
      const { width: _, height: __, ...unscaled } = camera
      let pictures = false
      return await new Promise(resolve => {
        current = byFfmpeg({ ...fits ? unscaled : camera, source: { ...camera.source, mode } }, {
          ...events,
          onPicture (picture) {
            pictures = true
            events.onPicture(picture)
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
