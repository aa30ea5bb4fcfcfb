import { readdirSync } from 'node:fs'
import type { Camera } from '../config/registry.js'
import { decoderArguments, software, type Codec, type Decoder, type Hardware } from './decoder.js'
import { tryDecoder } from './trial.js'

/** A decoder that has not shown a picture after so long (milliseconds) never does; the first on a machine may load firmware. */
const TIME_LIMIT = 5_000

/**
 * What of /dev has to be there for each, in the order of preference: VA-API before CUDA, which takes some hundred MB for each process,
 * and before QSV, which is the same hardware through one layer more.
 */
const devices: ReadonlyArray<readonly [Hardware, RegExp]> = [
  ['vaapi', /^dri\/renderD\d+$/],
  ['cuda', /^nvidia\d+$|^dxg$/],
  ['qsv', /^dri\/renderD\d+$/],
  ['rkmpp', /^mpp_service$/],
  ['v4l2m2m', /^video\d+$/]
]

/** Our names of codecs by ffmpeg's and ours. */
const codecs: Readonly<Record<string, Codec>> = { h264: 'h264', hevc: 'h265', h265: 'h265' }
const called = { h264: 'H.264', h265: 'H.265' }

export interface DecodersParts {
  /** Names within /dev. */
  readonly listDevices: () => readonly string[]
  /** Of a trial, in milliseconds. */
  readonly timeLimit: number
}

/** The decoders of one ffmpeg on this machine. Each is tried once, with a few pictures, and what came of it remembered. */
export class Decoders {
  readonly #ffmpegPath: string
  readonly #closing: AbortSignal
  readonly #parts: DecodersParts
  /** By hardware and codec: why it does not work; undefined if it does. */
  readonly #trials = new Map<string, Promise<string | undefined>>()

  /** `closing` ends trials that are under way. */
  constructor (ffmpegPath: string, closing: AbortSignal, parts: DecodersParts = { listDevices, timeLimit: TIME_LIMIT }) {
    this.#ffmpegPath = ffmpegPath
    this.#closing = closing
    this.#parts = parts
  }

  /** The decoder for what a camera sends, `codec` in ffmpeg's words or ours: H.264 and H.265 alone are worth a hardware's while. */
  async choose (wanted: Camera['hwaccel'], codec: string | undefined): Promise<Decoder> {
    const known = codecs[codec ?? '']
    if (!known || wanted === undefined || wanted === 'none') return software
    const candidates = wanted === 'auto' ? this.#present() : [wanted]
    const trials = candidates.map(hardware => this.#problem(hardware, known)) // all begin now, and one that hangs holds up no better one
    const problems: string[] = []
    for (const [i, hardware] of candidates.entries()) {
      const problem = await trials[i]
      if (problem === undefined) return { name: hardware, args: decoderArguments(hardware, known) }
      problems.push(`${hardware} does not work here (${problem})`)
    }
    const why = problems.join(', ') || 'this machine has no device that could (/dev/dri/renderD128, /dev/nvidia0 and the like)'
    return { ...software, note: `${called[known]} is decoded in software, because ${why}.` }
  }

  #present (): Hardware[] {
    const there = this.#parts.listDevices()
    return devices.filter(([, device]) => there.some(name => device.test(name))).map(([hardware]) => hardware)
  }

  #problem (hardware: Hardware, codec: Codec): Promise<string | undefined> {
    const key = `${hardware} ${codec}`
    const trial = this.#trials.get(key) ?? tryDecoder(this.#ffmpegPath, hardware, codec, this.#parts.timeLimit, this.#closing)
    this.#trials.set(key, trial)
    return trial
  }
}

function listDevices (): string[] {
  const names = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return [] // containers have what they were given
    }
  }
  return [...names('/dev'), ...names('/dev/dri').map(name => `dri/${name}`)]
}
