import { readdirSync } from 'node:fs'
import type { Camera } from '../config/registry.js'
import { decoderArguments, software, type Codec, type ChosenDecoder, type Hardware } from './decoder.js'
import { tryDecoder } from './trial.js'

/** Long, because the first trial on a machine may load firmware. */
const TRIAL_TIMEOUT_MS = 5_000

/**
 * The devices in /dev that each hardware needs, in order of preference. VA-API precedes CUDA, which takes some hundred MB per process,
 * and QSV, which is the same hardware through one more layer.
 */
const devices: ReadonlyArray<readonly [Hardware, RegExp]> = [
  ['vaapi', /^dri\/renderD\d+$/],
  ['cuda', /^nvidia\d+$|^dxg$/],
  ['qsv', /^dri\/renderD\d+$/],
  ['rkmpp', /^mpp_service$/],
  ['v4l2m2m', /^video\d+$/]
]

/** camgate's names of codecs, by ffmpeg's names and by its own. */
const codecs: Readonly<Record<string, Codec>> = { h264: 'h264', hevc: 'h265', h265: 'h265' }
const titles = { h264: 'H.264', h265: 'H.265' }

export interface DecodersParts {
  /** Names within /dev. */
  readonly listDevices: () => readonly string[]
  readonly timeoutMs: number
}

/** The decoders of one ffmpeg on this machine. Tries each once, with a few pictures, and caches the result. */
export class Decoders {
  readonly #ffmpegPath: string
  readonly #closing: AbortSignal
  readonly #parts: DecodersParts
  /** By hardware and codec: why it does not work; undefined if it works. */
  readonly #trials = new Map<string, Promise<string | undefined>>()

  /** `closing` ends running trials. */
  constructor (ffmpegPath: string, closing: AbortSignal, parts: DecodersParts = { listDevices, timeoutMs: TRIAL_TIMEOUT_MS }) {
    this.#ffmpegPath = ffmpegPath
    this.#closing = closing
    this.#parts = parts
  }

  /** Chooses the decoder for a codec, by ffmpeg's name or camgate's. Only H.264 and H.265 are worth hardware. */
  async choose (wanted: Camera['hwaccel'], codec: string | undefined): Promise<ChosenDecoder> {
    const known = codecs[codec ?? '']
    if (!known || wanted === undefined || wanted === 'none') return software
    const candidates = wanted === 'auto' ? this.#present() : [wanted]
    const trials = candidates.map(hardware => this.#problem(hardware, known)) // all start now, so that a hanging one does not delay a better one
    const problems: string[] = []
    for (const [i, hardware] of candidates.entries()) {
      const problem = await trials[i]
      if (problem === undefined) return { name: hardware, args: decoderArguments(hardware, known) }
      problems.push(`${hardware} does not work here (${problem})`)
    }
    const why = problems.join(', ') || 'this machine has no device that could (/dev/dri/renderD128, /dev/nvidia0 and the like)'
    return { ...software, note: `${titles[known]} is decoded in software, because ${why}.` }
  }

  #present (): Hardware[] {
    const present = this.#parts.listDevices()
    return devices.filter(([, device]) => present.some(name => device.test(name))).map(([hardware]) => hardware)
  }

  #problem (hardware: Hardware, codec: Codec): Promise<string | undefined> {
    const key = `${hardware} ${codec}`
    const trial = this.#trials.get(key) ?? tryDecoder(this.#ffmpegPath, hardware, codec, this.#parts.timeoutMs, this.#closing)
    this.#trials.set(key, trial)
    return trial
  }
}

function listDevices (): string[] {
  const names = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return [] // a container may have no such folder
    }
  }
  return [...names('/dev'), ...names('/dev/dri').map(name => `dri/${name}`)]
}
