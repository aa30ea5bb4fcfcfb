import type { Clock } from '../clock.js'
import { placesOf } from '../config/notify/camera-places.js'
import type { Registry } from '../config/registry.js'
import { resolveBySystem } from './addresses.js'
import { CameraAddresses } from './camera-addresses.js'
import { headersOf, messageAbout } from './message.js'
import { post } from './post.js'
import { nameOf } from './target.js'
import { reasonOf, verdictOf } from './verdict.js'

/** `answer`: in words that follow the name. */
export interface TestResult { readonly name: string, readonly accepted: boolean, readonly answer: string }

/** Posts a test to every receiver, once. Never rejects. */
export async function sendTest ({ notify, cameras }: Pick<Registry, 'notify' | 'cameras'>, clock: Clock): Promise<TestResult[]> {
  const { signal } = new AbortController()
  const places = await new CameraAddresses(resolveBySystem, clock).resolved(cameras.flatMap(placesOf), signal)
  return await Promise.all(notify.map(async ({ url, credentials, key }, index) => {
    const message = messageAbout('test', [], clock.wall())
    const parts = { clock, places, resolve: resolveBySystem, signal }
    const outcome = await post({ url, credentials, headers: headersOf(message, key, clock.wall()), body: message.body }, parts)
    return { name: nameOf(url, index), accepted: verdictOf(outcome) === 'delivered', answer: reasonOf(outcome) }
  }))
}
