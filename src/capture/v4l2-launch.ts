import { realpath } from 'node:fs/promises'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { listFormats } from '../ffmpeg/device.js'
import { ffmpegFailure } from '../ffmpeg/failure.js'
import type { Ffmpeg } from '../ffmpeg/install.js'
import { neverSpawned } from '../ffmpeg/process.js'
import { rotated } from '../picture-size.js'
import { automatic, nodeFailure, nothingToShow, noWebcam, taken, v4l2Failure, worstOf, type V4l2Source } from '../sources/v4l2.js'
import { chooseMode, parseFormats, type Mode } from '../v4l2/formats.js'
import { listNodes, lookAt } from '../v4l2/nodes.js'
import type { Attempt, Launch } from './attempt.js'

/** Access to the machine's devices. Tests inject their own. */
export interface Devices {
  readonly list: typeof listNodes
  readonly lookAt: typeof lookAt
  readonly listFormats: typeof listFormats
}

/**
 * Attempts at devices. Looks at the file system first, because that costs nothing. Then lists an existing device's formats, and ffmpeg reads it
 * in the mode nearest to the configured size. `auto` skips devices that other cameras name or use.
 */
export function v4l2Launch (
  install: { locate (): Promise<Pick<Ffmpeg, 'path'>> }, byFfmpeg: Launch<V4l2Source>, cameras: () => readonly LiveCamera[], devices: Devices = { list: listNodes, lookAt, listFormats }
): Launch<V4l2Source> {
  // Shared by all cameras: a device serves one at a time.
  const inUse = new Set<string>() // from before a device is probed until its attempt is over
  const beingProbed = new Map<string, Promise<void>>() // until it is known whether the device stays in use
  const named = () => cameras().flatMap(({ source }) => source.type === 'v4l2' && source.device !== 'auto' ? [source.device] : [])

  return (camera, events, memory) => {
    const stopping = new AbortController()
    const { signal } = stopping
    let current: Attempt | undefined

    const search = async (): Promise<Failure | undefined> => {
      const { device: wanted } = camera.source
      const reserved = wanted === 'auto' ? await Promise.all(named().map(canonical)) : []
      const candidates = wanted === 'auto' ? await present() : [wanted]
      const failures: Failure[] = []
      const others: string[] = []
      for (const device of candidates) {
        const source = { ...camera.source, device }
        const canonicalPath = await canonical(device)
        const node = await devices.lookAt(device)
        const failure = node === 'device' ? undefined : nodeFailure(source, node, await devices.list())
        while (beingProbed.has(canonicalPath)) await beingProbed.get(canonicalPath)
        if (signal.aborted) return undefined
        if (reserved.includes(canonicalPath) || inUse.has(canonicalPath)) {
          others.push(device)
          continue
        }
        if (failure) {
          failures.push(failure)
          continue
        }
        const end = await read({ ...camera, source }, canonicalPath)
        if (!end.failure?.deviceFault || end.hadPictures) return end.failure
        failures.push(end.failure)
      }
      if (signal.aborted) return undefined
      if (wanted !== 'auto') return failures[0] ?? taken(others)
      return candidates.length === 0 ? noWebcam(await devices.list()) : worstOf(failures, candidates, others)
    }

    const present = async () => {
      const nodes = await Promise.all(automatic.map(async device => ({ device, node: await devices.lookAt(device) })))
      return nodes.filter(({ node }) => node !== 'missing').map(({ device }) => device)
    }

    const read = async (camera: LiveCamera<V4l2Source>, canonicalPath: string): Promise<{ failure: Failure | undefined, hadPictures: boolean }> => {
      inUse.add(canonicalPath)
      try {
        const probing = probe(camera)
        beingProbed.set(canonicalPath, probing.then(({ mode }) => { if (!mode) inUse.delete(canonicalPath) }, () => { inUse.delete(canonicalPath) }).then(() => { beingProbed.delete(canonicalPath) }))
        const { mode, answer } = await probing
        if (!mode) return { failure: v4l2Failure(camera.source, answer.split('\n')) ?? nothingToShow(camera.source), hadPictures: false }
        return signal.aborted ? { failure: undefined, hadPictures: false } : await show(camera, mode)
      } finally {
        inUse.delete(canonicalPath)
      }
    }

    const probe = async (camera: LiveCamera<V4l2Source>) => {
      const { path } = await install.locate()
      const answer = await devices.listFormats(path, camera.source.device, signal)
      return { answer, mode: chooseMode(parseFormats(answer), captureSize(camera)) }
    }

    const show = async (camera: LiveCamera<V4l2Source>, mode: Mode): Promise<{ failure: Failure | undefined, hadPictures: boolean }> => {
      const { width, height } = captureSize(camera)
      const { size = { width: Infinity, height: Infinity } } = mode
      const fits = camera.crop === undefined && size.width <= (width ?? Infinity) && size.height <= (height ?? Infinity)
      const { width: _, height: __, ...unscaled } = camera
      let hadPictures = false
      return await new Promise(resolve => {
        current = byFfmpeg({ ...fits ? unscaled : camera, source: { ...camera.source, mode } }, {
          ...events,
          onPicture (picture) {
            hadPictures = true
            events.onPicture(picture)
          },
          onExit: failure => resolve({ failure, hadPictures })
        }, memory)
      })
    }

    void search().catch((error: NodeJS.ErrnoException) => signal.aborted ? undefined : ffmpegFailure(neverSpawned(error), false))
      .then(failure => events.onExit(failure))
    return {
      get lastFailure () { return current?.lastFailure },
      input: () => current?.input() ?? null,
      stop () {
        stopping.abort()
        current?.stop()
      }
    }
  }
}

/** The size to capture from the device, before cropping and rotation. */
function captureSize ({ width, height, crop, rotate }: Pick<LiveCamera, 'width' | 'height' | 'crop' | 'rotate'>) {
  if (crop) return { width: crop.x + crop.width, height: crop.y + crop.height }
  return rotated({ width, height }, rotate)
}

/** Resolves links such as those in /dev/v4l/by-id, so that a device has one name. */
const canonical = (device: string): Promise<string> => realpath(device).catch(() => device)
