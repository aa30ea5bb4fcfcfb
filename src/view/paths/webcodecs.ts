import { systemClock, type Clock } from '../../clock.js'
import type { TileConfig } from '../../wire/messages.js'
import { CatchUp } from './catch-up.js'
import { DecoderTrouble } from './decoder-trouble.js'
import type { EngineHost, EnginePath, Picture } from './path.js'

/** A picture that waits for longer in the decoder means that this machine is too slow: all that wait are dropped, up to the next key picture. */
const MAX_BACKLOG_MS = 1_000
/** A decoder begins with all pictures since the last key picture, which it may take longer for. */
const MAX_FIRST_BACKLOG_MS = 3_000
/** A decoder that holds so many bytes back must not keep the server from sending what makes it go on. */
const CREDIT_AFTER_MS = 400

interface Decoding { readonly picture: Picture, readonly timestamp: number, readonly at: number }

/** H.264 and H.265 by VideoDecoder, from Annex B: the parameter sets are in front of each key picture. */
export class WebCodecsPath implements EnginePath {
  readonly #config: TileConfig
  readonly #host: EngineHost
  readonly #clock: Clock
  readonly #catchUp: CatchUp<VideoFrame>
  readonly #trouble: DecoderTrouble
  #decoder: VideoDecoder
  /** In the order in which they were given to the decoder. */
  #decoding: Decoding[] = []
  #timestamp = 0
  #needsKey = true
  /** Until it has shown all that it was given. */
  #isBeginning = true
  #cancelCredit: (() => void) | undefined

  constructor (config: TileConfig, host: EngineHost, clock = systemClock) {
    this.#config = config
    this.#host = host
    this.#clock = clock
    this.#catchUp = new CatchUp<VideoFrame>(clock, host)
    this.#trouble = new DecoderTrouble(clock)
    this.#decoder = this.#open()
  }

  add (picture: Picture): void {
    const { key, discontinuity } = picture.header
    this.#needsKey = (this.#needsKey || discontinuity) && !key
    if (this.#needsKey || this.#decoder.state !== 'configured') return picture.done()
    const now = this.#clock.now()
    if (now - (this.#decoding[0]?.at ?? now) > (this.#isBeginning ? MAX_FIRST_BACKLOG_MS : MAX_BACKLOG_MS)) {
      this.#restart()
      this.#needsKey = !key
      if (!key) return picture.done()
    }
    if (this.#trouble.isSilent()) {
      picture.done()
      return this.#recover('The decoder has shown nothing.')
    }
    const timestamp = this.#timestamp++
    this.#decoding.push({ picture, timestamp, at: now })
    this.#trouble.given()
    this.#creditLater()
    try {
      this.#decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp, data: picture.data }))
    } catch (error) {
      this.#recover(String(error))
    }
  }

  close (): void {
    this.#forget()
    if (this.#decoder.state !== 'closed') this.#decoder.close()
  }

  #open (): VideoDecoder {
    this.#isBeginning = true
    const decoder = new VideoDecoder({
      output: frame => this.#decoder === decoder ? this.#decoded(frame) : frame.close(),
      error: error => { if (this.#decoder === decoder) this.#recover(error.message, error.name) }
    })
    try {
      this.#configure(decoder)
    } catch (error) { // it does not even know how to read the codec's name
      decoder.close()
      this.#host.failed(String(error))
    }
    return decoder
  }

  #configure (decoder: VideoDecoder): void {
    decoder.configure({
      codec: this.#config.codec,
      optimizeForLatency: !this.#config.reorders, // the default holds each picture until the next one comes
      hardwareAcceleration: this.#trouble.software ? 'prefer-software' : 'no-preference'
    })
  }

  /** Drops what waits in the decoder. If it is silent, it stays so. */
  #restart (): void {
    this.#forget()
    this.#isBeginning = false // even if it never keeps up, something is shown
    this.#decoder.reset()
    this.#configure(this.#decoder)
  }

  /** QuotaExceededError: the browser has taken the decoder away, as it does with those that nobody has looked at for a while. */
  #recover (reason: string, name = ''): void {
    this.close()
    if (name === 'NotSupportedError' || (name !== 'QuotaExceededError' && this.#trouble.isTooMuch())) return this.#host.failed(reason)
    this.#needsKey = true
    this.#trouble.restarted()
    this.#decoder = this.#open()
    this.#host.again()
  }

  #decoded (frame: VideoFrame): void {
    this.#trouble.shown()
    const index = this.#decoding.findIndex(({ timestamp }) => timestamp === frame.timestamp)
    const decoding = this.#decoding[index]
    if (!decoding) return frame.close()
    // Without reordering, an earlier picture that has not come out never will.
    for (const { picture } of this.#decoding.splice(this.#config.reorders ? index : 0, this.#config.reorders ? 1 : index + 1)) picture.done()
    if (this.#decoding.length === 0) this.#isBeginning = false
    this.#catchUp.add(decoding.picture.header, frame, this.#decoding.length, this.#isBeginning)
  }

  #creditLater (): void {
    this.#cancelCredit ??= this.#clock.after(CREDIT_AFTER_MS, () => {
      this.#cancelCredit = undefined
      const now = this.#clock.now()
      for (const { picture, at } of this.#decoding) if (now - at >= CREDIT_AFTER_MS) picture.done()
      if (this.#decoding.length > 0) this.#creditLater()
    })
  }

  #forget (): void {
    this.#cancelCredit?.()
    this.#cancelCredit = undefined
    this.#catchUp.clear()
    for (const { picture } of this.#decoding.splice(0)) picture.done()
  }
}
