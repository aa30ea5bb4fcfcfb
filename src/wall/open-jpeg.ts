import { AdaptiveSubscriber } from '../adaptive/adaptive-subscriber.js'
import type { Clock } from '../clock.js'
import type { Frame } from '../frames/frame.js'
import type { Subscription } from '../frames/subscriber.js'
import type { StreamOption } from '../renditions/renditions.js'
import type { Source, SourceConfig, Take, TilePicture } from './source.js'

export interface JpegParts {
  /** What the connection may be given, the largest first. */
  readonly options: readonly StreamOption[]
  /** Why the tile is given no video that it accepts, in words. */
  readonly why: string | undefined
  readonly clock: Clock
  readonly subscription: Subscription<Frame>
  /** Called when a smaller one is chosen. */
  readonly movedDown: () => void
}

/** JPEGs of a camera's own picture, or of the rendition that the connection can carry. The newest one is sent, however slow the client is. */
export function openJpeg ({ options, why, clock, subscription, movedDown }: JpegParts, take: Take): Source {
  let config: SourceConfig | undefined
  const configOf = ({ width, height }: Frame): SourceConfig => {
    const { name } = options[subscriber.current]!
    if (config?.width !== width || config.height !== height) config = { kind: 'jpeg', codec: 'jpeg', width, height, reorders: false, from: { kind: 'rendition', name }, ...why !== undefined && { why } }
    return config
  }
  const pictureOf = (frame: Frame): TilePicture => ({ kind: 'jpeg', key: true, seq: frame.seq, at: frame.at, bytes: frame.jpeg, config: frame.live ? configOf(frame) : undefined })
  const subscriber = new AdaptiveSubscriber({
    options,
    sink: {
      write: (frame, done) => take(pictureOf(frame), done),
      end () {},
      link: () => undefined // other tiles share the connection: what this one was sent shows what it can have
    },
    clock,
    subscription,
    onSwitch (to, from) { if (to > from) movedDown() }
  })
  subscriber.start()
  return {
    get dropped () { return subscriber.dropped },
    best (held) {
      const newer = subscriber.exchange()
      return newer ? pictureOf(newer) : held
    },
    skip () {},
    shown (ageMs) { subscriber.shown(ageMs) },
    end () { subscriber.end() }
  }
}
