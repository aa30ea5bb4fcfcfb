import { includes, type Principal } from '../access/principal.js'
import type { CameraStatus, RenditionStatus } from '../stream/status.js'

/** A camera's status as this principal may read it: only administrators learn who watches. */
export function statusFor ({ right }: Principal, status: CameraStatus): CameraStatus {
  if (includes(right, 'admin')) return status
  const renditions = Object.entries(status.renditions).map(([name, rendition]) => [name, { ...rendition, watching: nameless(rendition) }])
  return { ...status, watching: nameless(status), renditions: Object.fromEntries(renditions) }
}

const nameless = ({ watching }: RenditionStatus) => watching.map(({ user, ...viewer }) => viewer)
