import { Type, type Static } from 'typebox'
import { CamgateError } from '../errors.js'

/** A source that cannot be used. The message is for the person who wrote it, and quotes no secret; `key` is the wrong key of its map. */
export class SourceError extends CamgateError {
  readonly key: string | undefined

  constructor (message: string, key?: string) {
    super('SOURCE', message)
    this.key = key
  }
}

/** How RTP is carried: interleaved in the RTSP connection, or in separate datagrams. */
export const TransportSchema = Type.Union([Type.Literal('auto'), Type.Literal('tcp'), Type.Literal('udp')], {
  default: 'auto', description: 'How the camera sends its pictures; auto is tcp, or udp if the camera cannot do tcp. Packets lost over udp are not sent again.'
})
export type Transport = Static<typeof TransportSchema>

/** `args` go before ffmpeg's `-i`, `name` after it. Every user of the machine can read both. */
export interface NamedInput {
  args: string[]
  name: string
}

/** `args` go before ffmpeg's `-i pipe:0`. `stdin` is its whole standard input: the place for secrets. */
export interface PipedInput {
  args: string[]
  stdin: string
}

/** Names of input options that differ between versions of ffmpeg. `src/ffmpeg/` finds out which ones apply. */
export interface Dialect {
  /** `-stimeout` became `-timeout` in ffmpeg 5. */
  socketTimeout: 'timeout' | 'stimeout'
}
