import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import type { InputReport } from './input.js'

/** A camera is not spoken of again for so long: milliseconds. */
const QUIET = 60_000

interface Counts { readonly packets: number, readonly pictures: number }

/** Warns in the log while a camera's pictures are damaged, of each camera once a minute at most. */
export function tellingDamage (launch: Launch, clock: Clock, log: Pick<Logger, 'warn'>): Launch {
  const toldAt = new Map<string, number>() // by the camera's id
  return (camera, events) => {
    let told: Counts = { packets: 0, pictures: 0 }
    const tell = () => {
      const now = clock.now()
      if (now - (toldAt.get(camera.id) ?? -Infinity) < QUIET) return
      const input = attempt.input()
      if (input?.ingest !== 'direct') return
      toldAt.set(camera.id, now)
      const counts = { packets: input.packetsLost ?? 0, pictures: input.picturesDamaged }
      log.warn({ camera: camera.id }, sentence(camera, input, { packets: counts.packets - told.packets, pictures: counts.pictures - told.pictures }))
      told = counts
    }
    const attempt = launch(camera, {
      ...events,
      onPicture (picture) {
        if (picture.damaged) tell()
        events.onPicture(picture)
      }
    })
    return attempt
  }
}

function sentence ({ name, onLoss }: LiveCamera, { transport }: InputReport & { ingest: 'direct' }, { packets, pictures }: Counts): string {
  const cause = packets > 0 ? `: ${counted(packets, 'packet')} of the camera's did not arrive` : ''
  const shown = onLoss === 'hold' ? 'none is shown up to the next clean one' : 'they are shown, marked X-Damaged, up to the next clean one'
  const cure = { udp: ' With transport: tcp, what is lost is sent again.', tcp: ' Over TCP, it is the camera that leaves packets out: have it send a lower bit rate.', http: '', pipe: '' }[transport]
  return `${name}: ${counted(pictures, 'damaged picture')}${cause}; ${shown}.${cure}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
