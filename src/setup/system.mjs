// The kind of system, and how to install programs on it.
import { readFileSync } from 'node:fs'

/** The names in ID and ID_LIKE of /etc/os-release; empty without that file. */
function distribution () {
  try {
    return readFileSync('/etc/os-release', 'utf8').split('\n').filter(line => /^ID(_LIKE)?=/.test(line)).join(' ').replace(/ID(_LIKE)?=|"/g, '').split(' ')
  } catch {
    return []
  }
}

export const isDebianRoot = (names = distribution(), uid = process.getuid?.()) => uid === 0 && (names.includes('debian') || names.includes('ubuntu'))

/** The command that installs a package on this system. */
export function installCommand (/** @type {string} */ name, /** @type {string} */ platform = process.platform, names = distribution()) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  if (platform === 'darwin') return `brew install ${name}`
  if (platform === 'win32') return `winget install ${name}`
  if (names.includes('alpine')) return `${sudo}apk add ${name}`
  if (names.includes('arch')) return `${sudo}pacman -S ${name}`
  if (names.includes('fedora') || names.includes('rhel')) return `${sudo}dnf install ${name === 'ffmpeg' ? 'ffmpeg-free' : name}`
  if (names.includes('suse')) return `${sudo}zypper install ${name}`
  return `${sudo}apt-get install -y ${name}`
}
