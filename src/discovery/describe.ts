import type { Clock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import { CamgateError, defectOf } from '../errors.js'
import { newAuthMemory } from '../http-auth/authorizer.js'
import { addressOf, type CameraAddress } from '../ingest/address.js'
import { OnvifDevice } from '../onvif/device.js'
import { onvifProblem } from '../onvif/failure.js'
import { streamsOf, type OnvifStreams } from '../onvif/streams.js'
import type { FoundDevice } from './search.js'

/** A recorder with 64 channels is asked more than a hundred times. */
const MAX_DESCRIBING_MS = 30_000

/** A device that was found, with what it says of itself. */
export interface DescribedDevice extends FoundDevice {
  readonly maker: string
  /** Empty without a login, and if there is a problem. */
  readonly channels: OnvifStreams['channels']
  readonly hasPtz: boolean
  /** Why there are no streams, in whole sentences. */
  readonly problem: string | null
}

export const undescribed = (device: FoundDevice): DescribedDevice => ({ ...device, maker: '', channels: [], hasPtz: false, problem: null })

/** Asks a device that was found for its streams, with one login. Never sends the password itself, because nobody knows who answers. */
export async function describe (found: FoundDevice, credentials: Credentials, clock: Clock): Promise<DescribedDevice> {
  const address: CameraAddress = addressOf(found.onvif, true)!
  const device = new OnvifDevice({ address, credentials, auth: { memory: { ...newAuthMemory(), digest: true } }, clock })
  let isSlow = false
  const cancel = clock.after(MAX_DESCRIBING_MS, () => {
    isSlow = true
    void device.close()
  })
  try {
    return { ...found, ...await streamsOf(device, found.address), problem: null }
  } catch (error) {
    if (isSlow) return { ...undescribed(found), problem: `It has not said all of its streams within ${MAX_DESCRIBING_MS / 1_000} s.` }
    const defect = defectOf(error)
    if (defect) throw defect
    const { host, port } = address
    const sends = error instanceof CamgateError && error.code === 'DOWNGRADE'
    return {
      ...undescribed(found),
      problem: sends ? 'It asks for the password itself (Basic), which is not sent to a device that was only found.' : onvifProblem(error as Error, { hasCredentials: true, place: { host, port, path: '/' } })
    }
  } finally {
    cancel()
    await device.close()
  }
}
