import type { Attempt, Launch } from '../capture/attempt.js'
import type { Clock } from '../clock.js'

/** What has come from a camera, by all attempts together. Costs a few additions for each picture. */
export class Received {
  pictures = 0
  /** Of whole pictures, as the camera coded them; from an ffmpeg that reads the camera, as it made them. */
  bytes = 0
  /** When the newest came, or the camera last said that it still is the newest: the clock's `now()`. */
  newestAt: number | undefined
  /** In attempts that are over. */
  #damagedBefore = 0
  #attempt: Attempt | undefined

  /** Pictures that lacked a part and were dropped, or depend on something that was lost. */
  get damaged (): number { return this.#damagedBefore + damagedIn(this.#attempt) }

  /** The same launch, whose attempts are counted. There is one at a time. */
  counted ({ launch, clock }: { readonly launch: Launch, readonly clock: Clock }): Launch {
    return (camera, events, memory) => {
      const attempt = launch(camera, {
        ...events,
        onPicture: picture => {
          this.#add(picture.length, picture.at)
          events.onPicture(picture)
        },
        onCoded: picture => {
          this.#add(picture.bytes.length, picture.at)
          events.onCoded(picture)
        },
        onUnchanged: () => {
          if (this.newestAt !== undefined) this.newestAt = clock.now()
          events.onUnchanged()
        },
        onExit: failure => {
          this.#damagedBefore += damagedIn(attempt)
          this.#attempt = undefined
          events.onExit(failure)
        }
      }, memory)
      this.#attempt = attempt
      return attempt
    }
  }

  #add (bytes: number, at: number): void {
    this.pictures++
    this.bytes += bytes
    this.newestAt = at
  }
}

function damagedIn (attempt: Attempt | undefined): number {
  const input = attempt?.input()
  return input?.ingest === 'direct' ? input.picturesDamaged : 0
}
