import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import type { Launch } from './attempt.js'
import type { InputReport } from './input.js'

const LOG_INTERVAL_MS = 60_000

interface Counts { readonly packets: number, readonly pictures: number }

/** Logs a warning while a camera's pictures are damaged, at most once a minute. */
export const logDamage = (launch: Launch, clock: Clock, log: Pick<Logger, 'warn'>): Launch => (camera, events, memory) => {
  let logged: Counts = { packets: 0, pictures: 0 }
  const warn = () => {
    const now = clock.now()
    if (now - memory.damageLoggedAt < LOG_INTERVAL_MS) return
    const input = attempt.input()
    if (input?.ingest !== 'direct') return
    memory.damageLoggedAt = now
    const counts = { packets: input.packetsLost ?? 0, pictures: input.picturesDamaged }
    log.warn({ camera: camera.id }, sentence(camera, input, { packets: counts.packets - logged.packets, pictures: counts.pictures - logged.pictures }))
    logged = counts
  }
  const attempt = launch(camera, {
    ...events,
    onPicture (picture) {
      if (picture.damaged) warn()
      events.onPicture(picture)
    },
    onCoded (picture) {
      if (picture.damaged) warn()
      events.onCoded(picture)
    }
  }, memory)
  return attempt
}

function sentence ({ name, onLoss }: LiveCamera, { transport }: InputReport & { ingest: 'direct' }, { packets, pictures }: Counts): string {
  const cause = packets > 0 ? `: ${counted(packets, 'packet')} of the camera's did not arrive` : ''
  const shown = onLoss === 'hold' ? 'none is shown up to the next clean one' : 'they are shown, marked X-Damaged, up to the next clean one'
  const cure = { udp: ' With transport: tcp, what is lost is sent again.', tcp: ' Over TCP, it is the camera that leaves packets out: have it send a lower bit rate.', http: '', pipe: '' }[transport]
  return `${name}: ${counted(pictures, 'damaged picture')}${cause}; ${shown}.${cure}`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
