import type { Camera } from '../config/registry.js'
import { MAX_CLOCK_OFF_MS } from '../probe/todo.js'
import { UDP_RECEIVE_BYTES } from '../rtsp-client/udp-listener.js'
import type { MachineFacts } from './facts.js'
import { finding, type Finding } from './finding.js'

const MIN_NODE = [20, 19] as const
const MIN_WATCHED_FOLDERS = 64
const MIN_FREE_BYTES = 100 * 1024 ** 2
/** Fewer places are soon taken: a page needs one or two, and each stream one. */
const MIN_VIEWERS = 64
const VIEWERS_PER_CAMERA = 2

/** What is wrong with the machine, for these cameras. `maxViewers`: how many the limit of open files leaves room for. Pure. */
export function machineFindings (facts: MachineFacts, cameras: ReadonlyArray<Pick<Camera, 'transport'>>, maxViewers: number): Finding[] {
  return [...nodeFindings(facts), ...limitFindings(facts, cameras, maxViewers), ...clockFindings(facts), ...diskFindings(facts)]
}

function nodeFindings ({ node }: MachineFacts): Finding[] {
  const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number)
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return []
  return [finding('error', 'node', 'old-node', `This is Node.js ${node}; camgate needs ${MIN_NODE.join('.')} or newer.`, 'Install a newer Node.js.')]
}

function limitFindings ({ udpReceiveBytes, watchedFolders }: MachineFacts, cameras: ReadonlyArray<Pick<Camera, 'transport'>>, maxViewers: number): Finding[] {
  const wanted = Math.max(MIN_VIEWERS, VIEWERS_PER_CAMERA * cameras.length)
  const byUdp = cameras.filter(({ transport }) => transport === 'udp').length
  return [
    ...maxViewers < wanted
      ? [finding('warning', 'limits', 'few-files', `The limit of open files leaves room for ${maxViewers} viewers beside ${cameras.length} cameras.`,
          'Raise it: ulimit -n 65536, LimitNOFILE=65536 in a systemd unit, --ulimit nofile=65536 for Docker.', 'Each viewer and each camera needs file descriptors.')]
      : [],
    ...byUdp > 0 && udpReceiveBytes !== undefined && udpReceiveBytes < UDP_RECEIVE_BYTES
      ? [finding('warning', 'limits', 'small-udp-buffer', `The system holds only ${Math.round(udpReceiveBytes / 1024)} kB of what arrives by UDP, and ${byUdp} cameras send by UDP.`,
          `sysctl -w net.core.rmem_max=${UDP_RECEIVE_BYTES}, and the same in /etc/sysctl.d.`, 'A key picture arrives all at once: what does not fit is lost.')]
      : [],
    ...watchedFolders !== undefined && watchedFolders < MIN_WATCHED_FOLDERS
      ? [finding('note', 'limits', 'few-watches', `The system watches only ${watchedFolders} files and folders of a user (fs.inotify.max_user_watches).`, 'Raise it, or go on: a change of cameras.yaml is then noticed after two seconds.')]
      : []
  ]
}

const clockFindings = ({ isSynchronised }: MachineFacts): Finding[] => isSynchronised === false
  ? [finding('note', 'clock', 'no-time-server', 'No time server sets the clock of this machine.', 'Install chrony, or turn on systemd-timesyncd; a container has the clock of its host.', 'Times in pictures, links that expire and tokens depend on it.')]
  : []

function diskFindings ({ state }: MachineFacts): Finding[] {
  if ('problem' in state) {
    return [finding('warning', 'disk', 'no-state-folder', state.problem, 'Make one of /var/lib/camgate and ~/.local/state writable, or name a folder with server.stateDir.', 'What was stopped by hand is then started again with camgate.')]
  }
  if (state.freeBytes >= MIN_FREE_BYTES) return []
  return [finding('warning', 'disk', 'disk-full', `Only ${Math.round(state.freeBytes / 1024 ** 2)} MB are free where camgate keeps its state (${state.path}).`, 'Make room on this disk.')]
}

/** If several cameras disagree with this machine by the same time, the machine is wrong. `offsetsMs`: how far each camera's clock is ahead. */
export function clockFindingsOf (offsetsMs: readonly number[]): Finding[] {
  const sorted = offsetsMs.filter(offset => Math.abs(offset) > MAX_CLOCK_OFF_MS).toSorted((one, other) => one - other)
  const [least = 0] = sorted
  const most = sorted.at(-1) ?? 0
  if (sorted.length < 2 || sorted.length < offsetsMs.length || most - least > MAX_CLOCK_OFF_MS) return []
  return [finding('warning', 'clock', 'wrong-clock', `The clocks of ${sorted.length} cameras agree with each other, and differ from this machine's by ${Math.round(Math.abs(least) / 1_000)} s.`, 'Set the clock of this machine, by a time server.')]
}
