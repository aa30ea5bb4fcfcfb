import type { Accepted } from '../../wire/messages.js'
import { JpegPath } from './jpeg.js'
import type { EnginePathOf } from './path.js'
import { WebCodecsPath } from './webcodecs.js'

const webCodecs: EnginePathOf = (config, host) => new WebCodecsPath(config, host)

/** What decodes each kind of picture in the engine. */
export const enginePaths: { readonly [kind in Accepted]: EnginePathOf } = { h264: webCodecs, h265: webCodecs, jpeg: (_config, host) => new JpegPath(host) }
