import type { InputStatus } from '../src/capture/input.js'
import type { DecoderStatus } from '../src/decoder/status.js'
import type { CameraStatus, RenditionStatus } from '../src/stream/status.js'

/** Statuses as the service returns them, for tests to vary. */
export const renditionStatus: RenditionStatus = {
  state: 'running',
  since: '2026-01-01T00:00:00.000Z',
  failure: null,
  nextRetryAt: null,
  fps: 4.9,
  frameAgeMs: 12,
  width: 320,
  height: 180,
  viewers: 1,
  watching: [],
  framesTotal: 40,
  droppedTotal: 0
}

export const viewerStatus: CameraStatus['watching'][number] = { from: '192.0.2.x', by: 'mjpeg', since: '2026-01-01T00:00:03.000Z', fps: 4.5, droppedTotal: 1, lagMs: 20, shownAgeMs: null }

/** Only the reader of the camera is known. */
export const inputStatus: InputStatus = {
  ingest: 'ffmpeg',
  reason: null,
  transport: null,
  copied: null,
  codec: null,
  profile: null,
  width: null,
  height: null,
  fps: null,
  bitsPerSecond: null,
  packetsLost: null,
  picturesDamaged: null,
  damaged: null,
  jitterMs: null,
  keyIntervalMs: null,
  group: null,
  groupExceeded: null,
  pictureAgeMs: null,
  reorders: null,
  reorderDelayMs: null,
  notes: [],
  cameraTime: null
}

export const decoderStatus: DecoderStatus = { name: 'software', state: 'running', since: '2026-01-01T00:00:01.000Z', failure: null, nextRetryAt: null, for: 'viewers', notes: [], overloaded: null }

export const cameraStatus: CameraStatus = {
  name: 'Yard',
  address: 'rtsp://cam/live',
  simulated: false,
  ...renditionStatus,
  fpsLimit: 20,
  onDemand: false,
  input: null,
  decoder: null,
  restarts: 0,
  renditions: {},
  substream: null,
  ptz: null
}
