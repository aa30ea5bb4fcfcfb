import { MAX_CLOCK_OFF_MS, MAX_KEY_INTERVAL_MS } from '../probe/todo.js'
import type { CameraStatus } from '../stream/status.js'
import { finding, worstFirst, type Finding } from './finding.js'

/** What a running camgate knows about one of its cameras, worst first. Never empty. Pure: `now` is in milliseconds since 1970. */
export function findingsOfStatus (id: string, status: CameraStatus, now: number): Finding[] {
  const found = [...stateFindings(id, status), ...decoderFindings(id, status), ...inputFindings(id, status, now)]
  return found.length > 0 ? worstFirst(found) : [finding('note', `camera ${id}`, 'fine', 'camgate reads this camera, and pictures come.')]
}

function stateFindings (id: string, { state, failure, name }: CameraStatus): Finding[] {
  const about = `camera ${id}`
  if (failure && state !== 'stopped') return [finding('error', about, failure.code, failure.message)]
  switch (state) {
    case 'stopped': return [finding('note', about, 'stopped', `${name} was stopped by hand, or is not enabled in cameras.yaml, and stays so until somebody starts it.`, 'Press Start.')]
    case 'idle': return [finding('note', about, 'idle', `${name} is read only while somebody watches (onDemand).`, 'Open its picture to wake it.')]
    case 'starting': return [finding('note', about, 'starting', `${name} is being connected.`, 'Wait a few seconds.')]
    case 'stopping': return [finding('note', about, 'stopping', `${name} is being disconnected.`, 'Wait a few seconds.')]
    case 'running':
    case 'waiting': return []
  }
}

function decoderFindings (id: string, { decoder }: CameraStatus): Finding[] {
  const about = `camera ${id}`
  return [
    ...decoder?.failure ? [finding('error', about, decoder.failure.code, decoder.failure.message, [], 'The camera sends pictures, but this machine makes none of them.')] : [],
    ...decoder?.overloaded
      ? [finding('warning', about, 'overloaded', `This machine decodes less than the camera sends: ${decoder.overloaded.picturesDropped} pictures were left out so far.`,
          'Use the camera\'s smaller stream, or lower its rate; see docs/guide/hardware.md.')]
      : []
  ]
}

function inputFindings (id: string, { input, state }: CameraStatus, now: number): Finding[] {
  if (!input || state !== 'running') return []
  const about = `camera ${id}`
  const { picturesDamaged, packetsLost, transport, keyIntervalMs, groupExceeded, cameraTime, reason } = input
  const clockOffMs = cameraTime === null ? 0 : Date.parse(cameraTime) - now
  return [
    ...input.damaged ? [finding('warning', about, 'damaged', 'Its pictures depend on something that was lost, until the next key picture.', lossAdvice(transport))] : [],
    ...!input.damaged && (picturesDamaged ?? 0) > 0
      ? [finding('note', about, 'packets-lost', `Pictures that were damaged since the connection began: ${picturesDamaged}${packetsLost ? `, by ${packetsLost} lost packets` : ''}.`, lossAdvice(transport))]
      : [],
    ...(keyIntervalMs ?? 0) > MAX_KEY_INTERVAL_MS || groupExceeded
      ? [finding('warning', about, 'key-interval', `Its key pictures (I-frames) are ${keyIntervalMs ? `${(keyIntervalMs / 1_000).toFixed(1)} s` : 'very far'} apart.`,
          'Have the camera send one each second or two.', 'A new viewer may have to wait for the next one, and damage stays for that long.')]
      : [],
    ...Math.abs(clockOffMs) > MAX_CLOCK_OFF_MS
      ? [finding('warning', about, 'camera-clock', `The camera's clock and this machine's differ by ${Math.round(Math.abs(clockOffMs) / 1_000)} s.`, 'Set it in the camera, or give the camera a time server.', 'What the camera writes into its picture has the wrong time.')]
      : [],
    ...reason === null ? [] : [finding('note', about, 'by-ffmpeg', `ffmpeg reads this camera, because camgate itself does not understand it: ${reason}.`)]
  ]
}

const lossAdvice = (transport: string | null): string => transport === 'udp'
  ? 'Its packets are lost on the way: write transport: tcp, or look at its network (Wi-Fi, a full switch).'
  : 'Look at its network: Wi-Fi, a full switch, a camera that sends more than its link carries.'
