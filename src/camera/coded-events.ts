import type { AttemptEvents } from '../capture/attempt.js'
import type { CodedHub } from '../coded/coded-hub.js'
import type { Lifecycle } from '../lifecycle/lifecycle.js'

/** What an attempt's pictures, and its failure to bring any, mean for a hub and a lifecycle. */
export const codedEvents = (coded: CodedHub, lifecycle: Lifecycle): Pick<AttemptEvents, 'onCoded' | 'onBroken' | 'onUnchanged'> => ({
  onCoded (picture) {
    if (!lifecycle.alive) return
    coded.publish(picture)
    lifecycle.frame()
  },
  onBroken (failure) { lifecycle.broken(failure) },
  onUnchanged () { lifecycle.signOfLife() }
})
