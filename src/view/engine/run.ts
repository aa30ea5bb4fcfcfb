import { systemClock } from '../../clock.js'
import type { Accepted } from '../../wire/messages.js'
import type { FromEngine } from '../protocol.js'
import { Engine } from './engine.js'
import { FrameScaler } from './frame-scaler.js'
import { hasGpu } from './gpu.js'

/** Asking for a GPU takes a while where there is one, so it waits until the first pictures have come. */
const ASK_FOR_GPU_AFTER_MS = 1_000
const CODECS = { h264: 'avc1.64001f', h265: 'hev1.1.6.L93.B0' } as const

/** Starts an engine, in a worker or in the page, and says what can be decoded here. */
export function runEngine (post: (message: FromEngine, transfer?: Transferable[]) => void): Engine {
  let scaler: FrameScaler | undefined
  systemClock.after(ASK_FOR_GPU_AFTER_MS, () => { scaler = hasGpu(new OffscreenCanvas(1, 1)) ? undefined : new FrameScaler() })
  const engine = new Engine({
    clock: systemClock,
    get scaler () { return scaler },
    post,
    openSocket: (url, protocols) => new WebSocket(url, protocols),
    nextFrame: paint => {
      if ('requestAnimationFrame' in globalThis) requestAnimationFrame(paint)
      else systemClock.after(16, paint)
    }
  })
  void decoded().then(accepts => post({ op: 'ready', accepts }))
  return engine
}

/** What VideoDecoder decodes. There is none on an insecure origin. */
async function decoded (): Promise<Accepted[]> {
  if (!('VideoDecoder' in globalThis)) return []
  const kinds = Object.keys(CODECS) as (keyof typeof CODECS)[]
  const supported = await Promise.all(kinds.map(async kind => await VideoDecoder.isConfigSupported({ codec: CODECS[kind] }).then(answer => answer.supported === true, () => false)))
  return kinds.filter((_, index) => supported[index])
}
