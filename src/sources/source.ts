import { Type, type Static } from 'typebox'
import { CamgateError } from '../errors.js'

/** A source that cannot be used, told for the person who wrote it, with nothing secret quoted; `key` is that of its map which is at fault. */
export class SourceError extends CamgateError {
  readonly key: string | undefined

  constructor (message: string, key?: string) {
    super('SOURCE', message)
    this.key = key
  }
}

/** How RTP travels: interleaved in the RTSP connection, or in datagrams of its own. */
export const TransportSchema = Type.Union([Type.Literal('auto'), Type.Literal('tcp'), Type.Literal('udp')], {
  default: 'auto', description: 'How the camera sends its pictures; auto is tcp, and udp where it does not do that. Over udp, what is lost is lost.'
})
export type Transport = Static<typeof TransportSchema>

/** What ffmpeg reads: `args` that stand before `-i`, and what stands behind it, which every user of the machine may read. */
export interface NamedInput {
  args: string[]
  name: string
}

/** What ffmpeg reads: `args` that stand before `-i pipe:0`, and the whole of its standard input, which is where secrets go. */
export interface PipedInput {
  args: string[]
  stdin: string
}

/** Where versions of ffmpeg differ in what they call an input option; `src/ffmpeg/` finds out which one it has. */
export interface Dialect {
  /** `-stimeout` became `-timeout` in ffmpeg 5. */
  socketTimeout: 'timeout' | 'stimeout'
}
