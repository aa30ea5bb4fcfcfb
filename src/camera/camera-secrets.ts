import { addCredentials, addSecrets } from '../text/redact.js'
import type { LiveCamera } from '../config/registry.js'

type Holder = Pick<LiveCamera, 'secrets' | 'credentials'>

/** A camera's secrets, which no text may show. Old ones are forgotten only when nothing is left that could print them. */
export class CameraSecrets {
  #forget: () => void

  constructor (camera: Holder) {
    this.#forget = hide(camera)
  }

  /** Hides those of the changed configuration from now on. Call the returned function to forget the old ones. */
  replace (camera: Holder): () => void {
    const forget = this.#forget
    this.#forget = hide(camera)
    return forget
  }

  forget (): void { this.#forget() }
}

function hide ({ secrets = [], credentials }: Holder): () => void {
  const forget = [addSecrets(secrets), ...credentials ? [addCredentials(credentials)] : []]
  return () => { for (const each of forget) each() }
}
