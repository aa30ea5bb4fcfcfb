import type { Subscription } from '../frames/subscriber.js'
import type { Clock } from '../clock.js'
import type { LiveConfig, LivePicture } from '../live/live-picture.js'
import type { LiveVideo } from '../live/live-video.js'
import type { Source, SourceConfig, Take, TilePicture } from './source.js'

/** A picture that has waited longer for its turn is skipped, with all up to the next key picture. */
const MAX_AGE_MS = 500
/** A new viewer gets the pictures since the last key picture, as fast as its client takes them. */
const JOIN_TIMEOUT_MS = 2_000

/** A camera's own video. `behind` is called when pictures are skipped because they are too old. */
export function openVideo (live: LiveVideo, from: SourceConfig['from'], take: Take, clock: Clock, subscription: Subscription<LivePicture>, behind: () => void): Source {
  const joinedAt = clock.now()
  let known: { readonly live: LiveConfig, readonly config: SourceConfig } | undefined
  const configOf = (live: LiveConfig): SourceConfig => {
    if (known?.live === live) return known.config
    const { kind, codec, width, height, reorders } = live
    known = { live, config: { kind, codec, width, height, reorders, from } }
    return known.config
  }
  const subscriber = live.subscribe({
    write: ({ key, seq, at, bytes, config }, done) => take({ kind: config.kind, key, seq, at, bytes, config: configOf(config) }, done),
    end () {}
  }, subscription)
  return {
    get dropped () { return subscriber.dropped },
    best (held: TilePicture, now) {
      if (!held.config || now <= Math.max(held.at + MAX_AGE_MS, joinedAt + JOIN_TIMEOUT_MS)) return held
      subscriber.skip()
      behind()
      return undefined
    },
    skip () { subscriber.skip() },
    shown (ageMs) { subscriber.shownAgeMs = ageMs },
    end () { subscriber.end() }
  }
}
