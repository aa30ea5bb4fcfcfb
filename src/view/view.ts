import { CamgateView } from './elements/camgate-view.js'
import { CamgateWall } from './elements/camgate-wall.js'
import { runEngine } from './engine/run.js'
import type { ToEngine } from './protocol.js'

if ('WorkerGlobalScope' in globalThis) {
  const engine = runEngine((message, transfer = []) => postMessage(message, { transfer }))
  addEventListener('message', ({ data }: MessageEvent<ToEngine>) => engine.receive(data))
} else if (!customElements.get('camgate-view')) { // a page may have loaded this twice
  customElements.define('camgate-view', CamgateView)
  customElements.define('camgate-wall', CamgateWall)
}
