import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { Subscription } from '../frames/subscriber.js'
import type { Source, SourceConfig, Take, TilePicture } from './source.js'

/** JPEGs of a camera's own picture, or of one of its renditions. The newest one is sent, however slow the client is. */
export function openJpeg (hub: Hub<Frame>, from: Pick<SourceConfig, 'from' | 'why'>, take: Take, subscription: Subscription<Frame>): Source {
  let config: SourceConfig | undefined
  const configOf = ({ width, height }: Frame): SourceConfig => {
    if (config?.width !== width || config.height !== height) config = { kind: 'jpeg', codec: 'jpeg', width, height, reorders: false, ...from }
    return config
  }
  const pictureOf = (frame: Frame): TilePicture => ({ kind: 'jpeg', key: true, seq: frame.seq, at: frame.at, bytes: frame.jpeg, config: frame.live ? configOf(frame) : undefined })
  const subscriber = hub.subscribe({ write: (frame, done) => take(pictureOf(frame), done), end () {} }, subscription)
  return {
    get dropped () { return subscriber.dropped },
    best (held) {
      const newer = subscriber.exchange()
      return newer ? pictureOf(newer) : held
    },
    skip () { subscriber.skip() },
    shown (ageMs) { subscriber.shownAgeMs = ageMs },
    end () { subscriber.end() }
  }
}
